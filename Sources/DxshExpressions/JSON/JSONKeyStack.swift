/// The keys of objects that are being read, and what is known about the keys of those that were: the same keys come
/// again and again, and are made once.
struct JSONKeyStack {
  /// Lists of keys are remembered up to this length.
  private static let rememberedCount = 64

  private let slots: JSONSlots
  private var stack: [MapKeys.Key] = []
  /// Keys that were read lately; made for the first.
  private var recent: [MapKeys.Key] = []
  /// Lists of keys that were read lately; made for the first.
  private var known: [Known] = []
  private(set) var shapes: JSONShapes

  private struct Known {
    var keys: MapKeys?
    /// Once the list came twice.
    var shape: Int?
  }

  init(_ slots: JSONSlots) {
    self.slots = slots
    self.shapes = JSONShapes(slots)
  }

  /// A key, unescaped.
  mutating func push(_ text: UnsafeBufferPointer<UInt8>) {
    let mark = KeyMark(text)
    let slot = slots[mark.bits]
    if recent.isEmpty { recent = [MapKeys.Key](repeating: MapKeys.Key(.none), count: slots.count) }
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
    if known.isEmpty { known = [Known](repeating: Known(), count: slots.count) }
    let slot = slots[all.reduce(0) { JSONSlots.mixed($0 &+ $1.mark.bits) }]
    if let keys = known[slot].keys, keys.count == count, zip(keys.all, all).allSatisfy({ $0.isEqual(to: $1) }) {
      let shape = known[slot].shape ?? shapes.add(keys)
      known[slot].shape = shape
      if let shape { shapes.expect(shape, for: start, of: bytes) }
      stack.removeLast(count)
      return keys
    }
    guard let keys = MapKeys(Array(all)) else { return nil }
    known[slot] = Known(keys: keys)
    stack.removeLast(count)
    return keys
  }

  /// The last keys.
  mutating func popAll(_ count: Int) -> [MapKeys.Key] {
    defer { stack.removeLast(count) }
    return Array(stack[(stack.count - count)...])
  }
}
