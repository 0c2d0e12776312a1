import DxshExpressions
import DxshPlan
import DxshTime

/// `poll` (rule 42): a call is repeated until its result is what is waited for. Between two calls the run waits for the
/// time of the next, and may be left.
extension Interpreter {
  /// Whether the result of a step is the one that it waits for; of one without a `poll` any is.
  func isEnough(_ value: Value, for id: StepID) throws(EvaluationError) -> Bool {
    guard let instance = instances[Int(id.instance)], instance.failure == nil,
      case .call(let call) = plan.scopes[instance.scope].nodes[Int(id.node)].kind, let poll = call.poll
    else { return true }
    instance.frame.values[poll.slot] = value
    return try Evaluator.evaluate(poll.condition, in: instance.frame) == .bool(true)
  }

  /// How often a step has been called in vain.
  func pollCount(of id: StepID) -> Int { instances[Int(id.instance)]?.polls[Int(id.node)] ?? 0 }

  /// A call has succeeded, and its result was not enough.
  mutating func poll(_ id: StepID, _ commands: inout [Command]) {
    guard let instance = awaiting(id) else { return }
    let node = Int(id.node)
    guard case .call(let call) = plan.scopes[instance.scope].nodes[node].kind, let poll = call.poll else { return }
    let count = (instance.polls[node] ?? 0) + 1
    instance.polls[node] = count
    if instance.failure != nil { return release(id, &commands) }
    do throws(EvaluationError) {
      if let maximum = poll.maximum, case .int(let times) = try Evaluator.evaluate(maximum, in: instance.frame),
        Int64(count) >= times
      {
        return giveUp(node, in: instance, "exhausted", "its condition does not hold after \(count) polls", &commands)
      }
      let pause = try RetryDecision.duration(poll.every, in: instance.frame)
      if let deadline = instance.deadlines[node], now.adding(pause) ?? .latest >= deadline {
        let message = "its condition does not hold after \(count) polls, and its deadline passes before the next"
        return giveUp(node, in: instance, Self.deadlineKind, message, &commands)
      }
      try start(call, node, in: instance, attempt: 1, delay: pause, &commands)
    } catch {
      instance.active -= 1
      fail(node, in: instance, nodeFailure(error), attempt: 1, &commands)
    }
  }

  private mutating func giveUp(
    _ node: Int, in instance: ScopeInstance, _ kind: String, _ message: String, _ commands: inout [Command]
  ) {
    let failure = NodeFailure(kind, message)
    remember(.failed(failure, attempt: 1), of: node, in: instance)
    instance.active -= 1
    fail(node, in: instance, failure, attempt: 1, &commands)
  }
}
