import DxshExpressions
import DxshPlan
import DxshTime

/// A step that has taken place and can be undone.
struct Undoable {
  /// The place in the journal of what completed it.
  let position: Int
  /// Of its compensation.
  let path: String
  /// Of its compensation (`PlanCall.compensationScope`).
  let scope: Int
  /// Computed when the step succeeded: its frame may since be gone.
  let arguments: Result<[Value], EvaluationError>
}

/// Sagas (rule 36): when a body fails, what has taken place in it is undone in the reverse order of completion, one
/// after the other, before anything else goes on. Compensations are steps like others: durable, repeated by their
/// `retry`, and never cancelled; one that fails for good waits for a person.
extension Interpreter {
  func canBeUndone(_ node: Int, in instance: ScopeInstance) -> Bool {
    if case .call(let call) = plan.scopes[instance.scope].nodes[node].kind { call.compensation != nil } else { false }
  }

  /// The step has succeeded.
  mutating func note(
    _ compensation: PlanCall.Compensation, of node: Int, in instance: ScopeInstance, at position: Int
  ) {
    guard case .call(let call) = compensation else { return }
    let frame = instance.frame
    let arguments = Result { () throws(EvaluationError) in
      try call.arguments.map { argument throws(EvaluationError) in try Evaluator.evaluate(argument.value, in: frame) }
    }
    let path = Plan.compensationPath(of: path(of: node, in: instance))
    instance.undoable.append(
      Undoable(
        position: position, path: path, scope: Int(plan.scopes[instance.scope].bodies[node]), arguments: arguments))
    instance.workflow.remembering?.doneBefore[path] = nil
  }

  /// Begins to undo the last of what is left to undo; false when there is nothing, or when that is another scope's
  /// affair.
  mutating func undoNext(in instance: ScopeInstance, _ commands: inout [Command]) -> Bool {
    guard instance.failure != nil, endsFailures(instance) else { return false }
    if !instance.isUndoing { takeBack(of: instance) }
    guard !instance.undoable.isEmpty else { return false }
    if !instance.isUndoing {
      instance.isUndoing = true
      instance.undoable.sort { $0.position < $1.position }
    }
    let last = instance.undoable.removeLast()
    let run = InnerRun(of: instance, last, basis: max(instance.lastBasis, position))
    let body = makeInstance(scope: last.scope, in: instance.workflow, parent: nil, basis: run.basis)
    body.container = run
    run.running = [body]
    instance.active += 1
    switch last.arguments {
    case .success(let values):
      for (slot, value) in values.enumerated() { body.frame.values[slot] = value }
      begin(body)
    case .failure: hold(body, attempt: 0, &commands)
    }
    return true
  }

  /// Whether a failure of the instance goes no further by itself, so that it undoes what it has done: a workflow, the
  /// body of a `try`, an instance of a loop that goes on without those that failed. Not when a scope around it ends.
  private func endsFailures(_ instance: ScopeInstance) -> Bool {
    guard let inner = instance.container else { return instance.workflow.ended == nil }
    return switch inner.work {
    case .invocation: instance.workflow.ended == nil && !isKept(inner)
    case .attempt: inner.tried == nil && !inner.isStopped
    case .loop(let loop): loop.onError == .skip && !inner.isStopped
    case .iteration, .compensation, .verification: false
    }
  }

  /// What earlier attempts at the call of a workflow did, and the last one did not come to again: it ended before.
  private func takeBack(of body: ScopeInstance) {
    guard let run = body.container, case .invocation = run.work else { return }
    let memory = run.owner.workflow.remembering ?? run
    if memory.doneBefore.isEmpty { return }
    let place = path(of: run.node, in: run.owner) + "/"
    for (path, undoable) in memory.doneBefore where memory === run || path.utf8.starts(with: place.utf8) {
      body.undoable.append(undoable)
      memory.doneBefore[path] = nil
    }
  }

  /// The call of a workflow begins anew: what it did stays, to be undone with the last attempt.
  func keep(_ undoable: [Undoable], of run: InnerRun) {
    let memory = run.owner.workflow.remembering ?? run
    for undoable in undoable { memory.doneBefore[undoable.path] = undoable }
  }

  /// What has been done in an instance that is over is undone with the scope around it; of one that may be too many,
  /// that is decided later (`Interpreter+First`).
  func handOver(_ instance: ScopeInstance) {
    if let run = instance.container, run.owner.workflow.remembering == nil { takeBack(of: instance) }
    guard !instance.undoable.isEmpty, let inner = instance.container, inner.wanted == nil || instance.failure != nil
    else { return }
    inner.owner.undoable += instance.undoable
    instance.undoable = []
  }

  // MARK: - Compensations that fail

  /// A person has to decide how the compensation ends.
  mutating func hold(_ instance: ScopeInstance, attempt: Int, _ commands: inout [Command]) {
    if instance.states[0] == .pending { instance.active += 1 }
    instance.states[0] = .indeterminate
    noteSuspended(in: instance)
    commands.append(
      .hold(
        StepCall(
          id: StepID(instance: instance.number, node: 0), scope: instance.scope, arguments: [], attempt: attempt,
          delay: .zero, timeout: .zero, basis: 0)))
  }

  /// A person has decided that the step stays as it is.
  mutating func giveUp(in instance: ScopeInstance, _ commands: inout [Command]) {
    remember(.succeeded(.none), of: 0, in: instance)
    instance.active -= 1
    settle(0, in: instance, as: .done, &commands)
  }
}

extension ScopeInstance {
  /// Whether its only node undoes a step.
  var isCompensation: Bool {
    if case .compensation? = container?.work { true } else { false }
  }

  /// Of a compensation: what it would be called with cannot be computed.
  var lacksArguments: Bool {
    if case .compensation(let undoable)? = container?.work, case .failure = undoable.arguments { true } else { false }
  }
}
