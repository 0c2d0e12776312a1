/// Short texts that were read lately: a text that comes again shares its memory instead of having its own.
///
/// A text is kept when its hash comes twice in a row at one place, so that texts that never come again cost little.
struct JSONTexts {
  private static let lengthLimit = 32

  private struct Recent {
    var hash: UInt64 = 0
    var text: Text?
  }

  private let slots: JSONSlots
  private var recent: [Recent] = []

  init(_ slots: JSONSlots) {
    self.slots = slots
  }

  /// The bytes are valid UTF-8.
  @inline(__always)
  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) -> Text {
    if bytes.isEmpty { return "" }
    guard bytes.count <= Self.lengthLimit else { return Text(validUTF8: Array(bytes)) }
    return shortText(bytes)
  }

  private mutating func shortText(_ bytes: UnsafeBufferPointer<UInt8>) -> Text {
    if recent.isEmpty { recent = [Recent](repeating: Recent(), count: slots.count) }
    let hash = Self.hash(of: bytes)
    let slot = slots[hash]
    guard recent[slot].hash == hash else {
      recent[slot] = Recent(hash: hash)
      return Text(validUTF8: Array(bytes))
    }
    if let text = recent[slot].text, text.hasBytes(bytes) { return text }
    let text = Text(validUTF8: Array(bytes))
    recent[slot].text = text
    return text
  }

  /// Of one to 32 bytes.
  private static func hash(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    var hash = UInt64(truncatingIfNeeded: bytes.count)
    func mix(_ word: UInt64) {
      hash = JSONSlots.mixed(hash ^ word)
      hash ^= hash >> 29
    }
    if bytes.count >= 8 {
      var offset = 0
      while offset + 8 < bytes.count {
        mix(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
      }
      mix(raw.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
    } else if bytes.count >= 4 {
      let first = raw.loadUnaligned(as: UInt32.self)
      let last = raw.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)
      mix(UInt64(first) << 32 | UInt64(last))
    } else {
      mix(UInt64(bytes[0]) | UInt64(bytes[bytes.count / 2]) << 8 | UInt64(bytes[bytes.count - 1]) << 16)
    }
    return hash
  }
}
