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

  /// - isNeeded: for each node whether it is to stay
  init(_ nodes: [PlanNode], isNeeded: [Bool]) {
    self.nodes = nodes
    self.isNeeded = isNeeded
    graph = DependencyGraph(nodes)
    var isUseless = [Bool](repeating: false, count: nodes.count)
    for node in graph.order.reversed().lazy.map(Int.init) where !isNeeded[node] || nodes[node].kind.isBarrier {
      isUseless[node] = graph.successors(of: node).allSatisfy { isUseless[Int($0)] }
    }
    self.isUseless = isUseless
  }

  /// The nodes that stay, renumbered. A node that is not needed but orders others hands its dependencies on to them;
  /// where that would make many edges, it becomes a barrier.
  func remaining() -> [PlanNode] {
    var nodes = nodes
    /// What stands in a dependency's place: itself, or what it hands on.
    var standIns: [Int: [Int]] = [:]
    for node in graph.order.lazy.map(Int.init) where !isUseless[node] {
      let dependencies = nodes[node].dependencies
      if dependencies.contains(where: { standIns[$0] != nil }) {
        nodes[node].dependencies = Set(dependencies.flatMap { standIns[$0] ?? [$0] }).sorted()
      }
      guard !isNeeded[node] else { continue }
      let inherited = nodes[node].dependencies.count
      let heirs = graph.successors(of: node).reduce(0) { $0 + (isUseless[Int($1)] ? 0 : 1) }
      if inherited > Self.inheritanceLimit || inherited * heirs > 2 * (inherited + heirs) {
        nodes[node].kind = .barrier
        nodes[node].guardedBy = nil
      } else {
        standIns[node] = nodes[node].dependencies
      }
    }
    return Self.renumbered(nodes) { !isUseless[$0] && standIns[$0] == nil }
  }

  private static func renumbered(_ nodes: [PlanNode], keeping isKept: (Int) -> Bool) -> [PlanNode] {
    var numbers = [Int](repeating: -1, count: nodes.count)
    var kept: [PlanNode] = []
    for (index, node) in nodes.enumerated() where isKept(index) {
      numbers[index] = kept.count
      kept.append(node)
    }
    for index in kept.indices {
      kept[index].dependencies = kept[index].dependencies.map { numbers[$0] }
      if let guardedBy = kept[index].guardedBy { kept[index].guardedBy?.condition = numbers[guardedBy.condition] }
    }
    return kept
  }
}
