import DxshExpressions
import DxshPlan
import DxshTime

/// `poll` (rule 42): a call is repeated until its result is what is waited for. Between two calls the run waits for the
/// time of the next, and may be left.
extension Interpreter {
  static let exhaustedKind = "exhausted"

  /// Whether the result of a step is the one that it waits for; of one without a `poll` any is.
  func isEnough(_ value: Value, for id: StepID) throws(EvaluationError) -> Bool {
    guard let instance = instances[Int(id.instance)],
      case .call(let call) = plan.scopes[instance.scope].nodes[Int(id.node)].kind, let poll = call.poll
    else { return true }
    instance.frame.values[poll.slot] = value
    return try Evaluator.evaluate(poll.condition, in: instance.frame) == .bool(true)
  }

  /// Throws what is wrong with its values, before anything is called.
  func check(_ poll: PlanCall.Poll, in frame: Frame) throws(EvaluationError) {
    _ = try Self.pause(of: poll, in: frame)
    _ = try Self.maximum(of: poll, in: frame)
  }

  private static func pause(of poll: PlanCall.Poll, in frame: Frame) throws(EvaluationError) -> TimeSpan {
    try PolicyValue.span(poll.every, "`every` of `poll`", in: frame)
  }

  private static func maximum(of poll: PlanCall.Poll, in frame: Frame) throws(EvaluationError) -> Int? {
    try poll.maximum.map { maximum throws(EvaluationError) in
      try PolicyValue.count(try Evaluator.evaluate(maximum, in: frame), "`max` of `poll`")
    }
  }

  /// How often a step has been called in vain.
  func pollCount(of id: StepID) -> Int { instances[Int(id.instance)]?.polls[Int(id.node)] ?? 0 }

  /// Why there is no other call after one whose result was not enough; nil when there is one.
  func endOfPolls(of id: StepID, at time: Timestamp) throws(EvaluationError) -> NodeFailure? {
    guard let instance = instances[Int(id.instance)],
      case .call(let call) = plan.scopes[instance.scope].nodes[Int(id.node)].kind, let poll = call.poll
    else { return nil }
    let count = pollCount(of: id) + 1
    let words = "its condition does not hold after \(count) polls"
    if let times = try Self.maximum(of: poll, in: instance.frame), count >= times {
      return NodeFailure(Self.exhaustedKind, words)
    }
    let pause = try Self.pause(of: poll, in: instance.frame)
    guard let deadline = instance.deadlines[Int(id.node)]?.at, time.adding(pause) ?? .latest >= deadline else {
      return nil
    }
    return NodeFailure(Self.deadlineKind, "\(words), and its deadline passes before the next")
  }

  /// A call has succeeded, and its result was not enough: there is another.
  mutating func poll(_ id: StepID, _ commands: inout [Command]) {
    guard let instance = awaiting(id) else { return }
    let node = Int(id.node)
    guard case .call(let call) = plan.scopes[instance.scope].nodes[node].kind, let poll = call.poll else { return }
    instance.polls[node, default: 0] += 1
    if instance.failure != nil { return release(id, &commands) }
    do throws(EvaluationError) {
      let pause = try Self.pause(of: poll, in: instance.frame)
      try expectBeginning(of: call, node, in: instance, from: now.adding(pause) ?? .latest)
      try start(call, node, in: instance, attempt: 1, delay: pause, &commands)
    } catch {
      remember(.failed(nodeFailure(error), attempt: 1), of: node, in: instance)
      instance.active -= 1
      fail(node, in: instance, nodeFailure(error), attempt: 1, &commands)
    }
  }
}

extension PlanCall {
  /// Whether a failure is that of all its calls together, so that there is no other attempt.
  func ends(with failure: NodeFailure) -> Bool {
    failure.kind == Interpreter.deadlineKind && deadline != nil
      || failure.kind == Interpreter.exhaustedKind && poll != nil
  }
}
