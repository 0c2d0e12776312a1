/// Comparison of bytes by eights.
enum ByteComparison {
  /// Bytes at the same place are equal without a look at them.
  @inline(__always)
  static func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return left.baseAddress == right.baseAddress || haveEqualBytes(left, right)
  }

  private static func haveEqualBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    let (count, raw, other) = (left.count, UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
    guard count >= 8 else {
      for index in 0..<count where left[index] != right[index] { return false }
      return true
    }
    var offset = 0
    while offset + 8 < count {
      if word(raw, offset) != word(other, offset) { return false }
      offset += 8
    }
    return word(raw, count - 8) == word(other, count - 8)
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}
