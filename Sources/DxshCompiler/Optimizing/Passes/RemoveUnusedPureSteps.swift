package import DxshPlan

/// Removes pure steps and values that nothing reads, and what only they read. What was ordered by way of them stays
/// ordered.
///
/// A pure step that would have failed fails no longer, except where something outlives its failure: in a loop that
/// goes on without its instance, in a `try`, and in a workflow that is called. There only values that cannot fail are
/// removed.
package struct RemoveUnusedPureSteps: PlanPass {
  package let name = "remove unused pure steps"
  package let summary = "removes pure steps and values that nobody reads"

  package init() {}

  package func run(_ plan: Plan) -> PassResult { run(plan, SlotUses(plan)) }

  /// Whoever calls it may go on after its failure.
  package func run(callee plan: Plan) -> PassResult { run(plan, SlotUses(plan, survivesFailures: true)) }

  private func run(_ plan: Plan, _ uses: SlotUses) -> PassResult {
    var removal = Removal(uses: uses)
    let body = removal.removed(from: plan.body, at: PlanPlace())
    let finally = plan.finally.flatMap { removal.removed(from: $0, at: .finally) }
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
  mutating func removed(from scope: PlanScope, at place: PlanPlace) -> PlanScope? {
    let isNeeded = uses.isNeeded[nextScope]
    let isRead = uses.isRead[nextScope]
    nextScope += 1
    var result = scope
    var isChanged = false
    for index in scope.nodes.indices {
      if !isNeeded[index] {
        let node = scope.nodes[index]
        let saved = "one \(node.kind.isCall ? "call" : "value") fewer \(place.often)"
        notes.append("\(place.path(of: node)): removed, nothing reads it: \(saved)")
      }
      guard scope.nodes[index].kind.hasScopes else { continue }
      let node = scope.nodes[index]
      let before = node.kind.scopes
      let after = before.map { removed(from: $0, at: place.inside(node)) }
      let trimmed = node.kind.exporting { isRead[$0] }
      guard trimmed != nil || after.contains(where: { $0 != nil }) else { continue }
      isChanged = true
      result.nodes[index].kind = (trimmed ?? node.kind).replacing(scopes: zip(after, before).map { $0 ?? $1 })
    }
    guard
      isChanged || isNeeded.contains(false) || scope.nodes.indices.contains(where: { scope.nodes[$0].kind.isBarrier })
    else { return nil }
    let removal = NodeRemoval(result.nodes, DependencyGraph(result.nodes), isNeeded: isNeeded)
    for index in scope.nodes.indices where removal.isUseless[index] && isNeeded[index] {
      notes.append("\(place.path(of: scope.nodes[index])): removed, nothing waits for it")
    }
    guard isChanged || removal.isUseless.contains(true) || isNeeded.contains(false) else { return nil }
    result.nodes = removal.remaining()
    return result
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
