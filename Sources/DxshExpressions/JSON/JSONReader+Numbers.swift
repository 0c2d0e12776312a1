extension JSONReader {
  /// A number; the position is at its sign or first digit.
  mutating func readNumber() throws(JSONError) -> Value {
    var number = Number(start: position)
    if bytes[position] == 0x2D {
      number.isNegative = true
      position += 1
    }
    let first = position
    number.takeDigits(&position, of: bytes)
    guard position > first else { throw error("expected a digit, found \(found)") }
    guard position == first + 1 || bytes[first] != 0x30 else {
      throw error("a number may not begin with a zero", at: number.start)
    }
    guard position < bytes.count, bytes[position] == 0x2E || bytes[position] | 0x20 == 0x65 else {
      return try integer(number)
    }
    number.exponent = try readFractionAndExponent(&number)
    switch options.fractions {
    case .double: return .double(try double(number))
    case .decimal: return .box(.decimal(try decimal(from: number.start)))
    }
  }

  /// What the digits of a number are, before the point and behind it.
  private struct Number {
    let start: Int
    var isNegative = false
    /// Their value modulo 2^64: right as long as there are up to 19.
    var digits: UInt64 = 0
    var count = 0
    /// The number is the digits times ten to this.
    var exponent = 0

    @inline(__always)
    mutating func takeDigits(_ position: inout Int, of bytes: UnsafeBufferPointer<UInt8>) {
      let first = position
      while position < bytes.count, bytes[position] &- 0x30 < 10 {
        digits = digits &* 10 &+ UInt64(bytes[position] &- 0x30)
        position += 1
      }
      count += position - first
    }

    /// Whether `digits` is right.
    func areDigitsExact(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
      if count <= 19 { return true }
      var digits = bytes[(isNegative ? start + 1 : start)...].lazy.filter { $0 != 0x2E }.prefix(count).makeIterator()
      var zeros = 0
      while digits.next() == 0x30 { zeros += 1 }
      return count - zeros <= 19
    }
  }

  /// The exponent of the digits; clamped, since anything beyond ±10^9 is zero or out of range anyway.
  private mutating func readFractionAndExponent(_ number: inout Number) throws(JSONError) -> Int {
    var exponent = 0
    if bytes[position] == 0x2E {
      position += 1
      let first = position
      number.takeDigits(&position, of: bytes)
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
      written = min(written * 10 + Int(bytes[position] &- 0x30), 1_000_000_000)
      position += 1
    }
    guard position > first else { throw error("expected a digit in the exponent, found \(found)") }
    return exponent + (isNegative ? -written : written)
  }
}

// MARK: - Integers

extension JSONReader {
  private mutating func integer(_ number: Number) throws(JSONError) -> Value {
    let digits = number.digits
    if number.count < 20 || isUInt64(number) {
      if !number.isNegative { return Int64(exactly: digits).map { .int($0) } ?? .uint(digits) }
      if digits <= UInt64(Int64.max) + 1 { return .int(Int64(truncatingIfNeeded: 0 &- digits)) }
    }
    switch options.largeIntegers {
    case .refused:
      throw error("the integer is out of range; with a fraction or an exponent it would be a double", at: number.start)
    case .text: return .string(Text(validUTF8: Array(UnsafeBufferPointer(rebasing: bytes[number.start..<position]))))
    case .decimal: return .box(.decimal(try decimal(from: number.start)))
    }
  }

  /// Of twenty digits: from 10^19 on, a number whose value modulo 2^64 is below 10^19 is 2^64 or more, and nothing
  /// below 2 · 10^19 comes around twice.
  private mutating func isUInt64(_ number: Number) -> Bool {
    let first = number.isNegative ? number.start + 1 : number.start
    return number.count == 20 && bytes[first] == 0x31 && number.digits >= 10_000_000_000_000_000_000
  }
}

// MARK: - Doubles

extension JSONReader {
  private mutating func double(_ number: Number) throws(JSONError) -> Double {
    guard let magnitude = quickDouble(number) ?? slowDouble(number), magnitude.isFinite else {
      throw error("the number is out of the range of a double", at: number.start)
    }
    return number.isNegative ? -magnitude : magnitude
  }

  /// 10^0 … 10^22, which doubles hold exactly.
  private static let powers: [Double] = (0...22).map { power in (0..<power).reduce(1.0) { value, _ in value * 10 } }

  /// 10^0 … 10^19, which fit an integer.
  private static let wholePowers: [UInt64] = (0...19).map { power in (0..<power).reduce(1) { value, _ in value * 10 } }

  /// Correctly rounded; nil when none of the quick ways is exact.
  private mutating func quickDouble(_ number: Number) -> Double? {
    guard number.areDigitsExact(in: bytes) else { return nil }
    let (digits, exponent) = (number.digits, number.exponent)
    // Both factors are exact doubles, so that the one operation rounds once (W. D. Clinger, "How to Read Floating
    // Point Numbers Accurately").
    if digits <= 1 << 53, exponent.magnitude <= 22 {
      let power = Self.powers[abs(exponent)]
      return exponent < 0 ? Double(digits) / power : Double(digits) * power
    }
    return exponent < 0 && exponent >= -19 ? Self.quotient(of: digits, by: Self.wholePowers[-exponent]) : nil
  }

  /// The quotient of two integers that are not zero, correctly rounded: from its first 63 or 64 bits, the last of them
  /// set when anything follows.
  private static func quotient(of dividend: UInt64, by divisor: UInt64) -> Double {
    let left = dividend.leadingZeroBitCount
    let right = divisor.leadingZeroBitCount
    let normalized = dividend << UInt64(left)
    // Times 2^63, so that the quotient fits.
    let (quotient, remainder) = (divisor << UInt64(right)).dividingFullWidth((normalized >> 1, normalized << 63))
    let scale = Double(bitPattern: UInt64(1023 + right - left - 63) << 52)
    return Double(remainder == 0 ? quotient : quotient | 1) * scale
  }

  /// By the standard library. It reads as many digits as decide how a double is rounded, not all of a million.
  private mutating func slowDouble(_ number: Number) -> Double? {
    let first = number.isNegative ? number.start + 1 : number.start
    return Double(String(decoding: bytes[first..<position], as: UTF8.self))
  }
}

// MARK: - Decimals

extension JSONReader {
  /// The number that begins at a position, with all its digits.
  private mutating func decimal(from start: Int) throws(JSONError) -> Decimal {
    guard position - start <= Decimal.longestText,
      let number = Decimal(utf8: Array(bytes[start..<position])[...])
    else {
      throw error("the number does not fit the 34 digits of a decimal", at: start)
    }
    return number
  }
}
