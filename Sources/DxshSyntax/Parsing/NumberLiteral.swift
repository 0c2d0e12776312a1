/// The values of number, duration and size literals. The lexer has checked their form.
enum NumberLiteral {
  /// Decimal or `0x` digits; nil when the value needs more than 64 bits.
  static func integer(_ text: ArraySlice<UInt8>) -> UInt64? {
    let isHex = text.count > 2 && text[text.startIndex + 1] | 0x20 == UInt8(ascii: "x")
    let radix: UInt64 = isHex ? 16 : 10
    var value: UInt64 = 0
    for byte in isHex ? text.dropFirst(2) : text {
      let digit = isDigit(byte) ? byte - UInt8(ascii: "0") : (byte | 0x20) - UInt8(ascii: "a") + 10
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  /// `1h30m` in milliseconds, `64KiB` in bytes; nil when that does not fit 63 bits.
  static func quantity(_ text: ArraySlice<UInt8>) -> Int64? {
    var total: Int64 = 0
    for part in parts(text) {
      guard let amount = integer(part.digits), amount <= UInt64(Int64.max) else { return nil }
      let (product, overflow) = Int64(amount).multipliedReportingOverflow(by: part.factor)
      let (sum, carry) = total.addingReportingOverflow(product)
      if overflow || carry { return nil }
      total = sum
    }
    return total
  }

  /// Whether each unit of a duration is smaller than the one before.
  static func unitsDescend(_ text: ArraySlice<UInt8>) -> Bool {
    let factors = parts(text).map(\.factor)
    return zip(factors, factors.dropFirst()).allSatisfy { $0 > $1 }
  }

  private static func parts(_ text: ArraySlice<UInt8>) -> [(digits: ArraySlice<UInt8>, factor: Int64)] {
    var parts: [(digits: ArraySlice<UInt8>, factor: Int64)] = []
    var rest = text
    while !rest.isEmpty {
      let digits = rest.prefix(while: isDigit)
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { !isDigit($0) }
      rest = rest.dropFirst(letters.count)
      switch Unit(letters) {
      case .duration(let factor), .size(let factor): parts.append((digits, factor))
      case nil: return parts
      }
    }
    return parts
  }
}
