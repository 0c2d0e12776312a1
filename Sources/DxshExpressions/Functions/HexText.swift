/// Bytes as hexadecimal digits, two each.
enum HexText {
  static func encode(_ bytes: [UInt8], uppercase: Bool = false) -> [UInt8] {
    let letter: UInt8 = uppercase ? 0x41 - 10 : 0x61 - 10
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : letter + value }
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return text
  }

  /// Nil when there is anything but digits, of either case, or an odd number of them.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    for position in stride(from: 0, to: text.count, by: 2) {
      guard let high = value(of: text[position]), let low = value(of: text[position + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x41 + 10
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
  }
}
