import HeapModule

/// Attempts that wait for a free place: the highest rank first, of equals the one that came first.
///
/// None starves: one that has been passed by `patience` times while it was the one that waited longest goes next.
/// Putting in, taking and dropping one cost the logarithm of how many wait.
struct ReadyQueue {
  static let patience = 64

  private struct Entry: Comparable {
    let rank: DispatchRank
    let number: Int
    let id: StepID

    /// Whether the left one goes later.
    static func < (left: Entry, right: Entry) -> Bool {
      left.rank == right.rank ? left.number > right.number : left.rank < right.rank
    }
    static func == (left: Entry, right: Entry) -> Bool { left.number == right.number }
  }

  /// What waits, each with the number of its entry; other entries are of what was dropped.
  private var waiting: [StepID: (number: Int, call: StepCall)] = [:]
  private var heap = Heap<Entry>()
  /// In the order in which they came, from `oldest` on.
  private var arrivals: [(number: Int, id: StepID)] = []
  private var oldest = 0
  private var count = 0
  /// How often the one that waits longest was passed by.
  private var passes = 0

  var isEmpty: Bool { waiting.isEmpty }

  /// In the order in which they came.
  var calls: [StepCall] { waiting.values.sorted { $0.number < $1.number }.map(\.call) }

  mutating func insert(_ call: StepCall, _ rank: DispatchRank) {
    count += 1
    waiting[call.id] = (count, call)
    heap.insert(Entry(rank: rank, number: count, id: call.id))
    arrivals.append((count, call.id))
  }

  /// One that waits here; nil for others.
  func call(_ id: StepID) -> StepCall? { waiting[id]?.call }

  /// Takes the one that goes next.
  mutating func popFirst() -> StepCall? {
    guard !waiting.isEmpty else { return nil }
    dropArrivalsThatLeft()
    let first = arrivals[oldest]
    if passes >= Self.patience {
      passes = 0
      return remove(first.id)
    }
    while let entry = heap.popMax() {
      guard waiting[entry.id]?.number == entry.number else { continue }
      passes = entry.number == first.number ? 0 : passes + 1
      return remove(entry.id)
    }
    preconditionFailure("what waits has an entry")
  }

  /// Takes one that is not wanted any more, or goes elsewhere; nil where it does not wait here.
  mutating func remove(_ id: StepID) -> StepCall? {
    guard let call = waiting.removeValue(forKey: id)?.call else { return nil }
    if waiting.isEmpty { self = ReadyQueue() }
    return call
  }

  private mutating func dropArrivalsThatLeft() {
    while waiting[arrivals[oldest].id]?.number != arrivals[oldest].number {
      oldest += 1
      passes = 0
    }
    if oldest > 1024, oldest > arrivals.count / 2 {
      arrivals.removeFirst(oldest)
      oldest = 0
    }
  }
}
