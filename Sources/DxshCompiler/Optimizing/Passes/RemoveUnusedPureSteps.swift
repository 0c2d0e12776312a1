package import DxshPlan

/// Removes pure steps and values that nothing reads, and what only they read. What was ordered by way of them stays
/// ordered.
///
/// A pure step that would have failed fails no longer, except inside a loop that outlives the failures of its
/// instances: there only values that cannot fail are removed.
package struct RemoveUnusedPureSteps: PlanPass {
  package let name = "remove unused pure steps"
  package let summary = "removes pure steps and values that nobody reads"

  package init() {}

  package func run(_ plan: Plan) -> PassResult {
    var removal = Removal(uses: SlotUses(plan))
    let body = removal.removed(from: plan.body, within: "")
    let finally = plan.finally.flatMap { removal.removed(from: $0, within: "finally/") }
    guard body != nil || finally != nil else { return PassResult(plan) }
    var plan = plan
    plan.body = body ?? plan.body
    plan.finally = finally ?? plan.finally
    return PassResult(plan, notes: removal.notes)
  }
}

/// Walks the scopes in the order of their numbers.
private struct Removal {
  let uses: SlotUses
  var notes: [String] = []
  private var nextScope = 0

  init(uses: SlotUses) {
    self.uses = uses
  }

  /// Nil when the scope and those inside stay as they are.
  mutating func removed(from scope: PlanScope, within prefix: String) -> PlanScope? {
    let isNeeded = uses.isNeeded[nextScope]
    let isRead = uses.isRead[nextScope]
    nextScope += 1
    var result = scope
    var isChanged = false
    for (index, node) in scope.nodes.enumerated() {
      if !isNeeded[index] { notes.append("\(prefix)\(node.path): removed, nothing reads it") }
      let before = node.kind.scopes
      if before.isEmpty { continue }
      let after = before.map { removed(from: $0, within: "\(prefix)\(node.path)/") }
      let trimmed = node.kind.exporting { isRead[$0] }
      guard trimmed != nil || after.contains(where: { $0 != nil }) else { continue }
      result.nodes[index].kind = (trimmed ?? node.kind).replacing(scopes: zip(after, before).map { $0 ?? $1 })
      isChanged = true
    }
    guard isChanged || isNeeded.contains(false) || result.nodes.contains(where: \.isBarrier) else { return nil }
    let isUseless = Self.useless(result.nodes, isNeeded)
    for (index, node) in scope.nodes.enumerated() where isUseless[index] && isNeeded[index] {
      notes.append("\(prefix)\(node.path): removed, nothing waits for it")
    }
    guard isChanged || isUseless.contains(true) || isNeeded.contains(false) else { return nil }
    result.nodes = Self.without(result.nodes, isNeeded: isNeeded, isUseless: isUseless)
    return result
  }

  /// Which nodes may go without a trace: those not needed and barriers, when nothing needed waits for them.
  private static func useless(_ nodes: [PlanNode], _ isNeeded: [Bool]) -> [Bool] {
    var isUseless = [Bool](repeating: false, count: nodes.count)
    let graph = DependencyGraph(nodes)
    for node in graph.order.reversed().lazy.map(Int.init) where !isNeeded[node] || nodes[node].isBarrier {
      isUseless[node] = graph.successors(of: node).allSatisfy { isUseless[Int($0)] }
    }
    return isUseless
  }

  /// The nodes that stay, renumbered. A node that is not needed but orders others hands its dependencies on to them;
  /// where that would make many edges, it becomes a barrier.
  private static func without(_ nodes: [PlanNode], isNeeded: [Bool], isUseless: [Bool]) -> [PlanNode] {
    let graph = DependencyGraph(nodes)
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
      if inherited * heirs > 2 * (inherited + heirs) {
        nodes[node].kind = .barrier
        nodes[node].guardedBy = nil
      } else {
        standIns[node] = nodes[node].dependencies
      }
    }
    return renumbered(nodes) { !isUseless[$0] && standIns[$0] == nil }
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

extension PlanNode.Kind {
  /// The node with only the exports into slots that are wanted; nil when that is all of them.
  fileprivate func exporting(_ isWanted: (Int) -> Bool) -> PlanNode.Kind? {
    switch self {
    case .loop(var loop):
      guard !loop.exports.allSatisfy({ isWanted($0.outer) }) else { return nil }
      loop.exports.removeAll { !isWanted($0.outer) }
      return .loop(loop)
    case .iteration(var iteration):
      guard !iteration.exports.allSatisfy({ isWanted($0.outer) }) else { return nil }
      iteration.exports.removeAll { !isWanted($0.outer) }
      return .iteration(iteration)
    case .attempt(var attempt):
      guard !attempt.exports.allSatisfy({ isWanted($0.outer) }) else { return nil }
      attempt.exports.removeAll { !isWanted($0.outer) }
      return .attempt(attempt)
    case .value, .call, .condition, .assertion, .failure, .invocation, .wait, .output, .barrier: return nil
    }
  }
}

extension PlanNode {
  fileprivate var isBarrier: Bool {
    if case .barrier = kind { true } else { false }
  }
}
