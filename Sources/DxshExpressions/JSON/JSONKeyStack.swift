/// The keys of objects that are being read, and what is known about the keys of those that were: the same keys come
/// again and again, and are made once.
struct JSONKeyStack {
  /// Lists of keys are remembered up to this length.
  private static let rememberedCount = 64

  private var stack: [MapKeys.Key] = []
  /// Keys that were read lately, by a small hash.
  private var recent = [MapKeys.Key](repeating: MapKeys.Key(.text("")), count: 256)
  /// Lists of keys that were read lately, by a small hash.
  private var known = [Known](repeating: Known(), count: 256)
  private(set) var shapes = JSONShapes()

  private struct Known {
    var keys = MapKeys.empty
    /// Once the list came twice.
    var shape: Int?
  }

  /// A key, unescaped.
  mutating func push(_ text: UnsafeBufferPointer<UInt8>) {
    let mark = KeyMark(text)
    let slot = Self.slot(of: mark.bits)
    if !recent[slot].isText(text, mark) {
      recent[slot] = MapKeys.Key(Text(validUTF8: Array(text)), mark)
    }
    stack.append(recent[slot])
  }

  /// The first keys of a shape.
  mutating func push(_ count: Int, of shape: Int) {
    stack.append(contentsOf: shapes.keys(of: shape).all.prefix(count))
  }

  /// The last keys; nil, and nothing is removed, when two are equal. The object begins at a position.
  mutating func pop(_ count: Int, likely start: Int, of bytes: UnsafeBufferPointer<UInt8>) -> MapKeys? {
    let all = stack[(stack.count - count)...]
    guard count <= Self.rememberedCount else {
      guard let keys = MapKeys(Array(all)) else { return nil }
      stack.removeLast(count)
      return keys
    }
    let slot = Self.slot(of: all.reduce(0) { ($0 &+ $1.mark.bits) &* 0x9E37_79B9_7F4A_7C15 })
    if known[slot].keys.count == count, zip(known[slot].keys.all, all).allSatisfy({ $0.isEqual(to: $1) }) {
      let shape = known[slot].shape ?? shapes.add(known[slot].keys)
      known[slot].shape = shape
      if let shape { shapes.expect(shape, for: start, of: bytes) }
    } else {
      guard let keys = MapKeys(Array(all)) else { return nil }
      known[slot] = Known(keys: keys)
    }
    stack.removeLast(count)
    return known[slot].keys
  }

  /// The last keys.
  mutating func popAll(_ count: Int) -> [MapKeys.Key] {
    defer { stack.removeLast(count) }
    return Array(stack[(stack.count - count)...])
  }

  private static func slot(of bits: UInt64) -> Int {
    Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) >> 56)
  }
}
