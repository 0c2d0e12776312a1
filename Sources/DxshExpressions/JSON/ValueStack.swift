/// The values of lists and objects that are being read, until their number is known.
///
/// Unsafe memory, and all of it is here: it lets values be moved into their lists without being counted. In segments,
/// so that nothing is copied when it grows, and so that what a long list leaves behind is freed while it is moved.
struct ValueStack: ~Copyable {
  private static let segmentLimit = 1 << 16

  /// Memory for values, those below `top` initialized.
  private struct Segment {
    let start: UnsafeMutablePointer<Value>
    let end: UnsafeMutablePointer<Value>
    var top: UnsafeMutablePointer<Value>

    init(capacity: Int) {
      self.start = .allocate(capacity: capacity)
      self.end = start + capacity
      self.top = start
    }
  }

  /// Full, but for the last elements of a list that is being moved out.
  private var earlier: [Segment] = []
  private var last = Segment(capacity: 32)

  deinit {
    for segment in earlier + [last] {
      segment.start.deinitialize(count: segment.top - segment.start)
      segment.start.deallocate()
    }
  }

  @inline(__always)
  mutating func push(_ value: consuming Value) {
    if last.top == last.end { grow() }
    last.top.initialize(to: value)
    last.top += 1
  }

  /// Removes the last values, which must be there, in their order.
  @inline(__always)
  mutating func pop(_ count: Int) -> [Value] {
    guard count <= last.top - last.start else { return popFromSegments(count) }
    last.top -= count
    return Array(Moved(place: last.top, underestimatedCount: count))
  }

  /// Fills the array from its end, so that each part of it takes memory only when a segment is about to be freed.
  private mutating func popFromSegments(_ count: Int) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { values, initialized in
      initialized = count
      guard let start = values.baseAddress else { return }
      var rest = count
      while true {
        let moved = min(rest, last.top - last.start)
        rest -= moved
        last.top -= moved
        (start + rest).moveInitialize(from: last.top, count: moved)
        if rest == 0 { break }
        last.start.deallocate()
        last = earlier.removeLast()
      }
    }
  }

  /// Moves values out of memory, each once. An array made from this is allocated with no look-up of its type.
  private struct Moved: Sequence, IteratorProtocol {
    var place: UnsafeMutablePointer<Value>
    var underestimatedCount: Int

    @inline(__always)
    mutating func next() -> Value? {
      guard underestimatedCount > 0 else { return nil }
      underestimatedCount -= 1
      defer { place += 1 }
      return place.move()
    }
  }

  private mutating func grow() {
    let capacity = min(2 * (last.end - last.start), Self.segmentLimit)
    earlier.append(last)
    last = Segment(capacity: capacity)
  }
}
