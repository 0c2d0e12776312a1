import DxshExpressions
import DxshTime
import Testing

/// `format` (cel-spec, `doc/extensions/strings.md`).
@Suite struct FormatTests {
  private static func map(_ entries: (Value, Value)...) -> Value {
    .map(MapValue(distinct: entries.map { .init(key: $0.0, value: $0.1) }))
  }

  private func check(_ format: String, _ arguments: [Value], _ expected: String) throws {
    try FunctionCase("string_format", .text(format), .list(arguments), gives: .text(expected)).check()
  }

  private static let clauseCases: [(String, [Value], String)] = [
    ("", [], ""), ("no clause", [], "no clause"), ("%% and %%", [], "% and %"), ("%%%s%%", [.text("é")], "%é%"),
    ("%d %d, %s", [.int(1), .int(2), .text("A")], "1 2, A"), ("%s", [.int(1), .int(2)], "1"),
    ("é%dé", [.int(7)], "é7é"),
    ("%d", [.int(.min)], "-9223372036854775808"), ("%d", [.uint(.max)], "18446744073709551615"),
    ("%d", [.double(3.14)], "3.14"), ("%d", [.double(3)], "3"), ("%d", [.double(.nan)], "NaN"),
    ("%d", [.double(.infinity)], "Infinity"), ("%d", [.double(-.infinity)], "-Infinity"), ("%.3d", [.int(5)], "5"),
    ("%b", [.int(5)], "101"), ("%b", [.int(-5)], "-101"), ("%b", [.uint(64)], "1000000"), ("%b", [.bool(true)], "1"),
    ("%b", [.bool(false)], "0"), ("%b", [.int(.min)], "-1" + String(repeating: "0", count: 63)),
    ("%o", [.int(11)], "13"),
    ("%o", [.int(-11)], "-13"), ("%o", [.uint(65535)], "177777"), ("%x", [.int(30)], "1e"), ("%X", [.int(30)], "1E"),
    ("%x", [.int(-30)], "-1e"), ("%X", [.uint(6000)], "1770"), ("%x", [.int(.min)], "-8000000000000000"),
    ("%x", [.text("Hello é")], "48656c6c6f20c3a9"), ("%X", [.bytes([0, 0xAB])], "00AB"), ("%x", [.bytes([])], ""),
  ]

  @Test(arguments: clauseCases)
  func clauses(format: String, arguments: [Value], expected: String) throws {
    try check(format, arguments, expected)
  }

  private static let doubleCases: [(String, Double, String)] = [
    ("%f", 2.71828, "2.718280"), ("%.3f", 1.2345, "1.234"), ("%.0f", 1.5, "2"), ("%.0f", 2.5, "2"), ("%.0f", 0.5, "0"),
    ("%.0f", 3.4999, "3"), ("%.3f", 123.4999, "123.500"), ("%.3f", -123.4994, "-123.499"), ("%.1f", 0.25, "0.2"),
    ("%.1f", 0.35, "0.3"), ("%.2f", 1.005, "1.00"), ("%.2f", 2.675, "2.67"), ("%f", -0.0, "-0.000000"),
    ("%.20f", 0.1, "0.10000000000000000555"), ("%f", 1e22, "10000000000000000000000.000000"), ("%f", .nan, "NaN"),
    ("%f", .infinity, "Infinity"), ("%.2f", -.infinity, "-Infinity"), ("%.001f", 2.0, "2.0"),
    ("%e", 2.71828, "2.718280e+00"), ("%.6e", 1052.032911275, "1.052033e+03"), ("%.0e", 2.5, "2e+00"),
    ("%.1e", -3.14, "-3.1e+00"), ("%e", .leastNonzeroMagnitude, "4.940656e-324"), ("%e", 0.0, "0.000000e+00"),
    ("%e", .nan, "NaN"),
    ("%e", -.infinity, "-Infinity"), ("%s", 3.14, "3.14"), ("%s", 3.0, "3"), ("%s", -0.0, "-0"), ("%s", 100.0, "100"),
    ("%s", 2e-9, "0.000000002"), ("%s", 1e21, "1000000000000000000000"), ("%s", 1.5e17, "150000000000000000"),
    ("%s", 123456.789, "123456.789"), ("%s", .nan, "NaN"), ("%s", -.infinity, "-Infinity"),
    ("%s", 1.2345678901234567e19, "12345678901234567000"), ("%s", -1.25e-5, "-0.0000125"),
  ]

  @Test(arguments: doubleCases)
  func doubles(format: String, number: Double, expected: String) throws {
    try check(format, [.double(number)], expected)
  }

  @Test func extremes() throws {
    try check("%f", [.int(2)], "2.000000")
    try check("%.2f %.0e", [.uint(3), .int(-1052)], "3.00 -1e+03")
    let largest = NumberOfDigits.of(try call("%s", [.double(.greatestFiniteMagnitude)]))
    #expect(largest == 309)
    #expect(NumberOfDigits.of(try call("%.1000f", [.double(-.greatestFiniteMagnitude)])) == 309 + 2 + 1000)
    #expect(NumberOfDigits.of(try call("%s", [.double(.leastNonzeroMagnitude)])) == 326)
  }

  private enum NumberOfDigits {
    static func of(_ value: Value) -> Int { if case .string(let text) = value { text.utf8.count } else { -1 } }
  }

