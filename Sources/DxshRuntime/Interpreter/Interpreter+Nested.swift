import DxshExpressions
import DxshPlan

/// `repeat`, `try` and the calls of workflows.
extension Interpreter {
  // MARK: - Repeat

  mutating func start(
    _ iteration: PlanIteration, _ node: Int, in instance: ScopeInstance, _ commands: inout [Command]
  ) throws(EvaluationError) {
    let initial = try value(of: iteration.initial, node, 0, in: instance)
    let maximum = try PolicyValue.count(try value(of: iteration.maximum, node, 1, in: instance), "`max` of `repeat`")
    let run = InnerRun(
      owner: instance, node: node, .iteration(iteration, maximum: maximum),
      body: Int(plan.scopes[instance.scope].bodies[node]))
    run.state = initial
    note(run)
    repeatOnce(run, iteration, &commands)
  }

  private mutating func repeatOnce(_ run: InnerRun, _ iteration: PlanIteration, _ commands: inout [Command]) {
    let instance = self.iteration(of: run)
    instance.container = run
    instance.index = run.next
    run.next += 1
    instance.frame.values[iteration.stateSlot] = run.state
    run.running = [instance]
    begin(instance)
    if instance.isFinished { begun.append(instance) }
  }

  mutating func finish(
    _ instance: ScopeInstance, of run: InnerRun, _ iteration: PlanIteration, _ maximum: Int,
    _ commands: inout [Command]
  ) {
    for (position, export) in iteration.exports.enumerated() {
      run.results[position].append(instance.frame.values[export.inner])
    }
    var failure = instance.failure
    if failure == nil, !run.isStopped {
      do throws(EvaluationError) {
        if try goesOn(run, iteration, in: instance) {
          if run.next < maximum {
            run.spare.append(instance)
            return repeatOnce(run, iteration, &commands)
          }
          if iteration.condition != nil {
            let message = "more is wanted after \(maximum) times"
            failure = self.failure(NodeFailure("exhausted", message), of: run)
          }
        }
      } catch {
        failure = self.failure(nodeFailure(error), of: run)
      }
    }
    run.spare.append(instance)
    if let failure, !run.isStopped { stop(run.owner, failure, &commands) }
    give(run, iteration.exports)
    if let slot = iteration.slot { run.owner.frame.values[slot] = run.state }
    settle(run, &commands)
  }

  /// Whether there is another time after the one that has ended; makes its state.
  private func goesOn(
    _ run: InnerRun, _ iteration: PlanIteration, in instance: ScopeInstance
  ) throws(EvaluationError) -> Bool {
    let next = try Evaluator.evaluate(iteration.next, in: instance.frame)
    let wantsMore =
      try iteration.condition.map { condition throws(EvaluationError) in
        try Evaluator.evaluate(condition, in: instance.frame) == .bool(true)
      } ?? true
    run.state = next
    return wantsMore
  }

  private func failure(_ failure: NodeFailure, of run: InnerRun) -> RunFailure {
    RunFailure(kind: failure.kind, message: failure.message, path: path(of: run.node, in: run.owner), attempt: 0)
  }

  // MARK: - Try

  mutating func start(
    _ attempt: PlanAttempt, _ node: Int, in instance: ScopeInstance, _ commands: inout [Command]
  ) {
    let run = InnerRun(
      owner: instance, node: node, .attempt(attempt), body: Int(plan.scopes[instance.scope].bodies[node]))
    note(run)
    begin(run, scope: run.body, inside: instance.frame) { _ in }
  }

  private mutating func begin(
    _ run: InnerRun, scope: Int, inside frame: Frame, _ fill: (ScopeInstance) -> Void
  ) {
    let instance = makeInstance(scope: scope, in: run.owner.workflow, parent: frame, basis: run.basis)
    instance.container = run
    fill(instance)
    run.running = [instance]
    begin(instance)
    if instance.isFinished { begun.append(instance) }
  }

  mutating func finish(
    _ instance: ScopeInstance, of run: InnerRun, _ attempt: PlanAttempt, _ commands: inout [Command]
  ) {
    if let failure = instance.failure, !run.isStopped, run.tried == nil {
      run.tried = instance
      let handler = Int(plan.scopes[run.owner.scope].handlers[run.node])
      run.basis = max(run.basis, position)
      return begin(run, scope: handler, inside: instance.frame) {
        $0.frame.values[attempt.errorSlot] = Self.error(failure)
      }
    }
    if let failure = instance.failure, !run.isStopped { stop(run.owner, failure, &commands) }
    let body = run.tried ?? instance
    for export in attempt.exports {
      var value = export.body.map { body.frame.values[$0] } ?? .none
      if run.tried != nil, let slot = export.handler, instance.frame.values[slot] != .none {
        value = instance.frame.values[slot]
      }
      run.owner.frame.values[export.outer] = value
    }
    free(instance)
    if let tried = run.tried { free(tried) }
    settle(run, &commands)
  }

