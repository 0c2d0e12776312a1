extension Text {
  /// The offset in bytes of the code point at a position, from 0 on; the end for the position behind the last code
  /// point, nil beyond.
  func offset(ofScalar position: Int) -> Int? {
    guard position > 0 else { return 0 }
    guard position <= utf8.count else { return nil }
    return utf8.withUnsafeBufferPointer { bytes in
      var left = position
      for offset in bytes.indices where bytes[offset] & 0xC0 != 0x80 {
        if left == 0 { return offset }
        left -= 1
      }
      return left == 0 ? bytes.count : nil
    }
  }

  /// How many code points stand before an offset in bytes.
  func scalarCount(before offset: Int) -> Int {
    utf8.withUnsafeBufferPointer { bytes in
      bytes[..<offset].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }
  }

  /// The text between two offsets that are between code points.
  func part(_ range: Range<Int>) -> Text { Text(validUTF8: Array(utf8[range])) }
}
