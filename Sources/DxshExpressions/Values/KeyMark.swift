/// A key in eight bytes: equal keys have equal marks, and marks of different keys are seldom equal.
///
/// Of a text the highest byte is the length, 254 for all that are longer. The others are the text itself when they hold
/// it, else its first three and its last four bytes. Other keys have the highest byte 255.
struct KeyMark: Equatable, Sendable {
  let bits: UInt64

  init(_ text: UnsafeBufferPointer<UInt8>) {
    let length = UInt64(truncatingIfNeeded: min(text.count, 254)) << 56
    guard text.count >= 8 else {
      var bits = length
      for (index, byte) in text.enumerated() { bits |= UInt64(byte) << UInt64(8 * index) }
      self.bits = bits
      return
    }
    let raw = UnsafeRawBufferPointer(text)
    let first = UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self))
    let last = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: text.count - 4, as: UInt32.self))
    self.bits = length | UInt64(last) << 24 | UInt64(first & 0xFF_FFFF)
  }

  init(_ key: Value) {
    switch MapKey(key) {
    case .string(let text): self = text.utf8.withUnsafeBufferPointer { KeyMark($0) }
    case .bool(let flag): self.init(other: flag ? 1 : 2)
    case .int(let number): self.init(other: UInt64(bitPattern: number))
    case .large(let number): self.init(other: number)
    case .other: self.init(other: 3)
    }
  }

  private init(other: UInt64) {
    self.bits = 255 << 56 | other & (1 << 56 - 1)
  }

  /// Whether the mark is the mark of one text only.
  var isWholeText: Bool { bits >> 56 < 8 }
}
