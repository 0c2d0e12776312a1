import DxshExpressions
import DxshTime
import Testing

@Suite struct ConversionFunctionsTests {
  private static let halfPast = Value.timestamp(Timestamp(seconds: 0, nanoseconds: 500_000_000) ?? .epoch)

  @Test(
    arguments: [
      ("0", Int64(0)), ("-0", 0), ("+7", 7), ("007", 7), ("-9223372036854775808", .min), ("9223372036854775807", .max),
      ("9223372036854775808", nil), ("", nil), ("-", nil), (" 1", nil), ("1 ", nil), ("1_000", nil), ("0x10", nil),
      ("1.0", nil), ("1e3", nil), ("１", nil), ("--1", nil), ("+-1", nil),
    ] as [(String, Int64?)])
  func intOfText(text: String, number: Int64?) { check("string_to_int64", text, number.map(Value.int)) }

  @Test(
    arguments: [
      ("0", UInt64(0)), ("0300", 300), ("18446744073709551615", .max), ("18446744073709551616", nil), ("+1", nil),
      ("-0", nil), ("-1", nil), ("", nil), (" 1", nil), ("1u", nil), ("1_0", nil),
    ] as [(String, UInt64?)])
  func uintOfText(text: String, number: UInt64?) { check("string_to_uint64", text, number.map(Value.uint)) }

  @Test(
    arguments: [
      ("0", 0.0), ("-0.0", -0.0), ("123", 123), ("+1.5", 1.5), (".5", 0.5), ("5.", 5), ("-84.32e7", -843_200_000),
      ("1E+2", 100), ("1.38e-23", 1.38e-23), ("1e-400", 0), ("4.9e-324", .leastNonzeroMagnitude), ("NaN", .nan),
      ("nan", .nan),
      ("Infinity", .infinity), ("-inf", -.infinity), ("+INF", .infinity), ("1e400", nil), ("-1e400", nil),
      ("-nan", nil), ("nan(1)", nil), ("0x1p3", nil), ("1_0.0", nil), ("", nil), (".", nil), ("e5", nil), ("1e", nil),
      ("1e+", nil), (" 1", nil), ("1 ", nil), ("1.2.3", nil), ("infinit", nil), ("1,5", nil), ("1d", nil),
    ] as [(String, Double?)])
  func doubleOfText(text: String, number: Double?) { check("string_to_double", text, number.map(Value.double)) }

  @Test(
    arguments: [
      ("1", true), ("t", true), ("T", true), ("true", true), ("TRUE", true), ("True", true), ("0", false), ("f", false),
      ("F", false), ("false", false), ("FALSE", false), ("False", false), ("tRUE", nil), ("yes", nil), ("", nil),
      (" true", nil), ("2", nil),
    ] as [(String, Bool?)])
  func boolOfText(text: String, truth: Bool?) { check("string_to_bool", text, truth.map(Value.bool)) }

  private func check(_ id: String, _ text: String, _ result: Value?) {
    if let result {
      CallCase(id, .text(text), gives: result).check()
    } else {
      CallCase(failing: id, .text(text)).check()
    }
  }

  @Test(arguments: [
    CallCase("uint64_to_int64", .uint(UInt64(Int64.max)), gives: .int(.max)),
    CallCase(failing: "uint64_to_int64", .uint(UInt64(Int64.max) + 1)),
    CallCase("double_to_int64", .double(-7.9), gives: .int(-7)),
    CallCase("double_to_int64", .double(-0.0), gives: .int(0)),
    CallCase("double_to_int64", .double(0x1p63.nextDown), gives: .int(9_223_372_036_854_774_784)),
    CallCase(failing: "double_to_int64", .double(0x1p63)),
    CallCase(failing: "double_to_int64", .double(-0x1p63)),
    CallCase(failing: "double_to_int64", .double(.nan)),
    CallCase(failing: "double_to_int64", .double(.infinity)),
    CallCase(failing: "double_to_int64", .int(1)),
    CallCase("int64_to_uint64", .int(.max), gives: .uint(UInt64(Int64.max))),
    CallCase(failing: "int64_to_uint64", .int(-1)),
    CallCase("double_to_uint64", .double(1.9), gives: .uint(1)),
    CallCase("double_to_uint64", .double(-0.0), gives: .uint(0)),
    CallCase("double_to_uint64", .double(0x1p64.nextDown), gives: .uint(18_446_744_073_709_549_568)),
    CallCase(failing: "double_to_uint64", .double(0x1p64)),
    CallCase(failing: "double_to_uint64", .double(-0.5)),
    CallCase(failing: "double_to_uint64", .double(.nan)),
    CallCase("int64_to_double", .int(.max), gives: .double(0x1p63)),
    CallCase("uint64_to_double", .uint(.max), gives: .double(0x1p64)),
    CallCase("bool_to_bool", .bool(true), gives: .bool(true)),
    CallCase(failing: "bool_to_bool", .int(1)),
    CallCase("string_to_bytes", .text("é"), gives: .bytes([0xC3, 0xA9])),
    CallCase("bytes_to_bytes", .bytes([1]), gives: .bytes([1])),
    CallCase("to_dyn", .list([.null]), gives: .list([.null])),
    CallCase("size_to_int64", .size(5), gives: .int(5)),
  ])
  func numbersAndBytes(_ call: CallCase) { call.check() }

