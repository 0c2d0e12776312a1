import DxshExpressions
package import DxshPlan

/// Takes out what constant conditions decide: conditions, the branches that no run takes, assertions that always hold
/// and loops over nothing. What was ordered by way of them stays ordered.
///
/// A step in such a branch was skipped in every run, so no journal speaks of it.
package struct DropBranches: PlanPass {
  package let name = "drop branches"
  package let summary = "takes out conditions that are decided before the run, and the branches that no run takes"

  package init() {}

  package func run(_ plan: Plan) -> PassResult {
    var result = PassResult(plan)
    if let body = Self.reduced(plan.body, at: PlanPlace(), &result.notes) { result.plan.body = body }
    if let finally = plan.finally, let reduced = Self.reduced(finally, at: .finally, &result.notes) {
      result.plan.finally = reduced
    }
    return result
  }

  /// Nil when the scope and those inside stay as they are.
  private static func reduced(_ scope: PlanScope, at place: PlanPlace, _ notes: inout [String]) -> PlanScope? {
    var result = scope
    var isChanged = false
    let graph = DependencyGraph(scope.nodes)
    let branches = decidedBranches(in: scope, graph)
    var isNeeded = [Bool](repeating: true, count: scope.nodes.count)
    /// By the condition: how many nodes it alone takes out.
    var skipped: [Int: Int] = [:]
    for index in scope.nodes.indices where branches.isDead[index] {
      if let guardedBy = scope.nodes[index].guardedBy { skipped[guardedBy.condition, default: 0] += 1 }
    }
    for index in scope.nodes.indices {
      let kind = scope.nodes[index].kind
      isNeeded[index] = !branches.isDead[index] && !kind.doesNothing
      if branches.guards[index] != scope.nodes[index].guardedBy {
        result.nodes[index].guardedBy = branches.guards[index]
      }
      if !isNeeded[index] {
        if !branches.isDead[index], let note = note(on: kind, skipped[index] ?? 0, place.often) {
          notes.append("\(place.path(of: scope.nodes[index])): \(note)")
        }
        continue
      }
      if let value = kind.valueOfNothing {
        result.nodes[index].kind = value
        isChanged = true
        notes.append("\(place.path(of: scope.nodes[index])): goes over nothing, one loop fewer \(place.often)")
        continue
      }
      let before = kind.scopes
      if before.isEmpty { continue }
      let inside = place.inside(scope.nodes[index])
      let after = before.map { reduced($0, at: inside, &notes) }
      guard after.contains(where: { $0 != nil }) else { continue }
      isChanged = true
      result.nodes[index].kind = kind.replacing(scopes: zip(after, before).map { $0 ?? $1 })
    }
    guard isNeeded.contains(false) else { return isChanged ? result : nil }
    // Other guards make no other dependencies.
    result.nodes = NodeRemoval(result.nodes, graph, isNeeded: isNeeded).remaining()
    return result
  }

  private static func decidedBranches(in scope: PlanScope, _ graph: DependencyGraph) -> Branches {
    var branches = Branches(count: scope.nodes.count)
    for index in graph.order.lazy.map(Int.init) {
      branches.add(scope.nodes[index].guardedBy, index)
      if let decision = scope.nodes[index].kind.decision { branches.decide(index, is: decision) }
    }
    return branches
  }

  /// - skipped: how many nodes no run reaches because of it
  private static func note(on kind: PlanNode.Kind, _ skipped: Int, _ often: String) -> String? {
    switch kind {
    case .condition:
      let gone = skipped == 0 ? "" : ", \(skipped == 1 ? "one node" : "\(skipped) nodes") fewer to skip \(often)"
      return (kind.decision == true ? "always holds" : "never holds") + gone
    case .assertion: return "always holds"
    case .loop: return "goes over nothing"
    case .value, .call, .failure, .iteration, .attempt, .invocation, .wait, .output, .barrier: return nil
    }
  }
}

extension PlanNode.Kind {
  /// Whether it may be left out where it is reached.
  fileprivate var doesNothing: Bool {
    switch self {
    case .condition: return decision != nil
    case .assertion(let condition, _): return condition == .constant(Constant(.bool(true)))
    case .loop(let loop): return loop.goesOverNothing && loop.filledSlots.isEmpty
    case .value, .call, .failure, .iteration, .attempt, .invocation, .wait, .output, .barrier: return false
    }
  }

  /// The value that a loop over nothing is, where it fills one slot.
  fileprivate var valueOfNothing: PlanNode.Kind? {
    guard case .loop(let loop) = self, loop.goesOverNothing, loop.filledSlots.count == 1 else { return nil }
    return .value(slot: loop.filledSlots[0], .constant(Constant(.list([]))))
  }
}
