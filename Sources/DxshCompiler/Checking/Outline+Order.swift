import DxshPlan
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
    dependencies.reserveCapacity(outline.leaves.count)
    // Both are used again for each leaf.
    var mentions = Mentions()
    var edges: [Int] = []
    for number in outline.leaves.indices {
      mentions.removeAll()
      Self.visit(outline.leaves[number].item, &mentions)
      edges.removeAll(keepingCapacity: true)
      if let condition = outline.leaves[number].guardedBy?.condition { edges.append(condition) }
      if let barrier = outline.leaves[number].barrier { edges.append(barrier) }
      for predecessor in outline.leaves[number].predecessors { edges.append(predecessor) }
      let block = outline.leaves[number].block
      for name in mentions.all {
        for site in outline.sites(of: name) where site.leaf == number || !outline.areExclusive(site.block, block) {
          edges.append(site.leaf)
        }
      }
      dependencies.append(Self.distinct(&edges))
    }
    sort()
  }

  /// Each once, ascending.
  private static func distinct(_ edges: inout [Int]) -> [Int] {
    if edges.count > 1 { edges.sort() }
    var count = 0
    // By number: a loop over the edges themselves would hold on to them, and a change would copy them all.
    for number in edges.indices where count == 0 || edges[count - 1] != edges[number] {
      edges[count] = edges[number]
      count += 1
    }
    // As an array of its own, so that `edges` keeps its buffer.
    return edges.withUnsafeBufferPointer { Array($0[..<count]) }
  }

  private static func visit(_ item: Outline.Item, _ mentions: inout Mentions) {
    switch item {
    case .connection(let item):
      if let checked = item.checked {
        mentions.add(checked.needs)
      } else {
        mentions.visit(item.declaration.call)
      }
    case .letBinding(let item): mentions.visit(item.value)
    case .step(let item): mentions.visit(item)
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
    case .approval(let item): mentions.visit(item)
    case .wait(let item): mentions.visit(item)
    case .arm, .barrier: break
    }
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