  @Test(
    arguments: [
      (1.0, "1"), (-0.0, "-0"), (123.456, "123.456"), (-4.5e-3, "-0.0045"), (0.0001, "0.0001"), (0.00001, "1e-05"),
      (0.000123, "0.000123"), (1.5e-7, "1.5e-07"), (100_000, "100000"), (999_999.5, "999999.5"),
      (1_000_000, "1e+06"), (1_234_567.8, "1.2345678e+06"), (1e20, "1e+20"), (-1e100, "-1e+100"),
      (.leastNonzeroMagnitude, "5e-324"),
      (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (0.1 + 0.2, "0.30000000000000004"), (.nan, "NaN"),
      (.infinity, "+Inf"), (-.infinity, "-Inf"), (10, "10"), (120.5, "120.5"), (1.0 / 3, "0.3333333333333333"),
    ] as [(Double, String)])
  func textOfDouble(number: Double, text: String) {
    CallCase("cel_double_to_string", .double(number), gives: .text(text)).check()
    CallCase("string_to_double", .text(text), gives: .double(number)).check()
  }

  @Test func textOfAnyDoubleReadsBack() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let number = Double(bitPattern: random.next())
      CallCase("string_to_double", .text(celText(of: number)), gives: .double(number)).check()
    }
  }

  private func celText(of number: Double) -> String {
    let function = FunctionLibrary.function(withID: "cel_double_to_string")
    guard case .string(let text)? = try? function?.apply([.double(number)])
    else { return "" }
    return text.string
  }

  @Test(arguments: [
    CallCase("string_to_string", .text("a"), gives: .text("a")),
    CallCase("bool_to_string", .bool(false), gives: .text("false")),
    CallCase("int64_to_string", .int(.min), gives: .text("-9223372036854775808")),
    CallCase("uint64_to_string", .uint(.max), gives: .text("18446744073709551615")),
    CallCase("double_to_string", .double(1e6), gives: .text("1000000")),
    CallCase("timestamp_to_string", .timestamp(.epoch), gives: .text("1970-01-01T00:00:00Z")),
    CallCase("timestamp_to_string", halfPast, gives: .text("1970-01-01T00:00:00.500Z")),
    CallCase("cel_duration_to_string", .duration(.zero), gives: .text("0s")),
    CallCase("cel_duration_to_string", .duration(TimeSpan(nanoseconds: -1_500_000_000)), gives: .text("-1.500s")),
    CallCase("cel_duration_to_string", .duration(TimeSpan(nanoseconds: 10)), gives: .text("0.000000010s")),
    CallCase("cel_duration_to_string", .duration(TimeSpan(nanoseconds: 1_000_120_000)), gives: .text("1.000120s")),
    CallCase("duration_to_string", .duration(TimeSpan(nanoseconds: -1_500_000_000)), gives: .text("-1.5s")),
    CallCase("bytes_to_string", .bytes([0xC3, 0xA9, 0]), gives: .text("é\0")),
    CallCase("bytes_to_string", .bytes([]), gives: .text("")),
    CallCase(failing: "bytes_to_string", .bytes([0, 0xFF])),
    CallCase(failing: "bytes_to_string", .bytes([0xED, 0xA0, 0x80])),
    CallCase(failing: "string_to_string", .null),
  ])
  func texts(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("int64_to_timestamp", .int(0), gives: .timestamp(.epoch)),
    CallCase(failing: "int64_to_timestamp", .int(253_402_300_800)),
    CallCase(failing: "int64_to_timestamp", .int(-62_135_596_801)),
    CallCase(failing: "int64_to_timestamp", .int(.min)),
    CallCase("string_to_timestamp", .text("1970-01-01T00:00:00Z"), gives: .timestamp(.epoch)),
    CallCase(failing: "string_to_timestamp", .text("1970-01-01")),
    CallCase("timestamp_to_timestamp", .timestamp(.epoch), gives: .timestamp(.epoch)),
    CallCase("string_to_duration", .text("1d"), gives: .duration(TimeSpan(nanoseconds: 86_400_000_000_000))),
    CallCase("cel_string_to_duration", .text("1.5h"), gives: .duration(TimeSpan(nanoseconds: 5_400_000_000_000))),
    CallCase(failing: "cel_string_to_duration", .text("1")),
    CallCase(failing: "cel_string_to_duration", .text("1d")),
    CallCase("duration_to_duration", .duration(.zero), gives: .duration(.zero)),
    CallCase("timestamp_to_int64", .timestamp(.epoch), gives: .int(0)),
    CallCase(failing: "timestamp_to_int64", .duration(.zero)),
  ])
  func times(_ call: CallCase) { call.check() }

  @Test(arguments: [
    (Value.none, Type.optional(.dyn)), (.present(.none), .optional(.dyn)), (.null, .null), (.bool(true), .bool),
    (.int(1), .int), (.uint(1), .uint), (.double(1), .double), (.text(""), .string), (.bytes([]), .bytes),
    (.timestamp(.epoch), .timestamp), (.duration(.zero), .duration), (.ints(1), .list(.dyn)),
    (.map(.empty), .map(.dyn, .dyn)), (.box(.type(.int)), .type(.dyn)), (.box(.type(.type(.dyn))), .type(.dyn)),
    (.box(.ip(IPAddress(.v4, bits: 1))), .abstract("net.IP", [])),
  ])
  func types(value: Value, type: Type) { CallCase("type", value, gives: .box(.type(type))).check() }
}
