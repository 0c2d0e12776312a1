import DxshExpressions
import DxshPlan
import DxshTime

/// Calls of nodes, and what becomes of them.
extension Interpreter {
  /// The first attempt.
  mutating func begin(
    _ call: PlanCall, _ node: Int, in instance: ScopeInstance, _ commands: inout [Command]
  ) throws(EvaluationError) {
    if let deadline = call.deadline {
      let span = try PolicyValue.span(deadline, "`deadline`", in: instance.frame)
      instance.deadlines[node] = StepDeadline(span, from: now)
    }
    try expectBeginning(of: call, node, in: instance, from: now)
    if let poll = call.poll { try check(poll, in: instance.frame) }
    try start(call, node, in: instance, attempt: 1, delay: .zero, &commands)
  }

  mutating func start(
    _ call: PlanCall, _ node: Int, in instance: ScopeInstance, attempt: Int, delay: TimeSpan,
    _ commands: inout [Command]
  ) throws(EvaluationError) {
    var arguments: [Value] = []
    arguments.reserveCapacity(call.arguments.count)
    for (part, argument) in call.arguments.enumerated() {
      arguments.append(try value(of: argument.value, node, part, in: instance))
    }
    let timeout = try PolicyValue.span(call.timeout, "`timeout`", in: instance.frame)
    var wanted = StepCall(
      id: StepID(instance: instance.number, node: node), scope: instance.scope, arguments: arguments,
      attempt: attempt, delay: delay, timeout: timeout, basis: instance.basis[node])
    if let heartbeat = call.heartbeat {
      wanted.heartbeat = try PolicyValue.span(heartbeat, "`heartbeat`", in: instance.frame)
    }
    if let limits = call.limits { wanted.limits = try StepLimits(limits, of: call.node, in: instance.frame) }
    if let needs = call.needs { wanted.needs = try StepNeeds(needs, in: instance.frame) }
    if let cache = call.cache { wanted.cache = try StepCache(cache, of: call, arguments, in: instance.frame) }
    // Not before all of it is computed: a step that cannot be made is not under way.
    if instance.states[node] != .running {
      instance.states[node] = .running
      instance.active += 1
    }
    commands.append(.call(wanted))
  }

  /// The instance of a call that is awaited; nil for one that was given up, as an indeterminate one is when its scope
  /// ends.
  func awaiting(_ id: StepID) -> ScopeInstance? {
    guard let instance = instances[Int(id.instance)] else { return nil }
    return switch instance.states[Int(id.node)] {
    case .running, .indeterminate, .settling: instance
    case .pending, .done, .skipped, .isTrue, .isFalse: nil
    }
  }

  mutating func succeed(_ id: StepID, _ value: Value, _ commands: inout [Command]) {
    guard let instance = awaiting(id) else { return }
    noteDecision(about: Int(id.node), in: instance, &commands)
    takeUp(Int(id.node), in: instance, &commands)
    remember(.succeeded(value), of: Int(id.node), in: instance)
    complete(Int(id.node), in: instance, value, at: position, canBeUndone: true, &commands)
  }

  /// - position: of its event in the journal
  /// - canBeUndone: false where it has not taken place
  mutating func complete(
    _ node: Int, in instance: ScopeInstance, _ value: Value, at position: Int, canBeUndone: Bool,
    _ commands: inout [Command]
  ) {
    instance.active -= 1
    instance.basis[node] = position
    instance.completedAt = max(instance.completedAt, position)
    if case .call(let call) = plan.scopes[instance.scope].nodes[node].kind {
      if let slot = call.slot { instance.frame.values[slot] = value }
      if canBeUndone, let compensation = call.compensation {
        note(compensation, of: node, in: instance, at: position)
      }
    }
    settle(node, in: instance, as: .done, &commands)
  }

  mutating func fail(_ id: StepID, _ attempt: Int, _ failure: NodeFailure, _ commands: inout [Command]) {
    guard let instance = awaiting(id) else { return }
    let node = Int(id.node)
    guard case .call(let call) = plan.scopes[instance.scope].nodes[node].kind else { return }
    let isSettled = instance.states[node] != .running
    noteDecision(about: node, in: instance, &commands)
    takeUp(node, in: instance, &commands)
    do throws(EvaluationError) {
      var failure = failure
      if instance.failure == nil, !isSettled, !call.ends(with: failure), !isLateStart(failure, of: node, in: instance),
        var delay = try RetryDecision.delay(
          after: attempt, failure, call.retry, in: instance.frame, seed: "\(runID)/\(path(of: node, in: instance))")
      {
        // Nothing would come of it before.
        if let time = failure.notBefore {
          delay = max(delay, time.since(now))
        } else if failure.kind == NodeFailure.refusedKind {
          delay = max(delay, Self.refusedPause)
        }
        guard let last = end(of: node, in: instance, after: failure, attempt, delay: delay) else {
          if let verification = call.verification {
            return verify(
              verification, node, in: instance, Interruption(attempt: attempt, message: failure.message), after: delay,
              &commands)
          }
          return try start(call, node, in: instance, attempt: attempt + 1, delay: delay, &commands)
        }
        failure = last
      }
      if instance.isCompensation {
        return isSettled ? giveUp(in: instance, &commands) : hold(instance, attempt: attempt, &commands)
      }
      if instance.failure == nil, let fallback = call.fallback {
        return try prepare(fallback, node, in: instance, failure, attempt: attempt, &commands)
      }
      remember(.failed(failure, attempt: attempt), of: node, in: instance)
      instance.active -= 1
      fail(node, in: instance, failure, attempt: attempt, &commands)
    } catch {
      remember(.failed(nodeFailure(error), attempt: attempt), of: node, in: instance)
      instance.active -= 1
      fail(node, in: instance, nodeFailure(error), attempt: attempt, &commands)
    }
  }

  /// At least so long is waited where a breaker cannot say when it lets something through.
  private static let refusedPause = TimeSpan(nanoseconds: 1_000_000_000)

  mutating func release(_ id: StepID, _ commands: inout [Command]) {
    guard let instance = awaiting(id) else { return }
    remember(.cancelled, of: Int(id.node), in: instance)
    instance.states[Int(id.node)] = .done
    instance.active -= 1
    finishIfDone(instance, &commands)
  }
}
