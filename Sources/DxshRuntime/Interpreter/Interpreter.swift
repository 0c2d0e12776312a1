package import DxshExpressions
package import DxshPlan
package import DxshTime

/// Decides what a run does next: folds events into the state and says which commands became due.
///
/// Pure: no I/O, no clock, no randomness; the same events in the same order give the same commands. Incremental: an
/// event costs the edges that it settles, never a walk over the graph, and nothing recurses along it.
package struct Interpreter: ~Copyable {
  package static let defaultWidth = 16
  /// How many workflows that steps call may be under way at once: calls of calls add up.
  package static let calledWorkflowLimit = 10_000

  let plan: ValidatedPlan
  let runID: String
  var instances: [ScopeInstance?] = []
  var freeNumbers: [Int] = []
  /// Instances with something in them that only a person can go on with.
  var suspended: [ScopeInstance] = []
  /// Instances that have nothing to do, to be ended: not at once, so that nothing recurses.
  var begun: [ScopeInstance] = []
  /// What was over while a person was asked, and the calls that it is of; nil for the run.
  var overdue: [(limit: TimeLimit, call: InnerRun?)] = []
  /// Loops of which so many instances have completed as have to.
  var satisfied: [InnerRun] = []
  /// Nodes whose dependencies are all settled, to be looked at.
  private var ready: [(instance: ScopeInstance, node: Int)] = []
  private let secrets: [Value]
  /// How many workflows that steps call are under way.
  var calledWorkflows = 0
  private var programs = ProgramCache()
  private var isCancelled = false
  /// The paths of steps whose `budget` was used up; nil where nobody asks.
  var outOfBudget: Set<String>?
  /// The place in the journal, from 1, of the event that is being taken in; 0 at the start, and where nothing is kept.
  var position = 0
  /// How many events have been taken in.
  private(set) var eventCount = 0
  /// When that event happened, or the run began: what waits count from.
  package var now: Timestamp
  /// Calls of workflows under way that are repeated when they fail; not those inside others.
  var remembering: [InnerRun] = []
  /// Calls of workflows that have failed and go on after a while.
  var resting: [StepID: InnerRun] = [:]
  /// Calls of workflows under way that have a `deadline`, by the waits for that.
  var limited: [StepID: InnerRun] = [:]
  /// The waits for when the time of `limits` is over.
  var moments: Set<StepID> = []
  /// Of the run's own workflow; nil where it has no limits of time.
  var account: TimeAccount?
  /// Whether it matters which attempts are under way, and those that are.
  let countsWork: Bool
  var underWay: Set<StepID> = []
  var waits: [StepID: OpenWait] = [:]
  /// Who waits for a signal, in the order in which they began.
  var waiters: [SignalName: [StepID]] = [:]
  /// Signals that nobody has waited for yet, in the order in which they came.
  var kept: [SignalName: [KeptSignal]] = [:]

  /// `input` has one value for each parameter of the plan, of its type; `secrets` one for each of its secrets.
  package init(_ plan: ValidatedPlan, input: [Value], secrets: [Value], runID: String, startedAt: Timestamp) {
    self.now = startedAt
    self.plan = plan
    self.runID = runID
    self.secrets = secrets
    self.countsWork = Self.countsWork(plan.plan)
    let body = makeInstance(scope: 0, in: WorkflowRun(0, call: nil), parent: nil, basis: 0)
    for (slot, value) in (input + secrets).enumerated() { body.frame.values[slot] = value }
  }

  deinit {
    for instance in instances { instance?.letGo() }
  }

  /// The commands that are due at the start.
  package mutating func start(_ commands: inout [Command]) {
    guard let body = instances[0] else { preconditionFailure("a run has a body") }
    openAccount(plan.plan.time, of: nil, &commands)
    begin(body)
    finishIfDone(body, &commands)
    work(&commands)
  }

  /// Takes in what happened, and appends what is due because of it.
  /// - position: the event's place in the journal, from 1
  package mutating func apply(_ event: RunEvent, at position: Int, _ commands: inout [Command]) {
    self.position = position
    eventCount += 1
    if let id = event.ended { noteOver(id, &commands) }
    switch event {
    case .succeeded(let id, let value): succeed(id, value, &commands)
    case .polled(let id): poll(id, &commands)
    case .attemptFailed(let id, let attempt, let failure): fail(id, attempt, failure, &commands)
    case .given(let id, let value): give(value, to: id, &commands)
    case .indeterminate(let id, let attempt, let message): suspend(id, attempt, message, &commands)
    case .retried(let id, let attempt): retry(id, attempt, &commands)
    case .cancelled(let id): release(id, &commands)
    case .signalled(let name, let value): takeIn(name, value, &commands)
    case .timeReached(let id, let chosen): ring(id, chosen: chosen, &commands)
    case .cancelRequested:
      // What has failed already ends as that.
      guard let body = instances[0], body.failure == nil, !body.isOver else { break }
      isCancelled = true
      stop(body, .cancellation, &commands)
      finishIfDone(body, &commands)
    }
    work(&commands)
    if !overdue.isEmpty { endOverdue(&commands) }
    if !suspended.isEmpty { makeRoom(&commands) }
  }

  /// The step's stable path: its name, and the index of each loop around it, outermost first.
  package func path(of id: StepID) -> String {
    guard let instance = instances[Int(id.instance)] else { preconditionFailure("the step's instance has ended") }
    return path(of: Int(id.node), in: instance)
  }

  /// Why the scope that a step stands in is ending, if it is.
  func failure(around id: StepID) -> RunFailure? { instances[Int(id.instance)]?.failure }

  /// Why the run is ending, if it is.
  var failure: RunFailure? { instances[0]?.failure }

  /// The number of the scope that a step stands in.
  func scope(of id: StepID) -> Int {
    guard let instance = instances[Int(id.instance)] else { preconditionFailure("the step's instance has ended") }
    return instance.scope
  }

  func path(of node: Int, in instance: ScopeInstance) -> String {
    var path = plan.scopes[instance.scope].nodes[node].path
    guard instance.container != nil else { return path }
    var indices = ""
    /// What stands inside the step that calls a workflow.
    var inside = ""
    var current = instance
    while let inner = current.container {
      switch inner.work {
      case .compensation(let undoable): return undoable.path
      case .verification(let verification): return verification.path
      case .loop, .iteration: indices = "[\(current.index)]" + indices
      case .attempt: break
      case .invocation:
        inside = "/" + path + indices + inside
        path = plan.scopes[inner.owner.scope].nodes[inner.node].path
        indices = ""
      }
      current = inner.owner
    }
    return path + indices + inside
  }

  // MARK: - Instances

  mutating func makeInstance(
    scope: Int, in workflow: WorkflowRun, parent: Frame?, basis: Int
  ) -> ScopeInstance {
    let number = freeNumbers.popLast() ?? instances.count
    if number == instances.count { instances.append(nil) }
    let instance = ScopeInstance(
      number: number, scope: scope, of: plan, in: workflow, parent: parent, basis: basis)
    instances[number] = instance
    return instance
  }

  mutating func begin(_ instance: ScopeInstance) {
    for node in plan.scopes[instance.scope].roots { ready.append((instance, Int(node))) }
  }

  /// Looks at everything that is ready, and at what becomes ready thereby.
  mutating func work(_ commands: inout [Command]) {
    while true {
      if let (instance, node) = ready.popLast() {
        run(node, in: instance, &commands)
      } else if let instance = begun.popLast() {
        finishIfDone(instance, &commands)
      } else if let loop = satisfied.popLast() {
        cutOff(loop, &commands)
      } else {
        return
      }
    }
  }

  /// Notes that a node is over, and readies what waited for it alone.
  mutating func settle(
    _ node: Int, in instance: ScopeInstance, as state: ScopeInstance.NodeState, _ commands: inout [Command]
  ) {
    instance.states[node] = state
    instance.unsettled -= 1
    let basis = instance.basis[node]
    instance.lastBasis = max(instance.lastBasis, basis)
    if instance.failure == nil {
      for successor in plan.scopes[instance.scope].successors(of: node).reversed() {
        let next = Int(successor)
        instance.basis[next] = max(instance.basis[next], basis)
        instance.waiting[next] -= 1
        if instance.waiting[next] == 0 { ready.append((instance, next)) }
      }
    }
    finishIfDone(instance, &commands)
  }

  mutating func finishIfDone(_ instance: ScopeInstance, _ commands: inout [Command]) {
    guard instance.isFinished, !instance.isOver, !goesOn(after: instance, &commands), !undoNext(in: instance, &commands)
    else { return }
    instance.isOver = true
    handOver(instance)
    if let owner = instance.container?.owner { owner.completedAt = max(owner.completedAt, instance.completedAt) }
    if let inner = instance.container, !isCalled(inner) { return finish(instance, of: inner, &commands) }
    endWorkflow(instance, &commands)
  }

  private func isCalled(_ inner: InnerRun) -> Bool {
    if case .invocation = inner.work { true } else { false }
  }

  func outcome(of workflow: WorkflowRun, _ failure: RunFailure?) -> RunOutcome {
    if isCancelled || failure?.isCutOff == true { return .cancelled }
    guard var failure else { return .succeeded(workflow.output) }
    failure.retryAfter = nil
    return .failed(failure)
  }

  // MARK: - Nodes

  /// The value of the node's expression of that number.
  mutating func value(
    of expression: Expression, _ node: Int, _ part: Int, in instance: ScopeInstance
  ) throws(EvaluationError) -> Value {
    if instance.scope == 0 { return try Evaluator.evaluate(expression, in: instance.frame) }
    let number = plan.scopes[instance.scope].firstNode + node
    return try programs.evaluate(expression, node: number, part, in: instance.frame)
  }

  private mutating func run(_ node: Int, in instance: ScopeInstance, _ commands: inout [Command]) {
    let template = plan.scopes[instance.scope].nodes[node]
    if let guardedBy = template.guardedBy,
      instance.states[guardedBy.condition] != (guardedBy.when ? .isTrue : .isFalse)
    {
      return settle(node, in: instance, as: .skipped, &commands)
    }
    do throws(EvaluationError) {
      switch template.kind {
      case .value(let slot, let expression):
        instance.frame.values[slot] = try value(of: expression, node, 0, in: instance)
        settle(node, in: instance, as: .done, &commands)
      case .call(let call):
        if recall(node, in: instance, &commands) { return }
        try begin(call, node, in: instance, &commands)
      case .condition(let expression):
        let holds = try value(of: expression, node, 0, in: instance) == .bool(true)
        settle(node, in: instance, as: holds ? .isTrue : .isFalse, &commands)
      case .assertion(let condition, let message):
        if try value(of: condition, node, 0, in: instance) == .bool(true) {
          settle(node, in: instance, as: .done, &commands)
        } else {
          try fail(node, in: instance, kind: "assertion", message, &commands)
        }
      case .failure(let kind, let message): try fail(node, in: instance, kind: kind, message, &commands)
      case .loop(let loop): try start(loop, node, in: instance, &commands)
      case .iteration(let iteration): try start(iteration, node, in: instance, &commands)
      case .attempt(let attempt): start(attempt, node, in: instance, &commands)
      case .invocation(let invocation): try start(invocation, node, in: instance, secrets, &commands)
      case .wait(let wait): try start(wait, node, in: instance, &commands)
      case .output(let expression):
        instance.workflow.output = try value(of: expression, node, 0, in: instance)
        settle(node, in: instance, as: .done, &commands)
      case .barrier: settle(node, in: instance, as: .done, &commands)
      }
    } catch {
      fail(node, in: instance, nodeFailure(error), attempt: 0, &commands)
    }
  }

  private mutating func fail(
    _ node: Int, in instance: ScopeInstance, kind: String, _ message: Expression, _ commands: inout [Command]
  ) throws(EvaluationError) {
    let text = try Evaluator.evaluate(message, in: instance.frame)
    fail(node, in: instance, NodeFailure(kind, TextForm.render(text).string), attempt: 0, &commands)
  }

  /// Where secrets are about, the error's text is left out: it may show operands.
  func nodeFailure(_ error: EvaluationError) -> NodeFailure {
    if plan.plan.secrets.isEmpty || error.kind == .limit { return NodeFailure(error.kind.rawValue, error.message) }
    let what = error.kind == .arithmetic ? "a computation has no result" : "a value is not what the expression says"
    return NodeFailure(error.kind.rawValue, "\(what) (no more is shown where a workflow has secrets)")
  }

  // MARK: - Failure

  mutating func fail(
    _ node: Int, in instance: ScopeInstance, _ failure: NodeFailure, attempt: Int, _ commands: inout [Command]
  ) {
    instance.states[node] = .done
    instance.lastBasis = max(instance.lastBasis, position)
    if instance.failure == nil {
      var ending = RunFailure(
        kind: failure.kind, message: failure.message, path: path(of: node, in: instance), attempt: attempt)
      ending.retryAfter = failure.retryAfter
      stop(instance, ending, &commands)
    }
    finishIfDone(instance, &commands)
  }

  /// Nothing new starts in the instance and those inside it; what runs is cancelled and awaited (rule 36).
  mutating func stop(_ instance: ScopeInstance, _ failure: RunFailure, _ commands: inout [Command]) {
    var pending = [instance]
    var stopped: [ScopeInstance] = []
    var rested: [ScopeInstance] = []
    while let next = pending.popLast() {
      guard next.failure == nil, !next.isOver else { continue }
      next.failure = failure
      stopped.append(next)
      for (node, state) in next.states.enumerated() {
        if state == .running, next.inner[node] == nil {
          let id = StepID(instance: next.number, node: node)
          if withdraw(id, &commands) || isRecalledAsCancelled(node, in: next) {
            next.states[node] = .done
            next.active -= 1
          } else {
            commands.append(.cancel(id))
          }
        } else if state == .indeterminate, !canBeUndone(node, in: next) {
          takeUp(node, in: next, &commands)
          remember(.indeterminate, of: node, in: next)
          next.states[node] = .done
          next.active -= 1
          commands.append(.withdraw(StepID(instance: next.number, node: node)))
        }
      }
      for inner in next.inner.values {
        inner.isStopped = true
        if let body = wake(inner, &commands) { rested.append(body) }
        // A workflow's `finally` runs however the rest ends.
        pending += inner.running.filter { $0.workflow.ended == nil || $0.workflow === next.workflow }
      }
    }
    ready.removeAll { $0.instance.failure != nil }
    for instance in rested + stopped.reversed() { finishIfDone(instance, &commands) }
  }
}
