/// Decimals as text.
extension Decimal {
  /// A text that is longer is refused: it has more digits than any number, or needless ones.
  static let longestText = 200

  /// Digits with a point between them or none, a minus before them, an exponent behind them: `-12.50`, `1.25e3`, which
  /// is `1250`. Nil for anything else, and when the number has digits that a decimal does not hold; zeros behind the
  /// point that it does not hold are dropped.
  package init?(text: String) {
    guard text.utf8.count <= Self.longestText else { return nil }
    self.init(utf8: Array(text.utf8)[...])
  }

  init?(utf8: ArraySlice<UInt8>) {
    guard utf8.count <= Self.longestText else { return nil }
    let isNegative = utf8.first == UInt8(ascii: "-")
    var reader = DigitReader(utf8, from: utf8.startIndex + (isNegative ? 1 : 0))
    guard reader.takeDigits() else { return nil }
    var scale = 0
    if reader.take(UInt8(ascii: ".")) {
      let start = reader.position
      guard reader.takeDigits() else { return nil }
      scale = reader.position - start
    }
    if reader.take(UInt8(ascii: "e")) || reader.take(UInt8(ascii: "E")) {
      guard let exponent = reader.takeExponent() else { return nil }
      scale -= exponent
    }
    guard reader.position == utf8.endIndex else { return nil }
    self.init(isNegative, reader, scale: scale)
  }

  /// With the scale that is written, or the nearest to it that holds every digit but zeros at the end.
  private init?(_ isNegative: Bool, _ read: DigitReader, scale written: Int) {
    guard read.coefficient != 0 else {
      self.init(false, 0, scale: min(max(written, 0), Self.scaleLimit))
      return
    }
    /// Without the zeros at the end.
    let least = written - read.zeros
    let most = min(Self.scaleLimit, least + Self.digitLimit - read.digits)
    let scale = min(max(written, 0), most)
    guard scale >= max(least, 0) else { return nil }
    self.init(isNegative, read.coefficient * PowersOfTen[scale - least], scale: scale)
  }

  /// All its digits, without an exponent: `-12.50`.
  package var text: String { String(decoding: utf8, as: UTF8.self) }

  package var utf8: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(40)
    var rest = coefficient
    // Backwards, the point included; a number of 64 bits at a time is much faster to divide.
    repeat {
      let (quotient, group) =
        rest <= UInt128(UInt64.max / 2)
        ? (0, rest) : rest.quotientAndRemainder(dividingBy: 10_000_000_000_000_000_000)
      var (digits, written) = (UInt64(group), 0)
      while digits > 0 || quotient > 0 && written < 19 {
        if bytes.count == scale, scale > 0 { bytes.append(UInt8(ascii: ".")) }
        bytes.append(0x30 + UInt8(digits % 10))
        digits /= 10
        written += 1
      }
      rest = quotient
    } while rest > 0
    while bytes.count < scale { bytes.append(0x30) }
    if bytes.count == scale, scale > 0 { bytes.append(UInt8(ascii: ".")) }
    if bytes.isEmpty || bytes.last == UInt8(ascii: ".") { bytes.append(0x30) }
    if isNegative { bytes.append(UInt8(ascii: "-")) }
    bytes.reverse()
    return bytes
  }
}

/// Reads the parts of a decimal's text.
private struct DigitReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var position: Int
  /// What the digits up to the last one that is not zero say.
  private(set) var coefficient: UInt128 = 0
  /// How many digits the coefficient has.
  private(set) var digits = 0
  /// How many zeros followed.
  private(set) var zeros = 0

  init(_ bytes: ArraySlice<UInt8>, from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.endIndex, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func takeDigit() -> UInt8? {
    guard position < bytes.endIndex, bytes[position] &- 0x30 < 10 else { return nil }
    position += 1
    return bytes[position - 1] - 0x30
  }

  /// One digit at least; false when there is none, or more than 34 matter.
  mutating func takeDigits() -> Bool {
    let start = position
    while let digit = takeDigit() {
      if digit == 0 {
        // Zeros at the beginning do not count.
        if digits > 0 { zeros += 1 }
        continue
      }
      digits += zeros + 1
      guard digits <= Decimal.digitLimit else { return false }
      coefficient = coefficient * (zeros == 0 ? 10 : PowersOfTen[zeros + 1]) + UInt128(digit)
      zeros = 0
    }
    return position > start
  }

  /// A sign or none, and digits; anything beyond 10^6 counts as that, which is out of range anyway.
  mutating func takeExponent() -> Int? {
    let isNegative = take(UInt8(ascii: "-"))
    if !isNegative { _ = take(UInt8(ascii: "+")) }
    let start = position
    var exponent = 0
    while let digit = takeDigit() { exponent = min(exponent * 10 + Int(digit), 1_000_000) }
    guard position > start else { return nil }
    return isNegative ? -exponent : exponent
  }
}
