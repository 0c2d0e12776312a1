import DxshExpressions
import DxshPlan

/// `fallback(e)` (rule 42): what a step gives where it has failed for good. That is recorded as an event of its own, so
/// that everybody sees that it is not what its node gave.
extension Interpreter {
  /// Works out what a step is to give that has failed for good.
  mutating func prepare(
    _ fallback: PlanCall.Fallback, _ node: Int, in instance: ScopeInstance, _ failure: NodeFailure, attempt: Int,
    _ commands: inout [Command]
  ) throws(EvaluationError) {
    instance.frame.values[fallback.slot] = failure.value
    let value = try Evaluator.evaluate(fallback.value, in: instance.frame)
    instance.states[node] = .settling
    commands.append(
      .conclude(StepID(instance: instance.number, node: node), attempt: attempt, .fellBack(value)))
  }

  /// It has not taken place, so it is not undone.
  mutating func give(_ value: Value, to id: StepID, _ commands: inout [Command]) {
    guard let instance = awaiting(id) else { return }
    let node = Int(id.node)
    if let run = instance.inner[node] { return give(value, to: run, &commands) }
    takeUp(node, in: instance, &commands)
    remember(.given(value), of: node, in: instance)
    complete(node, in: instance, value, at: position, canBeUndone: false, &commands)
  }

  // MARK: - Of called workflows

  /// Whether it is the call of a workflow, and no step of its own.
  func isWorkflow(_ id: StepID) -> Bool { instances[Int(id.instance)]?.inner[Int(id.node)]?.fallsBack ?? false }

  /// Works out what the call of a workflow is to give, which has failed for good: it has been undone, and its `finally`
  /// has run. Where that fails, so does the call; false then.
  mutating func prepare(
    _ fallback: PlanCall.Fallback, of run: InnerRun, _ failure: RunFailure, _ commands: inout [Command]
  ) -> Bool {
    let frame = run.owner.frame
    frame.values[fallback.slot] = NodeFailure(failure.kind, failure.message, retryAfter: failure.retryAfter).value
    do throws(EvaluationError) {
      let value = try Evaluator.evaluate(fallback.value, in: frame)
      let id = StepID(instance: run.owner.number, node: run.node)
      commands.append(.conclude(id, attempt: run.attempt, .fellBack(value)))
      return true
    } catch {
      let mistake = nodeFailure(error)
      let place = path(of: run.node, in: run.owner)
      stop(
        run.owner, RunFailure(kind: mistake.kind, message: mistake.message, path: place, attempt: run.attempt),
        &commands)
      return false
    }
  }

  private mutating func give(_ value: Value, to run: InnerRun, _ commands: inout [Command]) {
    guard case .invocation(let invocation) = run.work else { return }
    remember(.given(value), of: run.node, in: run.owner)
    run.basis = max(run.basis, position)
    run.owner.completedAt = max(run.owner.completedAt, position)
    if let slot = invocation.slot { run.owner.frame.values[slot] = value }
    settle(run, &commands)
  }

  /// Lets the call of a workflow give what it gave before a workflow around was begun anew; false where it did not fall
  /// back.
  mutating func recallFallback(
    _ invocation: PlanInvocation, _ node: Int, in instance: ScopeInstance, _ commands: inout [Command]
  ) -> Bool {
    guard invocation.fallback != nil, let remembered = remembered(node, in: instance),
      case .given(let value) = remembered.what
    else { return false }
    if let slot = invocation.slot { instance.frame.values[slot] = value }
    instance.basis[node] = max(instance.basis[node], remembered.position)
    instance.completedAt = max(instance.completedAt, remembered.position)
    settle(node, in: instance, as: .done, &commands)
    return true
  }
}
