import DxshPlan
import DxshSyntax

/// The items of one scope flattened to leaves: `if` and `sequence` become guards and edges, a `for` is one leaf.
///
/// The connections that a workflow mentions are leaves before those of its text.
///
/// Purely syntactic: says which names are bound where, what waits for what, and what is known to hold at each leaf.
struct Outline {
  /// The name that every `output` binds; no author can write it.
  static let outputName = "(output)"

  struct Connection {
    var declaration: ConnectionDeclaration
    /// In a workflow; nil where the file's connections themselves are checked.
    var checked: Globals.Connection?
  }

  /// Behind a pointer, since leaves are copied often.
  enum Item {
    indirect case connection(Connection)
    indirect case letBinding(LetItem)
    case step(StepItem)
    indirect case condition(IfItem)
    /// Which arm of a `match` takes its value: a number, in the hidden slot of the leaf's path.
    indirect case choice(MatchItem)
    /// Whether it is this one.
    indirect case arm(MatchItem, choice: Int, number: Int)
    indirect case loop(ForItem)
    indirect case iteration(RepeatItem)
    indirect case attempt(TryItem)
    indirect case assertion(AssertItem)
    indirect case failure(FailItem)
    indirect case output(OutputItem)
    indirect case approval(ApprovalItem)
    indirect case wait(WaitItem)
    case barrier
  }

  struct Leaf {
    var item: Item
    var path: String
    var block: Int
    var guardedBy: PlanNode.Guard?
    /// The leaves that the text's structure orders before this one, besides its guard.
    var barrier: Int?
    var predecessors: [Int]
    /// What conditions and assertions before it decided.
    var facts: Facts
    var range: SourceRange
  }

  /// A block of the scope: its body, or a branch of an `if` in it.
  struct Block {
    var parent: Int?
    /// The number of the condition leaf whose branch it is.
    var condition: Int?
    /// The other branch of the same `if`, once known.
    var sibling: Int?
    /// Whether nothing after it is reached: it ends in `fail`.
    var fails = false
  }

  private(set) var leaves: [Leaf] = []
  private(set) var blocks: [Block] = [Block()]
  /// In blocks that end before their last item: the first item after that.
  private(set) var unreached: [SourceRange] = []
  /// The names that are bound, in the order of their first site. The hidden name `output` is among them.
  let index = NameIndex()
  /// The places that bind each name, by its number, in the order of the text.
  private var sitesByNumber: [Sites] = []
  /// Of each kind of leaf, of which there are few: how many there are.
  private var ordinals: [(word: String, count: Int)] = []
  /// What is known once the last item has ended.
  private(set) var factsAtEnd = Facts()
  /// In a handler and in what stands in it: the names that the body of its `try` binds too, so that their steps have
  /// paths of their own, with the number of such handlers around.
  let inHandler: [String: Int]

  init(
    _ items: [DxshSyntax.Item], connections: [Connection] = [], facts: Facts = Facts(),
    inHandler: [String: Int] = [:]
  ) {
    self.inHandler = inHandler
    leaves.reserveCapacity(items.count)
    index.reserveCapacity(items.count)
    sitesByNumber.reserveCapacity(items.count)
    var position = Position(block: 0, guardedBy: nil, barrier: nil, facts: facts)
    for connection in connections {
      let declaration = connection.declaration
      bind(declaration.name, to: append(.connection(connection), "", declaration.range, position), position)
    }
    add(items, at: &position)
    factsAtEnd = position.facts
  }

  /// Where the walk stands.
  private struct Position {
    var block: Int
    var guardedBy: PlanNode.Guard?
    /// The leaf that precedes everything from here on in the block.
    var barrier: Int?
    var facts: Facts
  }

  private mutating func add(_ items: [DxshSyntax.Item], at position: inout Position) {
    var isReached = true
    for item in items {
      if isReached, blocks[position.block].fails {
        isReached = false
        unreached.append(item.range)
      }
      add(item, at: &position)
    }
  }

  private mutating func add(_ item: DxshSyntax.Item, at position: inout Position) {
    switch item {
    case .letBinding(let item):
      bind(item.name, to: append(.letBinding(item), "let", item.range, position, name: item.name), position)
    case .step(let item):
      bind(item.name, to: append(.step(item), "step", item.range, position, name: item.name), position)
    case .loop(let item):
      let leaf = append(.loop(item), "for", item.range, position)
      bindAll(item.body.boundNames, to: leaf, position)
      if let collect = item.collect { bind(collect, to: leaf, position) }
    case .output(let item):
      let leaf = append(.output(item), "output", item.range, position)
      bind(Name(Outline.outputName, at: item.range), to: leaf, position)
    case .assertion(let item):
      position.barrier = append(.assertion(item), "assert", item.range, position)
      position.facts.learn(item.condition, is: true)
    case .failure(let item):
      position.barrier = append(.failure(item), "fail", item.range, position)
      blocks[position.block].fails = true
    case .selection(let item): addSelection(item, at: &position)
    case .iteration(let item):
      let leaf = append(.iteration(item), "repeat", item.range, position)
      bind(item.name, to: leaf, position)
      bindAll(item.body.boundNames, to: leaf, position)
    case .attempt(let item):
      let leaf = append(.attempt(item), "try", item.range, position)
      bindAll(item.body.boundNames + item.handler.boundNames + item.outputs, to: leaf, position)
    case .approval(let item):
      bind(item.name, to: append(.approval(item), "approval", item.range, position), position)
    case .wait(let item):
      bind(item.name, to: append(.wait(item), "wait", item.range, position, name: item.name), position)
    case .unreadable: break
    case .sequence(let item): addSequence(item, at: &position)
    case .conditional(let item): addConditional(item, at: &position)
    }
  }

