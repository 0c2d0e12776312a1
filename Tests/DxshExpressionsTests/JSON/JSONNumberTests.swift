import DxshExpressions
import DxshTestSupport
import Testing

@Suite struct JSONNumberTests {
  /// The quick ways to a double and the standard library's are the same.
  @Test func doublesAreRoundedAsByTheStandardLibrary() throws {
    var random = SeededGenerator(17)
    for _ in 0..<20_000 {
      let digits = String(
        UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0...63, using: &random))
      let point = Int.random(in: 1...digits.count, using: &random)
      let zeros = String(repeating: "0", count: Int.random(in: 0...4, using: &random))
      var text = "\(digits.prefix(point)).\(zeros)\(digits.dropFirst(point))0"
      if Bool.random(using: &random) { text += "e\(Int.random(in: -330...300, using: &random))" }
      guard let expected = Double(text), expected.isFinite else { continue }
      try expect("-\(text)", reads: -expected)
    }
  }

  /// Texts of doubles, and what lies exactly between two of them.
  @Test func doublesReadBack() throws {
    var random = SeededGenerator(18)
    for _ in 0..<20_000 {
      let number = Double(bitPattern: UInt64.random(in: 0..<UInt64(0x7FF) << 52, using: &random))
      let text = number.description
      try expect(text.contains(".") || text.contains("e") ? text : text + ".0", reads: number)
      let whole = UInt64.random(in: 1 << 53..<1 << 54, using: &random) | 1
      try expect("\(whole).0", reads: Double(whole))
      try expect("\(whole).5", reads: Double(whole + 1))
    }
  }

  @Test(arguments: [
    ("9007199254740993.0", 9_007_199_254_740_992), ("9007199254740993.00000000000000000000001", 9_007_199_254_740_994),
    ("0.1000000000000000055511151231257827", 0.1),
    ("179769313486231570000000000000000000000.0e270", 1.7976931348623157e308),
    ("2.2250738585072011e-308", .leastNormalMagnitude.nextDown), ("4.9406564584124654e-324", .leastNonzeroMagnitude),
    ("2.4703282292062327e-324", 0),
    ("0.00000000000000000000000000000000000000000000000123456789012345678e48", 1.2345678901234568), ("1e0", 1),
    ("1.7976931348623158e308", 1.7976931348623157e308), ("0e999999999999", 0),
  ])
  func corners(text: String, number: Double) throws {
    try expect(text, reads: number)
  }

  /// In time proportional to the digits; in a release build a number of ten million takes some 0.1 s.
  @Test func longNumbers() throws {
    let digits = String(repeating: "7", count: 50_000)
    let error = #expect(throws: JSONError.self) { try JSONReader.read(Array(digits.utf8)) }
    #expect((error?.message.utf8.count ?? .max) < 100)
    var options = JSONReader.Options()
    options.largeIntegers = .text
    #expect(try JSONReader.read(Array(digits.utf8), options) == .text(digits))
    try expect("0.\(digits)", reads: 0.7777777777777778)
    try expect("0.\(String(repeating: "0", count: 50_000))7e50001", reads: 7)
    try expect("\(digits)e-50000", reads: 0.7777777777777778)
    try expect("1.\(String(repeating: "0", count: 50_000))", reads: 1)
    #expect(throws: JSONError.self) { try JSONReader.read(Array("\(digits).5".utf8)) }
    #expect(throws: JSONError.self) { try JSONReader.read(Array("1e\(digits)".utf8)) }
  }

  private func expect(_ text: String, reads number: Double) throws {
    guard case .double(let read) = try JSONReader.read(Array(text.utf8)) else {
      Issue.record("\(text.prefix(40)) is no double")
      return
    }
    #expect(read.bitPattern == number.bitPattern, "\(text.prefix(40)) reads as \(read), not \(number)")
  }
}
