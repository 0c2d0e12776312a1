extension JSONReader {
  /// A number; the position is at its sign or first digit.
  mutating func readNumber() throws(JSONError) -> Value {
    let start = position
    let isNegative = bytes[position] == 0x2D
    if isNegative { position += 1 }
    let firstDigit = position
    var digits = Digits()
    takeDigits(&digits)
    guard position > firstDigit else { throw error("expected a digit, found \(found)") }
    guard position == firstDigit + 1 || bytes[firstDigit] != 0x30 else {
      throw error("a number may not begin with a zero", at: start)
    }
    guard position < bytes.count, bytes[position] == 0x2E || bytes[position] | 0x20 == 0x65 else {
      return try integer(digits, isNegative: isNegative, from: start)
    }
    let exponent = try readFractionAndExponent(&digits)
    guard let value = digits.double(exponent: exponent) ?? slowDouble(from: firstDigit), value.isFinite else {
      throw error("the number is out of the range of a double", at: start)
    }
    return .double(isNegative ? -value : value)
  }

  /// The decimal exponent of the digits; clamped, since anything beyond 10^6 is zero or infinite anyway.
  private mutating func readFractionAndExponent(_ digits: inout Digits) throws(JSONError) -> Int {
    var exponent = 0
    if bytes[position] == 0x2E {
      position += 1
      let first = position
      takeDigits(&digits)
      guard position > first else { throw error("expected a digit after the point, found \(found)") }
      exponent = first - position
    }
    guard position < bytes.count, bytes[position] | 0x20 == 0x65 else { return exponent }
    position += 1
    var isNegative = false
    if position < bytes.count, bytes[position] == 0x2B || bytes[position] == 0x2D {
      isNegative = bytes[position] == 0x2D
      position += 1
    }
    let first = position
    var written = 0
    while position < bytes.count, bytes[position] &- 0x30 < 10 {
      written = min(written * 10 + Int(bytes[position] &- 0x30), 1_000_000)
      position += 1
    }
    guard position > first else { throw error("expected a digit in the exponent, found \(found)") }
    return exponent + (isNegative ? -written : written)
  }

  private mutating func takeDigits(_ digits: inout Digits) {
    while position < bytes.count, bytes[position] &- 0x30 < 10 {
      digits.append(bytes[position] &- 0x30)
      position += 1
    }
  }

  private func integer(_ digits: Digits, isNegative: Bool, from start: Int) throws(JSONError) -> Value {
    if !digits.overflowed {
      if isNegative, digits.value <= UInt64(Int64.max) + 1 { return .int(Int64(truncatingIfNeeded: 0 &- digits.value)) }
      if !isNegative { return Int64(exactly: digits.value).map { .int($0) } ?? .uint(digits.value) }
    }
    throw error("the integer is out of range; with a fraction or an exponent it would be a double", at: start)
  }

  /// By the standard library, for what the quick way cannot round exactly.
  private func slowDouble(from start: Int) -> Double? {
    Double(String(decoding: bytes[start..<position], as: UTF8.self))
  }
}

/// The digits of a number as an integer, as long as they fit one.
private struct Digits {
  private(set) var value: UInt64 = 0
  private(set) var overflowed = false

  /// 10^0 … 10^22, which doubles hold exactly.
  private static let powers: [Double] = (0...22).map { power in (0..<power).reduce(1.0) { value, _ in value * 10 } }

  @inline(__always)
  mutating func append(_ digit: UInt8) {
    let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = tenfold.addingReportingOverflow(UInt64(digit))
    value = sum
    overflowed = overflowed || overflow || carry
  }

  /// The digits times 10^exponent, correctly rounded: both factors are exact doubles, so that the one operation
  /// rounds once (W. D. Clinger, "How to Read Floating Point Numbers Accurately"). Nil when they are not.
  func double(exponent: Int) -> Double? {
    guard !overflowed, value <= 1 << 53, abs(exponent) <= 22 else { return nil }
    let power = Self.powers[abs(exponent)]
    return exponent < 0 ? Double(value) / power : Double(value) * power
  }
}
