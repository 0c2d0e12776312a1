/// Percent-encoding of text in URLs (RFC 3986, section 2.1).
enum PercentText {
  private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

  /// What may stand in a segment of a path (RFC 3986, section 3.3).
  private static let segment = unreserved.union("!$&'()*+,;=:@".utf8)

  /// All but unreserved characters encoded, so that the text can stand anywhere in a URL.
  static func encode(_ text: Text) -> [UInt8] { encode(text.utf8, but: unreserved) }

  /// As one segment of a path: slashes are encoded, and `.` and `..` too, which would lead elsewhere.
  static func encodeSegment(_ text: Text) -> [UInt8] {
    text == "." || text == ".." ? text.utf8.flatMap { _ in Array("%2E".utf8) } : encode(text.utf8, but: segment)
  }

  private static func encode(_ bytes: [UInt8], but kept: Set<UInt8>) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      if kept.contains(byte) {
        result.append(byte)
      } else {
        result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return result
  }

  /// Nil when a `%` is not followed by two hexadecimal digits or the result is not UTF-8. A `+` stays one.
  static func decode(_ text: Text) -> Text? {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        result.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
      result.append(high << 4 | low)
    }
    return UTF8Check.firstInvalid(in: result) == nil ? Text(validUTF8: result) : nil
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
