/// The places in a tree that comments can belong to: where elements start, where they end, and what is around a place.
///
/// An end is a place for a comment only where a printer can end the line after it.
struct CommentElements {
  struct Element {
    var start: UInt32
    var end: UInt32
  }

  /// Elements with something in them, as they nest: by start, the outermost first.
  private var elements: [Element] = []
  /// What is around each.
  private var parents: [Int?] = []
  private var starts: Set<UInt32> = []
  private var trails: Set<UInt32> = []
  private var ends: Set<UInt32> = []
  /// Where types end, which a `>` can follow that is no operator.
  private var typeEnds: Set<UInt32> = []
  /// Interpolated texts, whose comments stay in them.
  private var texts: [Element] = []
  private var sortedStarts: [UInt32] = []
  private var sortedEnds: [UInt32] = []

  init(_ declarations: [Declaration]) {
    for declaration in declarations { add(declaration) }
    elements.sort { ($0.start, $1.end) < ($1.start, $0.end) }
    texts.sort { $0.start < $1.start }
    var open: [Int] = []
    for (index, element) in elements.enumerated() {
      while let last = open.last, elements[last].end <= element.start { open.removeLast() }
      parents.append(open.last)
      open.append(index)
    }
    sortedStarts = starts.sorted()
    sortedEnds = ends.sorted()
  }

  // MARK: Asking

  /// Whether a comment after this offset belongs to what ends there.
  func canTrail(_ end: UInt32) -> Bool { trails.contains(end) }

  func isType(endingAt end: UInt32) -> Bool { typeEnds.contains(end) }

  func ends(at end: UInt32) -> Bool { ends.contains(end) }

  func isInText(_ offset: UInt32) -> Bool {
    guard let last = texts.lastIndex(startingBefore: offset) else { return false }
    return offset < texts[last].end
  }

  func firstStart(from offset: UInt32) -> UInt32? {
    var (low, high) = (0, sortedStarts.count)
    while low < high {
      let middle = (low + high) / 2
      if sortedStarts[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low < sortedStarts.count ? sortedStarts[low] : nil
  }

  func lastEnd(upTo offset: UInt32) -> UInt32? {
    var (low, high) = (0, sortedEnds.count)
    while low < high {
      let middle = (low + high) / 2
      if sortedEnds[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? sortedEnds[low - 1] : nil
  }

  /// The innermost element around an offset that a comment can stand before.
  func innermost(around offset: UInt32) -> Element? {
    var index = elements.lastIndex(startingBefore: offset)
    while let inner = index {
      if offset < elements[inner].end, starts.contains(elements[inner].start) { return elements[inner] }
      index = parents[inner]
    }
    return nil
  }

  // MARK: Adding

  /// - leads: whether a comment can stand before it
  /// - trails: whether one can stand after it
  mutating func add(_ range: SourceRange, leads: Bool = true, trails: Bool = true) {
    if range.isEmpty { return }
    if leads { starts.insert(range.start) }
    if trails { self.trails.insert(range.end) }
    ends.insert(range.end)
    elements.append(Element(start: range.start, end: range.end))
  }

  mutating func addType(endingAt end: UInt32) { typeEnds.insert(end) }

  mutating func addText(_ range: SourceRange) { texts.append(Element(start: range.start, end: range.end)) }

  /// No comment can follow this offset after all: what ends there goes on on its line.
  mutating func forbid(after end: UInt32) { trails.remove(end) }
}

extension [CommentElements.Element] {
  /// The last element that starts before an offset.
  fileprivate func lastIndex(startingBefore offset: UInt32) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].start < offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }
}