  private mutating func addConditional(_ item: IfItem, at position: inout Position) {
    let condition = append(.condition(item), "if", item.condition.range, position)
    let yes = addBranch(item.thenBlock, of: condition, item, when: true, at: position)
    let no = item.elseBlock.map { addBranch($0, of: condition, item, when: false, at: position) }
    blocks[yes.block].sibling = no?.block
    if let no { blocks[no.block].sibling = yes.block }
    if blocks[yes.block].fails {
      position.facts.learn(item.condition, is: false)
      position.barrier = yes.barrier
    }
    if let no, blocks[no.block].fails {
      position.facts.learn(item.condition, is: true)
      position.barrier =
        blocks[yes.block].fails
        ? append(.barrier, "if", item.range, position, after: [yes.barrier, no.barrier]) : no.barrier
      if blocks[yes.block].fails { blocks[position.block].fails = true }
    }
  }

  /// The arms are branches of conditions, each in the other branch of the one before; the last arm is what is left.
  private mutating func addSelection(_ item: MatchItem, at position: inout Position) {
    let choice = append(.choice(item), "match", item.subject.range, position)
    var current = position
    current.barrier = nil
    /// The blocks of the arms but the last, with the block that the rest stands in.
    var links: [(arm: Int, rest: Int)] = []
    var ends: [(fails: Bool, barrier: Int?)] = []
    for (number, arm) in item.arms.enumerated() {
      var inner = current
      if number + 1 < item.arms.count {
        let condition = append(
          .arm(item, choice: choice, number: number), "case", arm.range, current, after: [choice, position.barrier])
        blocks.append(Block(parent: current.block, condition: condition))
        blocks.append(Block(parent: current.block, condition: condition))
        let (own, rest) = (blocks.count - 2, blocks.count - 1)
        (blocks[own].sibling, blocks[rest].sibling) = (rest, own)
        links.append((own, rest))
        inner = Position(
          block: own, guardedBy: .init(condition: condition, when: true), barrier: nil, facts: current.facts)
        current = Position(
          block: rest, guardedBy: .init(condition: condition, when: false), barrier: nil, facts: current.facts)
      } else {
        inner.barrier = item.arms.count == 1 ? choice : nil
      }
      inner.facts.learn(item.subject, matches: arm.patterns)
      add(arm.body.items, at: &inner)
      ends.append((blocks[inner.block].fails, inner.barrier))
    }
    for (number, link) in links.enumerated().reversed() where number + 1 < links.count {
      blocks[link.rest].fails = blocks[links[number + 1].arm].fails && blocks[links[number + 1].rest].fails
    }
    let failing = ends.filter(\.fails)
    guard !failing.isEmpty else { return }
    if failing.count == ends.count { blocks[position.block].fails = true }
    position.barrier =
      failing.count == 1
      ? failing[0].barrier : append(.barrier, "match", item.range, position, after: failing.map(\.barrier))
  }

  /// The branch's block, and its last barrier.
  private mutating func addBranch(
    _ block: DxshSyntax.Block, of condition: Int, _ item: IfItem, when: Bool, at position: Position
  ) -> (block: Int, barrier: Int?) {
    blocks.append(Block(parent: position.block, condition: condition))
    var inner = Position(
      block: blocks.count - 1, guardedBy: .init(condition: condition, when: when), barrier: nil,
      facts: position.facts)
    inner.facts.learn(item.condition, is: when)
    add(block.items, at: &inner)
    return (inner.block, inner.barrier)
  }

  /// Each item waits for all leaves of the one before. What stands after the sequence does not wait for it, so it
  /// learns nothing from the assertions inside.
  private mutating func addSequence(_ item: SequenceItem, at position: inout Position) {
    let outer = position
    for (number, inner) in item.body.items.enumerated() {
      let first = leaves.count
      add(inner, at: &position)
      guard number + 1 < item.body.items.count, leaves.count > first else { continue }
      position.barrier =
        leaves.count == first + 1
        ? first : append(.barrier, "sequence", inner.range, position, after: Array(first..<leaves.count))
    }
    position = outer
  }