  // MARK: - Workflows

  mutating func start(
    _ invocation: PlanInvocation, _ node: Int, in instance: ScopeInstance, _ secrets: [Value],
    _ commands: inout [Command]
  ) throws(EvaluationError) {
    if recallFallback(invocation, node, in: instance, &commands) { return }
    guard calledWorkflows < Self.calledWorkflowLimit else {
      throw EvaluationError(
        .limit, "more than \(Self.calledWorkflowLimit) called workflows are under way at the same time")
    }
    var arguments: [Value] = []
    for (part, argument) in invocation.arguments.enumerated() {
      arguments.append(try value(of: argument, node, part, in: instance))
    }
    arguments += plan.plan.callees[invocation.callee].secrets.map { secrets[$0] }
    let deadline = try invocation.deadline.map { deadline throws(EvaluationError) in
      StepDeadline(try PolicyValue.span(deadline, "`deadline`", in: instance.frame), from: now)
    }
    let budget = try invocation.retry?.budget.map { budget throws(EvaluationError) in
      try PolicyValue.span(budget, "`budget` of `retry`", in: instance.frame)
    }
    let number = invocation.callee + 1
    let run = InnerRun(
      owner: instance, node: node, .invocation(invocation), body: plan.workflows[number].body)
    note(run)
    run.budget = budget.map { RetryBudget($0) }
    run.budget?.begin(at: now)
    if let deadline { watch(run, until: deadline, &commands) }
    openAccount(plan.plan.callees[invocation.callee].time, of: run, &commands)
    calledWorkflows += 1
    run.begunAt = eventCount
    if invocation.retry != nil, instance.workflow.remembering == nil { remembering.append(run) }
    begin(run, with: arguments)
  }

  /// Begins the workflow that a step calls.
  mutating func begin(_ run: InnerRun, with arguments: [Value]) {
    guard case .invocation(let invocation) = run.work else { preconditionFailure("only calls have arguments") }
    let remembering = run.owner.workflow.remembering ?? (invocation.retry == nil ? nil : run)
    let body = makeInstance(
      scope: run.body, in: WorkflowRun(invocation.callee + 1, call: run, remembering: remembering), parent: nil,
      basis: run.basis)
    for (slot, value) in arguments.enumerated() { body.frame.values[slot] = value }
    body.container = run
    run.running = [body]
    begin(body)
    if body.isFinished { begun.append(body) }
  }

  /// The body of a workflow, or its `finally`, has ended: `finally` is next, or the workflow is over.
  mutating func endWorkflow(_ instance: ScopeInstance, _ commands: inout [Command]) {
    let workflow = instance.workflow
    closeAccount(of: workflow, &commands)
    if workflow.ended == nil, let scope = plan.workflows[workflow.number].finally {
      workflow.ended = instance
      let finally = makeInstance(scope: scope, in: workflow, parent: instance.frame, basis: instance.lastBasis)
      finally.container = instance.container
      finally.frame.values[0] = Self.summary(of: outcome(of: workflow, instance.failure))
      workflow.call?.running = [finally]
      begin(finally)
      if finally.isFinished { begun.append(finally) }
      return
    }
    let failure = workflow.ended?.failure ?? instance.failure
    guard let run = workflow.call, case .invocation(let invocation) = run.work else {
      return commands.append(.end(outcome(of: workflow, failure)))
    }
    run.running = []
    calledWorkflows -= 1
    forgetDeadline(of: run, &commands)
    if invocation.retry != nil { remembering.removeAll { $0 === run } }
    run.basis = max(run.basis, instance.lastBasis, workflow.ended?.lastBasis ?? 0)
    free(instance)
    if let ended = workflow.ended { free(ended) }
    if let failure, !run.isStopped {
      if let fallback = invocation.fallback {
        if prepare(fallback, of: run, failure, &commands) { return }
      } else {
        stop(run.owner, failure, &commands)
      }
    }
    if let slot = invocation.slot { run.owner.frame.values[slot] = workflow.output }
    settle(run, &commands)
  }

  private static let summaryShape = RecordShape(["status", "error"])

  /// What `finally` sees of a run: its status, and its error if it failed.
  private static func summary(of outcome: RunOutcome) -> Value {
    var error = Value.none
    if case .failed(let failure) = outcome { error = Self.error(failure) }
    return .record(RecordValue(summaryShape, [.text(outcome.status.rawValue), error]))
  }
}
