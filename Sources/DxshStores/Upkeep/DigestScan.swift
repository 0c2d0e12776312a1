/// Finds digests, 64 hexadecimal digits, in bytes of any kind.
enum DigestScan {
  private static let length = 64

  /// Removes from a set those that the bytes hold.
  static func remove(from digests: inout Set<[UInt8]>, what bytes: [UInt8]) {
    var start = 0
    for position in 0...bytes.count {
      if position < bytes.count, isDigit(bytes[position]) { continue }
      // What precedes or follows a digest may be a digit by chance.
      if position - start >= length {
        for first in start...(position - length) { digests.remove(Array(bytes[first..<first + length])) }
      }
      start = position + 1
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}
