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

  /// What a duration or a size comes to.
  struct Quantity {
    /// In milliseconds or bytes; nil when that does not fit 63 bits.
    var total: Int64? = 0
    /// Whether each unit is smaller than the one before.
    var unitsDescend = true

    fileprivate mutating func add(_ amount: UInt64?, _ factor: Int64) {
      guard let before = total, let amount = amount.flatMap(Int64.init(exactly:)) else { return total = nil }
      let (product, overflow) = amount.multipliedReportingOverflow(by: factor)
      let (sum, carry) = before.addingReportingOverflow(product)
      total = overflow || carry ? nil : sum
    }
  }

  /// `1h30m`, `64KiB`
  static func quantity(_ text: ArraySlice<UInt8>) -> Quantity {
    var quantity = Quantity()
    var last = Int64.max
    var rest = text
    while !rest.isEmpty {
      let unit = rest.firstIndex { !isDigit($0) } ?? rest.endIndex
      let end = rest[unit...].firstIndex(where: isDigit) ?? rest.endIndex
      let factor: Int64
      switch Unit(rest[unit..<end]) {
      case .duration(let milliseconds): factor = milliseconds
      case .size(let bytes): factor = bytes
      case nil: return quantity
      }
      quantity.add(integer(rest[..<unit]), factor)
      if factor >= last { quantity.unitsDescend = false }
      last = factor
      rest = rest[end...]
    }
    return quantity
  }
}
