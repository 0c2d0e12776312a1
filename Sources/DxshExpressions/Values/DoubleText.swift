/// Doubles as CEL's conversions read and write them (CEL specification, "Type Conversions"; cel-go, which uses Go's
/// `strconv`).
enum DoubleText {
  /// What `double("…")` takes: decimal digits with a point and an exponent, `Inf`, `Infinity` and `NaN` in any case,
  /// without spaces; a sign before all but NaN. That is what cel-go and cel-cpp both take. Nil for anything else and
  /// beyond the range.
  static func parse(_ text: Text) -> Double? {
    var rest = text.utf8[...]
    let isNegative = rest.first == 0x2D
    let hasSign = isNegative || rest.first == 0x2B
    if hasSign { rest.removeFirst() }
    if let special = special(rest) {
      return hasSign && special.isNaN ? nil : isNegative ? -special : special
    }
    guard isDecimal(rest), let number = Double(text.string), number.isFinite else { return nil }
    return number
  }

  private static func special(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard bytes.count <= 8 else { return nil }
    return switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "inf", "infinity": .infinity
    case "nan": .nan
    default: nil
    }
  }

  /// `1`, `1.`, `.5`, `1.5e-10`
  private static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    let digits = dropDigits(&rest)
    var decimals = 0
    if rest.first == 0x2E {
      rest.removeFirst()
      decimals = dropDigits(&rest)
    }
    guard digits + decimals > 0 else { return false }
    if rest.first == 0x65 || rest.first == 0x45 {
      rest.removeFirst()
      if rest.first == 0x2B || rest.first == 0x2D { rest.removeFirst() }
      guard dropDigits(&rest) > 0 else { return false }
    }
    return rest.isEmpty
  }

  private static func dropDigits(_ bytes: inout ArraySlice<UInt8>) -> Int {
    let count = bytes.prefix { $0 &- 0x30 < 10 }.count
    bytes.removeFirst(count)
    return count
  }

  /// What plain CEL's `string(double)` gives: the shortest digits that read back, as Go's `%g` writes them: `1`,
  /// `0.0001`, `1e-05`, `123456.7`, `1e+06`, `NaN`, `+Inf`.
  static func format(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
    let sign = number.sign == .minus ? "-" : ""
    if number == 0 { return sign + "0" }
    let (digits, exponent) = shortest(number.magnitude)
    return sign + (exponent < -4 || exponent >= 6 ? scientific(digits, exponent) : positional(digits, exponent))
  }

  /// The fewest digits that read back, without zeros at either end, and the power of ten of the first one; the number
  /// is above 0 and finite.
  private static func shortest(_ number: Double) -> (digits: [UInt8], exponent: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var power = 0
    let text = Array(number.description.utf8)
    for (position, byte) in text.enumerated() {
      if byte == 0x65 {
        power = Int(String(decoding: text[(position + 1)...], as: UTF8.self)) ?? 0
        break
      }
      if byte == 0x2E { point = digits.count } else { digits.append(byte) }
    }
    let leading = digits.prefix { $0 == 0x30 }.count
    let exponent = (point ?? digits.count) - 1 - leading + power
    digits.removeFirst(leading)
    while digits.last == 0x30 { digits.removeLast() }
    return (digits, exponent)
  }

  /// `1.5e-07`
  private static func scientific(_ digits: [UInt8], _ exponent: Int) -> String {
    var text = Array(digits.prefix(1))
    if digits.count > 1 { text += [0x2E] + digits.dropFirst() }
    let power = String(exponent.magnitude)
    text += "e\(exponent < 0 ? "-" : "+")\(power.utf8.count < 2 ? "0" : "")\(power)".utf8
    return String(decoding: text, as: UTF8.self)
  }

  /// `1234.5`, `100`, `0.0001`
  private static func positional(_ digits: [UInt8], _ exponent: Int) -> String {
    func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x30, count: max(count, 0)) }
    var text: [UInt8]
    if exponent < 0 {
      text = [0x30, 0x2E] + zeros(-exponent - 1) + digits
    } else {
      text = digits.prefix(exponent + 1) + zeros(exponent + 1 - digits.count)
      if digits.count > exponent + 1 { text += [0x2E] + digits[(exponent + 1)...] }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
