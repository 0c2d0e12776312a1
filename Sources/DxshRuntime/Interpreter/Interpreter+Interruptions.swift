import DxshExpressions
import DxshPlan
import DxshTime

/// An attempt of which nobody knows whether it took place, or after whose failure that is asked before the next.
struct Interruption {
  let attempt: Int
  let message: String
  /// Whether there is no other attempt.
  var isLast = false
}

/// What asks whether a step took place.
struct Verification {
  let path: String
  let interruption: Interruption
  /// The slot of its answer.
  let slot: Int
  /// Whether it answers only that.
  let isBool: Bool
}

/// `on_interrupt` (rule 63): what is done about a `once` step of which nobody knows whether it took place.
///
/// A verification is a step of its own, `pay@verify`, with its own attempts: it is recorded, and what it finds is then
/// recorded of the step as if a person had settled it. It is not cancelled when its scope ends: what has taken place
/// has to be undone. Where it fails for good, a person is asked.
extension Interpreter {
  /// Whether it is being found out what an attempt came to, so that nobody is asked.
  func isSettling(_ id: StepID) -> Bool {
    // The instance may be another's by now, of fewer nodes.
    guard let instance = instances[Int(id.instance)], instance.states.indices.contains(Int(id.node)) else {
      return false
    }
    return instance.states[Int(id.node)] == .settling
  }

  /// Does what the step's policy says; false where a person is to be asked.
  mutating func decide(
    _ node: Int, in instance: ScopeInstance, _ interruption: Interruption, _ commands: inout [Command]
  ) -> Bool {
    guard case .call(let call) = plan.scopes[instance.scope].nodes[node].kind, let policy = call.onInterrupt else {
      return false
    }
    // It has been asked, and nobody could say.
    if instance.states[node] == .settling {
      instance.states[node] = .running
      return false
    }
    var interruption = interruption
    let place = path(of: node, in: instance)
    let delay = try? call.retry.map { retry throws(EvaluationError) in
      try RetryDecision.pause(after: interruption.attempt, retry, in: instance.frame, seed: "\(runID)/\(place)")
    }
    let pause = if case .verify = policy { (delay ?? nil) ?? .zero } else { TimeSpan.zero }
    let isOver = instance.budgets[node]?.isOver(at: now.adding(pause) ?? .latest) ?? false
    interruption.isLast = isOver || interruption.attempt >= attempts(of: call, in: instance.frame)
    switch policy {
    case .fail: conclude(node, in: instance, interruption, .settled(.fail(message: interruption.message)), &commands)
    case .retry:
      let message = "\(interruption.message), at attempt \(interruption.attempt), which was the last"
      conclude(
        node, in: instance, interruption, .settled(interruption.isLast ? .fail(message: message) : .retry), &commands)
    case .verify(let verification):
      verify(verification, node, in: instance, interruption, after: pause, &commands)
    }
    return true
  }

  private func attempts(of call: PlanCall, in frame: Frame) -> Int {
    guard let retry = call.retry, case .int(let attempts)? = try? Evaluator.evaluate(retry.attempts, in: frame) else {
      return PlanCall.interruptedAttempts
    }
    return Int(clamping: attempts)
  }

  /// What is to be recorded of the step.
  private mutating func conclude(
    _ node: Int, in instance: ScopeInstance, _ interruption: Interruption, _ end: RecordedEvent.Kind,
    _ commands: inout [Command]
  ) {
    instance.states[node] = .settling
    commands.append(
      .conclude(StepID(instance: instance.number, node: node), attempt: interruption.attempt, end))
  }

  // MARK: - Verifications

  mutating func verify(
    _ call: PlanCall, _ node: Int, in instance: ScopeInstance, _ interruption: Interruption, after delay: TimeSpan,
    _ commands: inout [Command]
  ) {
    let scope = Int(plan.scopes[instance.scope].handlers[node])
    let verification = Verification(
      path: Plan.verificationPath(of: path(of: node, in: instance)), interruption: interruption,
      slot: call.arguments.count, isBool: call.result == .bool)
    let run = InnerRun(owner: instance, node: node, .verification(verification), body: scope)
    run.basis = max(run.basis, position)
    instance.states[node] = .settling
    instance.verifications[node] = run
    let body = makeInstance(scope: scope, in: instance.workflow, parent: nil, basis: run.basis)
    body.container = run
    run.running = [body]
    do throws(EvaluationError) {
      for (slot, argument) in call.arguments.enumerated() {
        body.frame.values[slot] = try Evaluator.evaluate(argument.value, in: instance.frame)
      }
      guard case .call(let inner) = plan.scopes[scope].nodes[0].kind else { return }
      try start(inner, 0, in: body, attempt: 1, delay: delay, &commands)
    } catch {
      fail(0, in: body, nodeFailure(error), attempt: 0, &commands)
    }
  }

  mutating func finish(
    _ instance: ScopeInstance, of run: InnerRun, _ verification: Verification, _ commands: inout [Command]
  ) {
    let (owner, node, interruption) = (run.owner, run.node, verification.interruption)
    let answer = instance.frame.values[verification.slot]
    let failure = instance.failure
    free(instance)
    if run.isStopped { return }
    owner.verifications[node] = nil
    owner.basis[node] = max(owner.basis[node], run.basis, position)
    let end: RecordedEvent.Kind
    if let failure {
      end = .indeterminate(
        attempt: interruption.attempt,
        message: "\(interruption.message); \(verification.path) could not say (\(failure.kind): \(failure.message))")
    } else if verification.isBool ? answer == .bool(true) : !answer.isNone {
      end = .settled(.done(verification.isBool ? .none : answer))
    } else if interruption.isLast {
      end = .attemptFailed(
        attempt: interruption.attempt, kind: "interrupted",
        message: "it did not take place, and attempt \(interruption.attempt) was the last: \(interruption.message)")
    } else {
      end = .settled(.retry)
    }
    conclude(node, in: owner, interruption, end, &commands)
  }

  /// The step has been settled meanwhile.
  mutating func abandonVerification(of node: Int, in instance: ScopeInstance, _ commands: inout [Command]) {
    guard let run = instance.verifications.removeValue(forKey: node) else { return }
    run.isStopped = true
    for body in run.running { stop(body, .cancellation, &commands) }
  }
}
