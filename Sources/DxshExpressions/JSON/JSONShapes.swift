/// Lists of keys as they stand in the text, so that an object with the keys of an earlier one is read by comparing.
///
/// Shapes are numbered and stay: there are at most `limit`.
struct JSONShapes {
  private static let limit = 1024
  /// Bytes behind `texts`, so that whole words of it can be loaded.
  private static let padding = 8

  private struct Shape {
    let keys: MapKeys
    /// In `ends`, of the end of what is before the first key.
    let firstEnd: Int
  }

  private let slots: JSONSlots
  private var shapes: [Shape] = []
  /// The keys of all shapes, each in its quotes.
  private var texts: [UInt8] = []
  private var ends: [Int] = []
  /// The shape of the last object whose text began in one way.
  private var expected: [Int] = []

  init(_ slots: JSONSlots) {
    self.slots = slots
  }

  func keys(of shape: Int) -> MapKeys { shapes[shape].keys }

  /// Nil when the shape has another number of keys.
  func keys(of shape: Int, count: Int) -> MapKeys? {
    shapes[shape].keys.count == count ? shapes[shape].keys : nil
  }

  /// Nil when there are too many, or a key would need escapes.
  mutating func add(_ keys: MapKeys) -> Int? {
    guard shapes.count < Self.limit, keys.all.allSatisfy(Self.isPlain) else { return nil }
    texts.removeLast(min(Self.padding, texts.count))
    shapes.append(Shape(keys: keys, firstEnd: ends.count))
    ends.append(texts.count)
    for case .string(let key) in keys.all.map(\.value) {
      texts.append(0x22)
      texts.append(contentsOf: key.utf8)
      texts.append(0x22)
      ends.append(texts.count)
    }
    texts.append(contentsOf: repeatElement(0, count: Self.padding))
    return shapes.count - 1
  }

  private static func isPlain(_ key: MapKeys.Key) -> Bool {
    guard case .string(let text) = key.value else { return false }
    return text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
  }
}

extension JSONShapes {
  /// The shape that an object probably has whose first key begins at a position.
  func likely(at position: Int, of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard !expected.isEmpty else { return nil }
    let shape = expected[slot(of: position, bytes)]
    return shape < 0 ? nil : shape
  }

  /// Remembers the shape of an object whose bracket is at a position.
  mutating func expect(_ shape: Int, for start: Int, of bytes: UnsafeBufferPointer<UInt8>) {
    if expected.isEmpty { expected = [Int](repeating: -1, count: slots.count) }
    guard let key = bytes[start...].firstIndex(of: 0x22) else { return }
    expected[slot(of: key, bytes)] = shape
  }

  /// A hash of the first key's first bytes.
  private func slot(of position: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard position + 9 <= bytes.count else { return 0 }
    let word = JSONWord.load(bytes, at: position + 1)
    let ends = JSONWord.quotes(of: word)
    let key = ends == 0 ? word : word & ((1 << UInt64(ends.trailingZeroBitCount & 56)) - 1)
    return slots[key]
  }

  /// The number of bytes of a key with its quotes, if it stands at the position; else 0.
  func length(ofKey key: Int, of shape: Int, at position: Int, of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard key < shapes[shape].keys.count else { return 0 }
    let end = shapes[shape].firstEnd + key
    let start = ends[end]
    let length = ends[end + 1] - start
    guard position + length + 8 <= bytes.count else { return 0 }
    return texts.withUnsafeBytes { texts in
      let raw = UnsafeRawBufferPointer(bytes)
      var offset = 0
      while true {
        let own = texts.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self)
        let other = raw.loadUnaligned(fromByteOffset: position + offset, as: UInt64.self)
        let difference = UInt64(littleEndian: own ^ other)
        let rest = length - offset
        if rest <= 8 { return difference << UInt64(8 * (8 - rest)) == 0 ? length : 0 }
        if difference != 0 { return 0 }
        offset += 8
      }
    }
  }
}
