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
    takeUp(node, in: instance, &commands)
    remember(.given(value), of: node, in: instance)
    complete(node, in: instance, value, order: nil, at: position, &commands)
  }
}
