import DxshSyntax

/// Where the text of a module could not be read as it was meant: the items and declarations with a mistake of the text
/// in them.
///
/// What the reader made of such an item is a guess, so nothing but its first mistake is told of it, and what it binds
/// has no known type: one mistake is one diagnostic.
struct Damage {
  /// What is damaged: the innermost items with a mistake, and declarations where it is in no item. Sorted, disjoint.
  private(set) var parts: [SourceRange] = []
  /// Those among them that may have swallowed what follows, and the names bound there.
  private var greedy: [SourceRange] = []

  init(_ module: Module, _ mistakes: [Diagnostic]) {
    if mistakes.contains(where: { $0.code == .badYAML }) {
      // What follows was not read at all.
      parts = [SourceRange(file: module.file, start: 0, end: .max)]
      greedy = parts
      return
    }
    var found: Set<SourceRange> = []
    for mistake in mistakes where mistake.isOfBrokenText {
      let part = module.innermostPart(at: mistake.range)
      found.insert(part)
      if mistake.rankAsCause != nil { greedy.append(part) }
    }
    for part in found.sorted(by: { ($0.start, $1.end) < ($1.start, $0.end) }) {
      if parts.last?.contains(part) != true { parts.append(part) }
    }
  }

  /// Whether a range begins in a damaged part.
  func contains(_ range: SourceRange) -> Bool {
    if parts.isEmpty { return false }
    let next = parts.partitioningIndex { $0.start > range.start }
    return parts[..<next].last.map { range.file == $0.file && range.start < $0.end } ?? false
  }

  /// Whether names that are bound in a range may have been swallowed.
  func mayHide(namesIn range: SourceRange) -> Bool {
    greedy.contains { $0.start < range.end && range.start < $0.end }
  }

  /// The mistakes of a text without those that others have led to: in an item with a string or a bracket that is not
  /// closed, that alone.
  static func withoutConsequences(_ mistakes: [Diagnostic], in module: Module, of file: SourceFile) -> [Diagnostic] {
    if mistakes.contains(where: { $0.code == .badYAML }) { return withoutBrokenYAML(mistakes, of: file) }
    var causes: [SourceRange: Int] = [:]
    let parts = mistakes.map { $0.isOfBrokenText ? module.innermostPart(at: $0.range) : nil }
    for (number, mistake) in mistakes.enumerated() {
      guard let part = parts[number], let rank = mistake.rankAsCause else { continue }
      if let known = causes[part], mistakes[known].rankAsCause ?? 0 >= rank { continue }
      causes[part] = number
    }
    return mistakes.enumerated().filter { number, _ in
      guard let part = parts[number], let cause = causes[part] else { return true }
      return cause == number
    }.map(\.element)
  }
}

extension Damage {
  /// A line that is no YAML is most often the consequence of a mistake on it or on the line before, which says more.
  private static func withoutBrokenYAML(_ mistakes: [Diagnostic], of file: SourceFile) -> [Diagnostic] {
    let lines = LineIndex(file)
    let places = mistakes.map { lines.position(of: Int($0.range.start)).line }
    let isTab = { (mistake: Diagnostic) in
      mistake.code == .badYAML && file.bytes[Int(mistake.range.start)...].first == UInt8(ascii: "\t")
    }
    if let tab = mistakes.first(where: isTab) { return [tab] }
    // What is missing may stand where nothing was read.
    let others = mistakes.indices.filter { mistakes[$0].code != .badYAML && mistakes[$0].code != .missingKey }
    return mistakes.enumerated().filter { number, mistake in
      guard mistake.code == .badYAML else { return mistake.code != .missingKey }
      let line = places[number]
      return !others.contains { mistakes[$0].severity == .error && line - 1...line ~= places[$0] }
    }.map(\.element)
  }
}

extension Diagnostic {
  /// Whether it tells of a text that could not be read to its end.
  fileprivate var isOfBrokenText: Bool {
    switch code {
    case .unexpectedToken, .unclosedDelimiter, .badString: true
    default: false
    }
  }

  /// How likely it is the cause of the others in its item; nil where it causes none.
  fileprivate var rankAsCause: Int? {
    switch code {
    case .badString: 2
    case .unclosedDelimiter: 1
    default: nil
    }
  }
}

extension Module {
  /// The innermost item that a range begins in, or the declaration.
  fileprivate func innermostPart(at range: SourceRange) -> SourceRange {
    // In the YAML form they stand in any order.
    let before = declarations.filter { $0.range.start <= range.start }
    guard let declaration = before.max(by: { $0.range.start < $1.range.start }) else { return range }
    guard case .workflow(let workflow) = declaration else { return declaration.range }
    for block in [workflow.body, workflow.finally].compactMap({ $0 }) {
      if let part = block.innermostItem(at: range.start) { return part }
    }
    if workflow.body.range.isEmpty || range.start >= workflow.body.range.start { return declaration.range }
    // Its header alone.
    return SourceRange(file: file, start: declaration.range.start, end: workflow.body.range.start)
  }
}

extension Block {
  /// The innermost item that an offset is in, or is just behind.
  fileprivate func innermostItem(at offset: UInt32) -> SourceRange? {
    guard range.start <= offset, offset <= range.end else { return nil }
    let index = items.partitioningIndex { $0.range.start > offset }
    guard index > 0 else { return nil }
    let item = items[index - 1]
    for block in item.blocks {
      if let inner = block.innermostItem(at: offset) { return inner }
    }
    if item.range.end >= offset { return item.range }
    // What follows an item up to the next one was not read: most often it belongs to it.
    return SourceRange(file: range.file, start: item.blocks.isEmpty ? item.range.start : offset, end: offset + 1)
  }
}

extension Item {
  /// The blocks directly inside.
  var blocks: [Block] {
    switch self {
    case .conditional(let item): [item.thenBlock] + (item.elseBlock.map { [$0] } ?? [])
    case .selection(let item): item.arms.map(\.body)
    case .loop(let item): [item.body]
    case .iteration(let item): [item.body]
    case .sequence(let item): [item.body]
    case .attempt(let item): [item.body, item.handler]
    case .letBinding, .step, .wait, .approval, .assertion, .failure, .output, .unreadable: []
    }
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first index at which a predicate holds that holds for all behind it; the end where it holds nowhere.
  fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
