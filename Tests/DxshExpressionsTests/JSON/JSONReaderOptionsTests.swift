import DxshExpressions
import Testing

@Suite struct JSONReaderOptionsTests {
  private func read(_ text: String, _ change: (inout JSONReader.Options) -> Void) throws -> Value {
    var options = JSONReader.Options()
    change(&options)
    return try JSONReader.read(Array(text.utf8), options)
  }

  private func decimal(_ text: String) throws -> Value { .box(.decimal(try #require(Decimal(text: text)))) }

  @Test func fractionsAsDecimalsKeepAllDigits() throws {
    let cases: [(String, Value)] = [
      ("0.1", try decimal("0.1")), ("12.50", try decimal("12.50")), ("-0.0", try decimal("0.0")),
      ("1e5", try decimal("100000")), ("1.5E-3", try decimal("0.0015")), ("7", .int(7)),
      ("18446744073709551615", .uint(.max)),
      ("0.1000000000000000055511151231257827", try decimal("0.1000000000000000055511151231257827")),
      ("12e-69", try decimal("0.000000000000000000000000000000000000000000000000000000000000000000012")),
    ]
    for (text, expected) in cases {
      #expect(try read("[\(text)]") { $0.fractions = .decimal }.isIdentical(to: .list([expected])), "\(text)")
    }
  }

  @Test(arguments: ["0.1000000000000000000000000000000000055", "1e35", "1e-6177", "1e99999999999999999999"])
  func fractionsThatNoDecimalHolds(text: String) {
    let error = #expect(throws: JSONError.self) { try read("[ \(text)]") { $0.fractions = .decimal } }
    #expect(error?.message == "the number does not fit the 34 digits of a decimal")
    #expect(error?.column == 3)
  }

  @Test(arguments: [
    "18446744073709551616", "-9223372036854775809", "100000000000000000000", "99999999999999999999",
    "-18446744073709551615", "123456789012345678901234567890",
  ])
  func largeIntegers(text: String) throws {
    #expect(throws: JSONError.self) { try read(text) { _ in } }
    #expect(try read(text) { $0.largeIntegers = .text }.isIdentical(to: .text(text)))
    #expect(try read(text) { $0.largeIntegers = .decimal }.isIdentical(to: decimal(text)))
  }

  @Test func everyIntegerOfSixtyFourBitsIsExact() throws {
    for text in ["9999999999999999999", "10000000000000000000", "18446744073709551614", "18446744073709551615"] {
      #expect(try read(text) { _ in }.isIdentical(to: .uint(#require(UInt64(text)))))
    }
    for text in ["-9223372036854775808", "9223372036854775807", "-999999999999999999", "1000000000000000000"] {
      #expect(try read(text) { _ in }.isIdentical(to: .int(#require(Int64(text)))))
    }
  }

  @Test(arguments: [3, 40])
  func repeatedKeysWhereTheLastWins(count: Int) throws {
    let keys = (0..<count).map { "\"k\($0)\":\($0)" }
    let text = "{\(keys.joined(separator: ",")),\"k1\":\"last\",\"\\u006b2\":[]}"
    #expect(throws: JSONError.self) { try read(text) { _ in } }
    guard case .map(let map) = try read(text, { $0.repeatedKeys = .lastWins }) else { return }
    #expect(map.keys.all.map(\.value) == (0..<count).map { .text("k\($0)") })
    #expect(map["k0"] == .int(0) && map["k1"] == .text("last") && map["k2"] == .list([]))
  }

  @Test func depth() throws {
    let nested = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    _ = try read(nested) { $0.depth = 100 }
    let error = #expect(throws: JSONError.self) { try read(nested) { $0.depth = 99 } }
    #expect(error?.message == "nested more than 99 deep")
    #expect(error?.column == 100)
    #expect(throws: JSONError.self) { try read("[]") { $0.depth = 0 } }
    #expect(try read("1") { $0.depth = 0 } == .int(1))
    let deepest = JSONReader.Options.deepest
    let beyond = String(repeating: "[", count: deepest + 1)
    let limit = #expect(throws: JSONError.self) { try read(beyond) { $0.depth = .max } }
    #expect(limit?.message == "nested more than \(deepest) deep")
  }

  @Test func size() throws {
    #expect(try read("[1,2]") { $0.byteLimit = 5 } == .list([.int(1), .int(2)]))
    let error = #expect(throws: JSONError.self) { try read("[1,2] ") { $0.byteLimit = 5 } }
    #expect(error?.description == "line 1, column 1: the text has 6 bytes, more than the limit of 5")
  }
}
