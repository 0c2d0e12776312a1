/// The parts of a declaration that are formatted or left alone as a whole: the declaration, the parts of its header, its
/// items and theirs.
struct FormatUnits {
  private struct Unit {
    var start: UInt32
    var end: UInt32
    /// Where what follows it starts, without white space before that.
    var limit: UInt32
  }

  private let file: SourceFile
  private let tokens: [Token]
  /// The outer ones first.
  private var units: [Unit] = []

  /// - end: where the text of the declaration ends
  init(_ declaration: Declaration, in file: SourceFile, tokens: [Token], end: Int) {
    self.file = file
    self.tokens = tokens
    let range = declaration.range
    units.append(Unit(start: range.start, end: range.end, limit: max(range.end, UInt32(end))))
    switch declaration {
    case .workflow(let workflow): add(workflow)
    case .test(let test): add(test.items.map { ($0.range, nil) }, end: max(test.range.end, 1) - 1)
    case .importing, .type, .enumeration, .node, .secret, .connection, .connectionKind, .constant, .function, .defaults,
      .unreadable:
      break
    }
  }

  /// What stays as it is, by where it starts: up to where.
  /// - overlaps: whether a range of bytes is to be formatted
  func verbatim(errors: [Diagnostic], overlaps: (Range<Int>) -> Bool) -> [UInt32: UInt32] {
    var verbatim: [UInt32: UInt32] = [:]
    for unit in units where !overlaps(Int(unit.start)..<Int(max(unit.start, unit.end))) {
      verbatim[unit.start] = unit.end
    }
    for error in errors {
      let place = error.range.start
      guard let unit = units.last(where: { $0.start <= place && place <= $0.limit }) ?? units.first else { continue }
      verbatim[unit.start] = unit.limit
    }
    return verbatim
  }

  // MARK: Finding

  private mutating func add(_ workflow: WorkflowDeclaration) {
    var parts: [(range: SourceRange, item: Item?)] = workflow.schedules.map { ($0.range, nil) }
    parts += workflow.triggers.map { ($0.range, nil) }
    if let limits = workflow.limits { parts.append((limits.range, nil)) }
    if let defaults = workflow.defaults { parts.append((defaults.range, nil)) }
    parts += workflow.body.items.map { ($0.range, $0) }
    parts.sort { $0.range.start < $1.range.start }
    add(parts, end: workflow.finally.map { wordBefore($0.range.start) } ?? closer(of: workflow.body))
    if let finally = workflow.finally { add(finally) }
  }

  private mutating func add(_ block: Block, end: UInt32? = nil) {
    add(block.items.map { ($0.range, $0) }, end: end ?? closer(of: block))
  }

  private func closer(of block: Block) -> UInt32 { block.range.isEmpty ? block.range.end : block.range.end - 1 }

  /// Where the token before a place starts.
  private func wordBefore(_ place: UInt32) -> UInt32 {
    let position = tokens.firstIndex(from: place)
    return position > 0 ? tokens[position - 1].start : place
  }

  /// - end: where what follows the last part starts
  private mutating func add(_ parts: [(range: SourceRange, item: Item?)], end: UInt32) {
    for (index, part) in parts.enumerated() {
      let next = index + 1 < parts.count ? parts[index + 1].range.start : end
      units.append(Unit(start: part.range.start, end: part.range.end, limit: limit(of: part.range, before: next)))
      if let item = part.item { addBlocks(of: item) }
    }
  }

  /// The end of the line of the last token before a place.
  private func limit(of range: SourceRange, before next: UInt32) -> UInt32 {
    let position = tokens.firstIndex(from: next)
    var limit = position > 0 ? max(tokens[position - 1].end, range.end) : range.end
    while limit < next, file.bytes[Int(limit)] != UInt8(ascii: "\n") { limit += 1 }
    while limit > range.end, isSpace(file.bytes[Int(limit) - 1]) { limit -= 1 }
    return limit
  }

  private mutating func addBlocks(of item: Item) {
    switch item {
    case .conditional(let item):
      add(item.thenBlock)
      if let elseBlock = item.elseBlock { add(elseBlock) }
    case .selection(let item): for arm in item.arms { add(arm.body) }
    case .loop(let item): add(item.body)
    case .iteration(let item):
      add(item.body, end: item.next.range.isEmpty ? nil : wordBefore(item.next.range.start))
    case .sequence(let item): add(item.body)
    case .attempt(let item):
      add(item.body)
      add(item.handler)
    case .letBinding, .step, .wait, .approval, .assertion, .failure, .output, .unreadable: break
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
