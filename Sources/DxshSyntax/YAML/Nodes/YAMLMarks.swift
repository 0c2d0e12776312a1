/// Turns libyaml's places, which count Unicode scalars, into bytes.
///
/// Places come nearly in the order of the text, so it walks from the one before.
struct YAMLMarks {
  private let bytes: [UInt8]
  /// Of the byte order mark.
  private let first: Int
  private let isASCII: Bool
  private var scalar = 0
  private var byte: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    first = bytes.starts(with: EncodingCheck.byteOrderMark) ? EncodingCheck.byteOrderMark.count : 0
    byte = first
    isASCII = bytes.withUnsafeBufferPointer { all in !all.contains { $0 >= 0x80 } }
  }

  mutating func offset(of place: Int) -> UInt32 {
    if isASCII { return UInt32(min(place, bytes.count)) }
    bytes.withUnsafeBufferPointer { bytes in
      while scalar < place, byte < bytes.count {
        byte += 1
        while byte < bytes.count, bytes[byte] & 0xC0 == 0x80 { byte += 1 }
        scalar += 1
      }
      while scalar > place, byte > first {
        byte -= 1
        while byte > first, bytes[byte] & 0xC0 == 0x80 { byte -= 1 }
        scalar -= 1
      }
    }
    return UInt32(byte)
  }
}
