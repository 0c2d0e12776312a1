import DxshExpressions
import DxshTestSupport
import Testing

private let nines = String(repeating: "9", count: 34)
private let threes = String(repeating: "3", count: 34)

@Suite struct DecimalTests {
  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("-0.00", "0.00"), ("007", "7"), ("12.50", "12.50"), ("-12.50", "-12.50"),
    ("0.001", "0.001"), ("1e3", "1000"), ("1E+3", "1000"), ("1.25e1", "12.5"), ("1.5e-3", "0.0015"), ("0e9", "0"),
    ("0e-999999999999", "0." + zeros(100)), ("0e999999999999", "0"), (nines, nines), ("-" + nines, "-" + nines),
    ("0." + nines, "0." + nines), ("1e33", "1" + zeros(33)), ("1e-100", "0." + zeros(99) + "1"),
    (nines + "e-100", "0." + zeros(66) + nines), ("18446744073709551616", "18446744073709551616"),
    ("10000000000000000000.5", "10000000000000000000.5"), ("5000000000000000000e-19", "0.5000000000000000000"),
    // Zeros at the end that do not fit are dropped.
    ("1." + zeros(60), "1." + zeros(33)), ("0.5" + zeros(120), "0.5" + zeros(33)),
    ("1000e-103", "0." + zeros(99) + "1"),
    (nines + ".000", nines), ("1" + zeros(40) + "e-40", "1." + zeros(33)),
  ])
  func readingAndWriting(text: String, written: String) throws {
    let number = try #require(Decimal(text: text))
    #expect(number.text == written)
    #expect(try #require(Decimal(text: written)).isIdentical(to: number))
  }

  @Test(arguments: [
    "", "-", "+1", "--1", ".5", "5.", "1.e3", "1e", "1e+", "1e1.5", "e3", " 1", "1 ", "1\n", "1_000", "1,5", "0x10",
    "NaN", "Infinity", "１", "1e34", nines + "9", nines + ".5", "0." + nines + "1", "1e-101", "1.5e-100", "1e999999999",
    "1e-999999999", "1e" + String(repeating: "9", count: 100_000), String(repeating: "1", count: 1_000_000),
    "0." + zeros(1_000_000), zeros(1_000_000),
  ])
  func refusing(text: String) {
    #expect(Decimal(text: text) == nil)
  }

  @Test func partsOutOfTheirRange() {
    #expect(Decimal(coefficient: .max, scale: 0) == nil)
    #expect(Decimal(coefficient: 1, scale: -1) == nil)
    #expect(Decimal(coefficient: 1, scale: 101) == nil)
    #expect(Decimal(Int64.min).text == "-9223372036854775808")
    #expect(Decimal(UInt64.max).text == "18446744073709551615")
  }

  @Test(
    arguments: [
      ("1.50", "+", "1", "2.50"), ("1.50", "+", "-1.50", "0.00"), ("0.1", "+", "0.2", "0.3"),
      ("1", "-", "0.01", "0.99"),
      ("1.50", "*", "2.0", "3.000"), ("-3", "*", "0", "0"), ("3.00", "/", "2", "1.50"), ("1", "/", "4", "0.25"),
      ("100", "/", "0.5", "200"), ("1", "/", "3", "0." + threes),
      ("2", "/", "3", "0." + String(threes.map { _ in "6" }.joined().dropLast()) + "7"),
      ("0.00", "/", "5", "0.00"), ("1.000", "/", "1.0", "1.00"), ("-7", "/", "2", "-3.5"),
      // What 34 digits do not hold is rounded half-even.
      (nines, "+", "0.4", nines), (nines, "+", "-0.5", "9999999999999999999999999999999998"),
      (nines, "-", "0.6", "9999999999999999999999999999999998"),
      ("1", "+", "1e-100", "1." + zeros(33)), ("1", "-", "1e-100", "1." + zeros(33)),
      ("1e-100", "*", "0.5", "0." + zeros(100)),
      ("1e-100", "*", "0.51", "0." + zeros(99) + "1"), ("3e-100", "*", "0.5", "0." + zeros(99) + "2"),
      ("0." + nines, "+", "0." + zeros(34) + "5", "1." + zeros(33)), ("1e33", "*", "0.1", "1" + zeros(32) + ".0"),
      (nines, "/", nines, "1"), ("1e-67", "/", "1e33", "0." + zeros(99) + "1"),
      ("1e-100", "/", "1e33", "0." + zeros(100)),
      // 10^34 and more is out of range.
      (nines, "+", "1", nil), (nines, "+", "0.5", nil), ("-" + nines, "-", "1", nil), ("1e33", "*", "10", nil),
      (nines, "*", nines, nil), ("1e33", "/", "0.1", nil), (nines, "/", "1e-100", nil), ("1", "/", "0", nil),
      ("0", "/", "0.00", nil),
    ] as [(String, String, String, String?)])
  func arithmetic(left: String, symbol: String, right: String, result: String?) throws {
    let (a, b) = (try #require(Decimal(text: left)), try #require(Decimal(text: right)))
    let computed =
      switch symbol {
      case "+": a.adding(b)
      case "-": a.subtracting(b)
      case "*": a.multiplied(by: b)
      default: a.divided(by: b)
      }
    #expect(computed?.text == result)
    if symbol == "+" { #expect(b.adding(a)?.text == result) }
    if symbol == "*" { #expect(b.multiplied(by: a)?.text == result) }
  }

  @Test(arguments: [
    ("1.5", "1.50", Numbers.Order.equal), ("0", "-0.000", .equal), ("1", "1e-100", .greater), ("-1", "1e-100", .less),
    ("-1", "-1e-100", .less), (nines, "1e-100", .greater), ("0", "1e-100", .less), ("0", "-1e-100", .greater),
    ("1." + zeros(33), "1", .equal), (nines, "0." + nines, .greater), ("10", "9.9", .greater), ("9", "10.0", .less),
    ("0.10", "0.09", .greater), ("1e33", "1" + zeros(33), .equal), ("-2", "-1.99", .less),
  ])
  func order(left: String, right: String, order: Numbers.Order) throws {
    let (a, b) = (try #require(Decimal(text: left)), try #require(Decimal(text: right)))
    #expect(a.order(to: b) == order)
    #expect((a == b) == (order == .equal) && (a < b) == (order == .less) && (b < a) == (order == .greater))
    if order == .equal { #expect(a.hashValue == b.hashValue) }
  }

  /// The number in the six modes in the order of their declaration.
  @Test(
    arguments: [
      ("2.5", 0, ["2", "3", "3", "2", "2", "3"]), ("3.5", 0, ["4", "4", "4", "3", "3", "4"]),
      ("-2.5", 0, ["-2", "-3", "-3", "-2", "-3", "-2"]), ("2.51", 0, ["3", "3", "3", "2", "2", "3"]),
      ("2.49", 1, ["2.5", "2.5", "2.5", "2.4", "2.4", "2.5"]),
      ("0.001", 2, ["0.00", "0.00", "0.01", "0.00", "0.00", "0.01"]),
      ("-0.001", 2, ["0.00", "0.00", "-0.01", "0.00", "-0.01", "0.00"]),
      ("1250", -2, ["1200", "1300", "1300", "1200", "1200", "1300"]),
      ("1.5", 3, ["1.500", "1.500", "1.500", "1.500", "1.500", "1.500"]),
      ("9.99", 1, ["10.0", "10.0", "10.0", "9.9", "9.9", "10.0"]),
      (nines, -1, [nil, nil, nil, String(nines.dropLast()) + "0", String(nines.dropLast()) + "0", nil]),
      (nines, 5, [nines, nines, nines, nines, nines, nines]), ("1", Int.min, ["0", "0", nil, "0", "0", nil]),
      ("0", Int.min, ["0", "0", "0", "0", "0", "0"]), ("-1e-100", -34, ["0", "0", nil, "0", nil, "0"]),
      ("1", Int.max, Array(repeating: "1." + zeros(33), count: 6)),
      ("0", Int.max, Array(repeating: "0." + zeros(100), count: 6)),
      ("5e-100", -33, ["0", "0", "1" + zeros(33), "0", "0", "1" + zeros(33)]),
    ] as [(String, Int, [String?])])
  func rounding(text: String, digits: Int, results: [String?]) throws {
    let number = try #require(Decimal(text: text))
    for (mode, result) in zip(RoundingMode.allCases, results) {
      #expect(number.rounded(to: digits, mode)?.text == result, "\(mode)")
    }
  }

  @Test(arguments: [
    ("1.9", 1 as Int64?, 1.9), ("-1.9", -1, -1.9), ("0.1", 0, 0.1), ("9223372036854775807.9", .max, 0x1p63),
    ("-9223372036854775808.9", .min, -0x1p63), ("9223372036854775808", nil, 0x1p63), (nines, nil, 1e34),
    ("1e-100", 0, 1e-100), ("0.1000000000000000055511151231257828", 0, 0.1),
    ("9007199254740993", 9_007_199_254_740_993, 0x1p53),
  ])
  func asOtherNumbers(text: String, whole: Int64?, double: Double) throws {
    let number = try #require(Decimal(text: text))
    #expect(number.wholePart == whole)
    #expect(number.double == double)
  }

  @Test(
    arguments: [
      (0.5, "0.5"), (-0.0, "0"), (100, "100"), (1e22, "1" + zeros(22)), (0.1 + 0.2, "0.30000000000000004"),
      (1e-7, "0.0000001"), (9_007_199_254_740_992, "9007199254740992"), (0x1p63, "9223372036854776000"),
      (1e33, "1" + zeros(33)),
      (1e34, nil), (.nan, nil), (.infinity, nil), (.leastNonzeroMagnitude, nil), (-.greatestFiniteMagnitude, nil),
    ] as [(Double, String?)])
  func ofDoubles(number: Double, text: String?) {
    #expect(Decimal(shortest: number)?.text == text)
  }

  /// What holds for all numbers.
  @Test func randomNumbers() throws {
    var random = SeededGenerator(11)
    for _ in 0..<3000 {
      let (a, b) = (randomDecimal(&random), randomDecimal(&random))
      #expect(try #require(Decimal(text: a.text)).isIdentical(to: a))
      #expect(a.subtracting(a)?.isZero == true)
      #expect(
        a.order(to: b) == (try #require(a.subtracting(b) ?? (a < b ? a : b.negated)).order(to: .zero))
          || a.subtracting(b) == nil)
      #expect(a.adding(b)?.text == b.adding(a)?.text)
      if let product = a.multiplied(by: b) {
        #expect(product.isNegative == (a.isNegative != b.isNegative) || product.isZero)
      }
      #expect(a.withoutZeros == a && a.withoutZeros.hashValue == a.hashValue)
      if let padded = a.rounded(to: a.scale + 3) { #expect(padded == a && padded.hashValue == a.hashValue) }
    }
  }

  private func randomDecimal(_ random: inout SeededGenerator) -> Decimal {
    let digits = Int.random(in: 0...34, using: &random)
    var coefficient: UInt128 = 0
    for _ in 0..<digits { coefficient = coefficient * 10 + UInt128(UInt8.random(in: 0...9, using: &random)) }
    let scale = Int.random(in: 0...(Bool.random(using: &random) ? 4 : 100), using: &random)
    return Decimal(isNegative: .random(using: &random), coefficient: coefficient, scale: scale) ?? .zero
  }
}

/// So many zeros.
func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
