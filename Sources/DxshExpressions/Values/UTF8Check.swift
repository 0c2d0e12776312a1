/// Whether bytes are UTF-8 (RFC 3629: shortest forms, no surrogates, nothing above U+10FFFF).
package enum UTF8Check {
  /// The offset of the first byte that is not part of a valid code point; nil when all are.
  package static func firstInvalid(in bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { firstInvalid(in: $0) }
  }

  static func firstInvalid(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let raw = UnsafeRawBufferPointer(bytes)
    var position = 0
    while position < bytes.count {
      if bytes[position] < 0x80 {
        position += 1
        while position + 8 <= bytes.count,
          raw.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
          position += 8
        }
        continue
      }
      let length = length(of: bytes, at: position)
      guard length > 0 else { return position }
      position += length
    }
    return nil
  }

  /// The number of bytes of the code point at a position, 0 when there is no valid one.
  static func length(of bytes: [UInt8], at position: Int) -> Int {
    bytes.withUnsafeBufferPointer { length(of: $0, at: position) }
  }

  private static func length(of bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int {
    func isContinuation(_ offset: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
      guard position + offset < bytes.count else { return false }
      return bytes[position + offset] >= low && bytes[position + offset] <= high
    }
    let first = bytes[position]
    switch first {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: return isContinuation(1) ? 2 : 0
    case 0xE0...0xEF:
      let isSecond = isContinuation(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF)
      return isSecond && isContinuation(2) ? 3 : 0
    case 0xF0...0xF4:
      let isSecond = isContinuation(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF)
      return isSecond && isContinuation(2) && isContinuation(3) ? 4 : 0
    default: return 0
    }
  }
}
