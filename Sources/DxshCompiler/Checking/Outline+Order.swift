import DxshSyntax

/// The edges between leaves, and an order that respects them.
struct LeafOrder {
  /// For each leaf, the leaves it waits for, ascending.
  private(set) var dependencies: [[Int]] = []
  /// All leaves, each after those it waits for; the ones on cycles last, in the order of the text.
  private(set) var order: [Int] = []
  /// Leaves that wait for themselves through others; each cycle once, as a path.
  private(set) var cycles: [[Int]] = []

  init(_ outline: Outline) {
    for (number, leaf) in outline.leaves.enumerated() {
      dependencies.append(Self.dependencies(of: leaf, number, in: outline))
    }
    sort()
  }

  private static func dependencies(of leaf: Outline.Leaf, _ number: Int, in outline: Outline) -> [Int] {
    var edges = leaf.predecessors
    for name in mentions(of: leaf.item) {
      for site in outline.sites[name] ?? [] where !outline.areExclusive(site.block, leaf.block) || site.leaf == number {
        edges.append(site.leaf)
      }
    }
    if edges.count < 2 { return edges }
    edges.sort()
    return edges.enumerated().filter { $0.offset == 0 || edges[$0.offset - 1] != $0.element }.map(\.element)
  }

  /// The names that it mentions, some of them repeatedly.
  private static func mentions(of item: Outline.Item) -> [String] {
    var mentions = Mentions()
    var others: [Path] = []
    switch item {
    case .connection(let item):
      guard let checked = item.checked else {
        mentions.visit(item.declaration.call)
        break
      }
      return Array(checked.needs)
    case .letBinding(let item): mentions.visit(item.value)
    case .step(let item):
      mentions.visit(item.call)
      mentions.visit(item.policies)
      others = item.after
    case .condition(let item): mentions.visit(item.condition)
    case .choice(let item): mentions.visit(item.subject)
    case .loop(let item): mentions.visit(item)
    case .iteration(let item): mentions.visit(item)
    case .attempt(let item): mentions.visit(item)
    case .assertion(let item):
      mentions.visit(item.condition)
      mentions.visit(item.message)
    case .failure(let item): mentions.visit(item.message)
    case .output(let item): mentions.visit(item.value)
    case .arm, .barrier, .unsupported: break
    }
    return mentions.all + others.map { $0.names[0].text }
  }

  /// Kahn's algorithm without recursion; keeps the order of the text where it can.
  private mutating func sort() {
    if dependencies.enumerated().allSatisfy({ number, edges in edges.last ?? -1 < number }) {
      order = Array(dependencies.indices)
      return
    }
    var waiting = dependencies.map(\.count)
    var dependents = [[Int]](repeating: [], count: dependencies.count)
    for (number, edges) in dependencies.enumerated() {
      for edge in edges { dependents[edge].append(number) }
    }
    order = waiting.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < order.count {
      for dependent in dependents[order[next]] {
        waiting[dependent] -= 1
        if waiting[dependent] == 0 { order.append(dependent) }
      }
      next += 1
    }
    let stuck = waiting.indices.filter { waiting[$0] > 0 }
    findCycles(among: stuck)
    order += stuck
  }

  /// Follows first unsettled dependencies until a leaf repeats: from every stuck leaf that leads to a new cycle.
  private mutating func findCycles(among stuck: [Int]) {
    let isStuck = Set(stuck)
    var seen: Set<Int> = []
    for start in stuck where !seen.contains(start) {
      var path: [Int] = []
      var positions: [Int: Int] = [:]
      var current: Int? = start
      while let leaf = current, !seen.contains(leaf), positions[leaf] == nil {
        positions[leaf] = path.count
        path.append(leaf)
        current = dependencies[leaf].first { isStuck.contains($0) }
      }
      seen.formUnion(path)
      if let leaf = current, let first = positions[leaf] {
        cycles.append(Array(path[first...]))
      }
    }
  }
}
