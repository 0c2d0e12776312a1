import DxshPlan

/// Takes nodes out of a scope. What was ordered by way of them stays ordered.
struct NodeRemoval {
  /// A chain of nodes that go hands no more on than that, so that all of it takes linear time.
  private static let inheritanceLimit = 64

  /// Which nodes go without a trace: those not needed and barriers, when nothing needed waits for them.
  let isUseless: [Bool]
  private let nodes: [PlanNode]
  private let isNeeded: [Bool]
  private let graph: DependencyGraph

  /// - graph: what the nodes depend on
  /// - isNeeded: for each node whether it is to stay
  init(_ nodes: [PlanNode], _ graph: DependencyGraph, isNeeded: [Bool]) {
    self.nodes = nodes
    self.graph = graph
    self.isNeeded = isNeeded
    var isUseless = [Bool](repeating: false, count: nodes.count)
    for node in graph.order.reversed().lazy.map(Int.init) where !isNeeded[node] || nodes[node].kind.isBarrier {
      isUseless[node] = graph.successors(of: node).allSatisfy { isUseless[Int($0)] }
    }
    self.isUseless = isUseless
  }

  /// The nodes that stay, renumbered. A node that is not needed but orders others hands its dependencies on to them;
  /// where that would make many edges, it becomes a barrier.
  func remaining() -> [PlanNode] {
    /// What stands in a dependency's place: itself, or what it hands on.
    var standIns: [Int: [Int]] = [:]
    /// Of nodes that are to wait for others than they did.
    var dependencies: [Int: [Int]] = [:]
    var isBarrier = [Bool](repeating: false, count: nodes.count)
    for node in graph.order.lazy.map(Int.init) where !isUseless[node] {
      if !standIns.isEmpty, nodes[node].dependencies.contains(where: { standIns[$0] != nil }) {
        dependencies[node] = Set(nodes[node].dependencies.flatMap { standIns[$0] ?? [$0] }).sorted()
      }
      guard !isNeeded[node] else { continue }
      let own = dependencies[node] ?? nodes[node].dependencies
      let heirs = graph.successors(of: node).reduce(0) { $0 + (isUseless[Int($1)] ? 0 : 1) }
      if own.count > Self.inheritanceLimit || own.count * heirs > 2 * (own.count + heirs) {
        isBarrier[node] = true
      } else {
        standIns[node] = own
      }
    }
    return renumbered(dependencies, isBarrier) { !isUseless[$0] && standIns[$0] == nil }
  }

  private func renumbered(
    _ dependencies: [Int: [Int]], _ isBarrier: [Bool], keeping isKept: (Int) -> Bool
  ) -> [PlanNode] {
    var numbers = [Int](repeating: -1, count: nodes.count)
    var count = 0
    for node in nodes.indices where isKept(node) {
      numbers[node] = count
      count += 1
    }
    var kept: [PlanNode] = []
    kept.reserveCapacity(count)
    for node in nodes.indices where numbers[node] >= 0 {
      let waited = dependencies[node] ?? nodes[node].dependencies
      let guardedBy = nodes[node].guardedBy.map { PlanNode.Guard(condition: numbers[$0.condition], when: $0.when) }
      kept.append(
        PlanNode(
          path: nodes[node].path, kind: isBarrier[node] ? .barrier : nodes[node].kind,
          guardedBy: isBarrier[node] ? nil : guardedBy, dependencies: waited.map { numbers[$0] }))
    }
    return kept
  }
}
