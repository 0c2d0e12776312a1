/// Eight bytes of JSON text, looked at in one go.
enum JSONWord {
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The high bits of bytes that are not ASCII.
  static let highBits = ones &* 0x80

  @inline(__always)
  static func load(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  /// The high bits of those bytes that are a quote, a backslash or a control character; perhaps of bytes above one of
  /// them too. The first byte is the lowest.
  @inline(__always)
  static func specialBytes(of word: UInt64) -> UInt64 {
    let quote = word ^ ones &* 0x22
    let backslash = word ^ ones &* 0x5C
    return ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word) & highBits
  }

  /// As `specialBytes`, of quotes alone.
  @inline(__always)
  static func quotes(of word: UInt64) -> UInt64 {
    let quote = word ^ ones &* 0x22
    return (quote &- ones) & ~quote & highBits
  }

  /// The position of the first byte that a string has only as an escape or as its end; else the end.
  @inline(__always)
  static func endOfRun(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    while end + 8 <= bytes.count {
      let special = specialBytes(of: load(bytes, at: end))
      if special != 0 { return end + special.trailingZeroBitCount / 8 }
      end += 8
    }
    while end < bytes.count, bytes[end] >= 0x20, bytes[end] != 0x22, bytes[end] != 0x5C { end += 1 }
    return end
  }
}
