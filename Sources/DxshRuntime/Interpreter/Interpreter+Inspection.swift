import DxshExpressions
import DxshPlan

/// What a person may want to know of a run that stands still.
extension Interpreter {
  /// How many attempts a call's policy allows in all; nil without a policy.
  func attemptLimit(of id: StepID) -> Int? {
    guard let instance = instances[Int(id.instance)],
      case .call(let call) = plan.scopes[instance.scope].nodes[Int(id.node)].kind, let retry = call.retry,
      case .int(let attempts)? = try? Evaluator.evaluate(retry.attempts, in: instance.frame)
    else { return nil }
    return Int(clamping: attempts)
  }

  /// What cannot begin before a step has ended: in its own scope, and in those around it.
  func behind(_ id: StepID) -> RunSituation.Behind {
    var behind = RunSituation.Behind(count: 0, first: [])
    // What the run may take is nothing that others wait for.
    if id.isMoment, id.limitedNode == nil { return behind }
    var place = instances[Int(id.instance)].map { (instance: $0, node: id.limitedNode ?? Int(id.node)) }
    while let (instance, node) = place {
      if instance.failure == nil { addSteps(after: node, in: instance, to: &behind) }
      place = instance.container.flatMap { inner in inner.node < 0 ? nil : (inner.owner, inner.node) }
    }
    return behind
  }

  private func addSteps(after node: Int, in instance: ScopeInstance, to behind: inout RunSituation.Behind) {
    let scope = plan.scopes[instance.scope]
    var found: Set<Int> = []
    var open = [node]
    while let next = open.popLast() {
      for successor in scope.successors(of: next).map({ Int($0) })
      where instance.states[successor] == .pending && found.insert(successor).inserted {
        open.append(successor)
      }
    }
    for step in found.sorted() where scope.nodes[step].isStep {
      behind.count += 1
      if behind.first.count < 3 { behind.first.append(path(of: step, in: instance)) }
    }
  }
}

extension PlanNode {
  /// Whether it takes time, so that people would call it a step.
  fileprivate var isStep: Bool {
    switch kind {
    case .call, .loop, .iteration, .attempt, .invocation, .wait: true
    case .value, .condition, .assertion, .failure, .output, .barrier: false
    }
  }
}