  private mutating func append(
    _ item: Item, _ word: String, _ range: SourceRange, _ position: Position, name: Name? = nil, after: [Int?] = []
  ) -> Int {
    let ordinal = countLeaf(word)
    // What binds a name is called by it.
    let path = name?.isMissing == false ? "" : "\(word)(\(ordinal))"
    leaves.append(
      Leaf(
        item: item, path: path, block: position.block, guardedBy: position.guardedBy,
        barrier: position.barrier, predecessors: after.compactMap { $0 }, facts: position.facts, range: range))
    return leaves.count - 1
  }

  /// The number of one more leaf among those of its kind, from 1.
  private mutating func countLeaf(_ word: String) -> Int {
    guard let kind = ordinals.firstIndex(where: { $0.word == word }) else {
      ordinals.append((word, 1))
      return 1
    }
    ordinals[kind].count += 1
    return ordinals[kind].count
  }

  /// Binds each name once.
  private mutating func bindAll(_ names: [Name], to leaf: Int, _ position: Position) {
    var bound: Set<String> = []
    for name in names where bound.insert(name.text).inserted { bind(name, to: leaf, position) }
  }

  private mutating func bind(_ name: Name, to leaf: Int, _ position: Position) {
    guard !name.isMissing else { return }
    let site = Site(leaf: leaf, block: position.block, name: name)
    let count = add(site)
    switch leaves[leaf].item {
    case .step, .letBinding, .connection, .approval, .wait:
      leaves[leaf].path = name.text
      if let depth = inHandler[name.text] { leaves[leaf].path += depth == 1 ? "@catch" : "@catch\(depth)" }
      if count > 1 { leaves[leaf].path += count == 2 ? "@else" : "@else\(count - 1)" }
    case .loop, .iteration, .attempt, .output, .condition, .choice, .arm, .assertion, .failure, .barrier: break
    }
  }

  /// Returns how many bind the name now.
  private mutating func add(_ site: Site) -> Int {
    let (number, isNew) = index.add(site.name.text)
    if isNew { sitesByNumber.append(Sites(site)) } else { sitesByNumber[number].append(site) }
    return sitesByNumber[number].count
  }
}

// MARK: - What is bound where

extension Outline {
  var names: [String] { index.names }

  func binds(_ name: String) -> Bool { index.number(of: name) != nil }

  /// The places that bind a name, in the order of the text; none where nothing does.
  func sites(of name: String) -> Sites { index.number(of: name).map { sitesByNumber[$0] } ?? Sites() }

  /// Those of the name of a number.
  func sites(at number: Int) -> Sites { sitesByNumber[number] }

  /// Whether two blocks are, or stand in, different branches of one `if`.
  func areExclusive(_ left: Int, _ right: Int) -> Bool {
    if left == right || left == 0 || right == 0 { return false }
    let leftPath = branches(from: left)
    let rightPath = branches(from: right)
    return leftPath.contains { condition, block in rightPath.contains { $0 == condition && $1 != block } }
  }

  private func branches(from block: Int) -> [(condition: Int, block: Int)] {
    ancestors(of: block).compactMap { block in blocks[block].condition.map { ($0, block) } }
  }

  /// The block itself and those around it, inside out.
  func ancestors(of block: Int) -> [Int] {
    var chain = [block]
    while let parent = blocks[chain[chain.count - 1]].parent {
      chain.append(parent)
    }
    return chain
  }

  /// Whether, seen from `block`, one of the sites has certainly been passed: it stands in the block or one around, or
  /// in every branch there that does not end in `fail`.
  func isCertain(_ sites: some Collection<Site>, from block: Int) -> Bool {
    if sites.count == 1, let only = sites.first, only.block == 0 || only.block == block { return true }
    var covered = Set(sites.map(\.block))
    var pending = Array(covered)
    while let next = pending.popLast() {
      guard let parent = blocks[next].parent, !covered.contains(parent), let sibling = blocks[next].sibling,
        covered.contains(sibling) || blocks[sibling].fails
      else { continue }
      covered.insert(parent)
      pending.append(parent)
    }
    return ancestors(of: block).contains { covered.contains($0) }
  }
}

extension TryItem {
  /// The hidden name of outputs, if the body or the handler binds it.
  fileprivate var outputs: [Name] {
    body.hasOutput || handler.hasOutput ? [Name(Outline.outputName, at: range)] : []
  }
}

extension DxshSyntax.Block {
  /// Whether an `output` stands in it, outside loops.
  var hasOutput: Bool {
    items.contains { item in
      switch item {
      case .output: true
      case .conditional(let item): item.thenBlock.hasOutput || item.elseBlock?.hasOutput ?? false
      case .selection(let item): item.arms.contains { $0.body.hasOutput }
      case .sequence(let item): item.body.hasOutput
      case .attempt(let item): item.body.hasOutput || item.handler.hasOutput
      case .letBinding, .step, .wait, .approval, .loop, .iteration, .assertion, .failure, .unreadable: false
      }
    }
  }
}
