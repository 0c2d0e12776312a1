/// Which of a few slots remembers something, by its hash. A short text has few, so that reading it stays cheap.
struct JSONSlots {
  let count: Int
  private let shift: UInt64

  /// For a text of so many bytes: from 8 slots to 512.
  init(textSize: Int) {
    let bits = min(max(Int.bitWidth - (textSize / 64).leadingZeroBitCount, 3), 9)
    self.count = 1 << bits
    self.shift = UInt64(64 - bits)
  }

  @inline(__always)
  subscript(hash: UInt64) -> Int {
    Int(truncatingIfNeeded: Self.mixed(hash) >> shift)
  }

  /// Multiplication by the golden ratio brings every bit of a hash to the highest (D. E. Knuth, "The Art of Computer
  /// Programming", volume 3, section 6.4).
  @inline(__always)
  static func mixed(_ hash: UInt64) -> UInt64 {
    hash &* 0x9E37_79B9_7F4A_7C15
  }
}