  private func call(_ format: String, _ arguments: [Value]) throws -> Value {
    try #require(FunctionLibrary.function(withID: "string_format")).apply([.text(format), .list(arguments)])
  }

  private static let valueCases: [(Value, String)] = [
    (Value.null, "null"), (.bool(true), "true"), (.int(-1), "-1"), (.uint(1), "1"), (.text("é"), "é"),
    (.bytes(Array("xyz".utf8)), "xyz"), (.bytes([0x61, 0xFF, 0xFE, 0x62, 0xC3]), "a\u{fffd}b\u{fffd}"),
    (.bytes([0xF0, 0x9F, 0x98, 0x80]), "😀"), (.size(64 << 20), "64MiB"),
    (.duration(TimeSpan(nanoseconds: 6_347_000_000_000)), "6347s"),
    (.duration(TimeSpan(nanoseconds: 2)), "0.000000002s"),
    (.duration(TimeSpan(nanoseconds: -1_500_000_000)), "-1.5s"), (.duration(.zero), "0s"),
    (.list([]), "[]"), (.list([.text("a"), .double(3.14), .null, .list([.int(9)])]), "[a, 3.14, null, [9]]"),
    (map(), "{}"),
    (
      map((.text("k2"), .bool(true)), (.text("k1"), .list([.int(1)])), (.text("k10"), .null)),
      "{k1: [1], k10: null, k2: true}"
    ),
    (map((.text("strKey"), .text("x")), (.bool(true), .int(42)), (.int(6), .uint(5))), "{6: 5, strKey: x, true: 42}"),
    (.record(RecordValue(RecordShape(["b", "a", "c"]), [.int(1), .text("x"), .none])), "{a: x, b: 1}"),
    (.box(.type(.string)), "string"), (.box(.type(.list(.dyn))), "list"), (.box(.type(.null)), "null_type"),
    (.box(.type(.timestamp)), "google.protobuf.Timestamp"), (.box(.type(.type(.int))), "type"),
    (.box(.type(.abstract("net.IP", []))), "net.IP"),
  ]

  @Test(arguments: valueCases)
  func values(value: Value, expected: String) throws {
    try check("<%s>", [value], "<\(expected)>")
    try check("%s", [.list([value])], "[\(expected)]")
  }

  private static let times: [(String, String)] = [
    ("2023-02-03T23:31:20Z", "2023-02-03T23:31:20Z"), ("2023-02-03T23:31:20.250Z", "2023-02-03T23:31:20.25Z"),
    ("2023-02-03T23:31:20.000000001+01:00", "2023-02-03T22:31:20.000000001Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
  ]

  @Test(arguments: times)
  func timestamps(time: String, expected: String) throws {
    try check("%s", [.timestamp(try #require(Timestamp(text: time)))], expected)
  }

  private static let refusals: [(String, [Value], String)] = [
    ("%a", [Value.int(1)], "there is no clause `%a`"), ("%E", [.double(1)], "there is no clause `%E`"),
    ("%é", [.int(1)], "there is no clause `%é`"), ("% d", [.int(1)], "there is no clause `% `"),
    ("x %", [.int(1)], "it ends within a clause"), ("%.34", [.int(1)], "it ends within a clause"),
    ("%.f", [.double(1)], "behind `%.` stands a number"), ("%.-1f", [.double(1)], "behind `%.` stands a number"),
    ("%.1001f", [.double(1)], "a precision is at most 1000"),
    ("%.99999999999999999999f", [.double(1)], "a precision is at most 1000"),
    ("%d %d %d", [.int(0), .int(1)], "more clauses than the 2 arguments"), ("%s", [], "more clauses than the 0"),
    ("%d", [.null], "`%d` takes an int, uint or double, not null"), ("%d", [.text("1")], "`%d` takes"),
    ("%d", [.duration(.zero)], "`%d` takes"), ("%f", [.text("NaN")], "`%f` takes an int, uint or double"),
    ("%e", [.bool(true)], "`%e` takes an int, uint or double"), ("%b", [.text("a")], "`%b` takes an int, uint or bool"),
    ("%b", [.double(1)], "`%b` takes"), ("%o", [.bool(true)], "`%o` takes an int or uint"),
    ("%x", [.double(0.5)], "`%x` takes an int, uint, string or bytes"), ("%X", [.null], "`%X` takes"),
    ("%s", [.none], "`%s` takes a value that has a text, not none"),
    ("%s", [.list([.box(.optional(.int(1)))])], "`%s` takes a value that has a text, not an optional"),
  ]

  @Test(arguments: refusals)
  func refusing(format: String, arguments: [Value], message: String) throws {
    try FunctionCase("string_format", .text(format), .list(arguments), fails: message).check()
  }

  @Test(arguments: [
    FunctionCase("string_format", .text("%s"), .int(1), fails: "`format` does not take \"%s\", 1"),
    FunctionCase("string_format", .int(1), .list([]), fails: "`format` does not take 1"),
  ])
  func otherKinds(call: FunctionCase) throws { try call.check() }

  @Test func nestingIsLimited() throws {
    var value = Value.int(1)
    for _ in 0..<1000 { value = .list([value]) }
    #expect(NumberOfDigits.of(try call("%s", [value])) == 2001)
    let error = #expect(throws: EvaluationError.self) { try call("%s", [.list([value])]) }
    #expect(error?.kind == .limit)
  }
}
