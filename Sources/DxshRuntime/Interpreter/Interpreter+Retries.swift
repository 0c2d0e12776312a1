import DxshExpressions
import DxshPlan
import DxshTime

/// What a step came to, inside the call of a workflow that is repeated when it fails.
struct Remembered {
  enum What {
    case succeeded(Value)
    case failed(NodeFailure, attempt: Int)
    case given(Value)
    case cancelled
    /// Nobody knows, and nobody waited for it any more.
    case indeterminate
    /// The same, and nobody asks, as the failure that ended its scope went no further or comes again.
    case doubtful
    /// A wait that is over.
    case waited(chosen: Int?, Value)
  }

  var what: What
  /// The place of its event in the journal.
  let position: Int
  /// Why its scope was ending then, if it was; nil once that has been forgotten.
  let failure: RunFailure?

  /// Whether it came to nothing that counts before its scope ended: a failure that comes when that is ending already
  /// decides nothing.
  fileprivate var isCutOff: Bool {
    switch what {
    case .cancelled, .doubtful: true
    case .failed: failure != nil
    case .succeeded, .given, .indeterminate, .waited: false
    }
  }

  fileprivate var isInDoubt: Bool {
    switch what {
    case .indeterminate, .doubtful: true
    case .succeeded, .failed, .given, .cancelled, .waited: false
    }
  }

  /// It is asked about, however the calls around it go on.
  fileprivate var inDoubtAgain: Remembered { Remembered(what: .indeterminate, position: position, failure: nil) }
}

/// `retry` on the call of a workflow: it goes on where it failed (rule 43).
///
/// Its body begins anew, and every step that had come to something comes to the same at once, without a call: but for
/// those that failed or were cut off because of the failure. Failures that were handled inside stay as they are.
/// Nothing is undone because of a failure after which it may go on (`isKept`).
extension Interpreter {
  // MARK: - Remembering

  mutating func remember(_ what: Remembered.What, of node: Int, in instance: ScopeInstance) {
    guard let run = instance.workflow.remembering else { return }
    run.memory[path(of: node, in: instance)] = Remembered(
      what: what, position: position, failure: instance.failure)
  }

  func remembered(_ node: Int, in instance: ScopeInstance) -> Remembered? {
    guard let run = instance.workflow.remembering, !run.memory.isEmpty else { return nil }
    return run.memory[path(of: node, in: instance)]
  }

  /// Whether the scope of a step that was cut off before is to end again now, so that nothing is to be waited for.
  func isRecalledAsCancelled(_ node: Int, in instance: ScopeInstance) -> Bool {
    remembered(node, in: instance)?.isCutOff ?? false
  }

  /// Lets a step come to what it came to before; false where that is not known.
  mutating func recall(_ node: Int, in instance: ScopeInstance, _ commands: inout [Command]) -> Bool {
    guard let remembered = remembered(node, in: instance) else { return false }
    instance.states[node] = .running
    instance.active += 1
    // What cut it off comes again.
    if remembered.isCutOff { return true }
    switch remembered.what {
    case .succeeded(let value):
      complete(node, in: instance, value, at: remembered.position, canBeUndone: true, &commands)
    case .failed(let failure, let attempt):
      instance.active -= 1
      fail(node, in: instance, failure, attempt: attempt, &commands)
    case .given(let value):
      complete(node, in: instance, value, at: remembered.position, canBeUndone: false, &commands)
    case .indeterminate: suspendAgain(node, in: instance, &commands)
    case .cancelled, .doubtful, .waited: preconditionFailure("a call that is not cut off has come to something")
    }
    return true
  }

  private mutating func suspendAgain(_ node: Int, in instance: ScopeInstance, _ commands: inout [Command]) {
    instance.states[node] = .indeterminate
    noteSuspended(in: instance)
    commands.append(
      .hold(
        StepCall(
          id: StepID(instance: instance.number, node: node), scope: instance.scope, arguments: [], attempt: 1,
          delay: .zero, timeout: .zero, basis: 0)))
  }

  // MARK: - Repeating

  /// Whether the body is that of a call that goes on after its failure, now or later.
  mutating func goesOn(after body: ScopeInstance, _ commands: inout [Command]) -> Bool {
    guard let failure = body.failure, !body.isUndoing, body.workflow.ended == nil, let run = body.container,
      case .invocation(let invocation) = run.work, let retry = invocation.retry, !run.isStopped, !run.isPastDeadline
    else { return false }
    if run.rested === body { return true }
    // What has failed without anything having happened would fail again.
    guard run.attempt == 1 || run.begunAt < eventCount else { return false }
    let place = path(of: run.node, in: run.owner)
    let ended = NodeFailure(failure.kind, failure.message, retryAfter: failure.retryAfter)
    let delay: TimeSpan
    do throws(EvaluationError) {
      let decided = try RetryDecision.delay(
        after: run.attempt, ended, retry, in: run.owner.frame, seed: "\(runID)/\(place)")
      guard let decided else { return false }
      delay = decided
    } catch {
      let mistake = nodeFailure(error)
      body.failure = RunFailure(kind: mistake.kind, message: mistake.message, path: place, attempt: run.attempt)
      return false
    }
    if ended.asksForTooLong {
      body.failure?.message = ended.tooLongToWaitFor.message
      return false
    }
    if let deadline = run.deadline, now.adding(delay) ?? .latest >= deadline.at {
      run.isPastDeadline = true
      let last = Self.lastBeforeDeadline(ended, run.attempt)
      body.failure = RunFailure(kind: last.kind, message: last.message, path: place, attempt: run.attempt)
      return false
    }
    if let budget = run.budget, budget.isOver(at: now.adding(delay) ?? .latest) {
      body.failure?.message = budget.last(ended, run.attempt).message
      return false
    }
    forget(because: failure, in: run)
    run.rested = body
    run.running = []
    if delay == .zero {
      resume(run)
      return true
    }
    let id = StepID(instance: run.owner.number, node: run.node)
    resting[id] = run
    let time = StepWait.Time(at: now.adding(delay) ?? .latest, chosen: nil, isTimeOfDay: false)
    commands.append(.wait(StepWait(id: id, path: "\(place)@\(Plan.retryName)", times: [time], signals: [])))
    return true
  }

  /// Begins the workflow anew.
  mutating func resume(_ run: InnerRun) {
    guard let body = run.rested, case .invocation(let invocation) = run.work else { return }
    run.rested = nil
    body.isOver = true
    run.attempt += 1
    run.begunAt = eventCount
    run.basis = max(run.basis, body.lastBasis, position)
    let callee = plan.plan.callees[invocation.callee]
    let arguments = Array(body.frame.values.prefix(callee.parameters.count + callee.secrets.count))
    keep(body.undoable, of: run)
    free(body)
    begin(run, with: arguments)
  }

  /// The scope around a call ends while that is to go on later; gives its body, which ends too.
  mutating func wake(_ run: InnerRun, _ commands: inout [Command]) -> ScopeInstance? {
    guard let body = run.rested else { return nil }
    let id = StepID(instance: run.owner.number, node: run.node)
    resting[id] = nil
    commands.append(.withdraw(id))
    run.rested = nil
    run.running = [body]
    return body
  }

  /// Forgets what ended otherwise than well because of a failure.
  private func forget(because failure: RunFailure, in run: InnerRun) {
    let run = run.owner.workflow.remembering ?? run
    run.memory[failure.path] = nil
    for limit in TimeLimit.allCases { run.memory[limit.path(of: failure.path)] = nil }
    for (path, remembered) in run.memory {
      switch remembered.what {
      case .failed, .cancelled: if remembered.failure == failure { run.memory[path] = nil }
      case .indeterminate:
        if remembered.failure == failure {
          run.memory[path] = remembered.inDoubtAgain
        } else if remembered.failure != nil {
          run.memory[path]?.what = .doubtful
        }
      case .doubtful:
        if remembered.failure == failure { run.memory[path] = remembered.inDoubtAgain }
      case .succeeded, .given, .waited: break
      }
    }
  }

  // MARK: - Settling

  /// The steps that a person may settle although nobody waits for them at the moment, by their paths.
  var forgottenSteps: [String] {
    remembering.flatMap { run in
      run.memory.compactMap { path, remembered in
        if case .indeterminate = remembered.what { path } else { nil }
      }
    }
  }

  /// Whether a person may settle the step although nobody waits for it at the moment.
  func isForgotten(_ path: String) -> Bool { remembering.contains { $0.memory[path]?.isInDoubt == true } }

  /// Somebody has settled a step that nobody waits for at the moment.
  mutating func settle(_ path: String, _ settlement: Settlement, at position: Int) {
    for run in remembering {
      guard let remembered = run.memory[path], remembered.isInDoubt else { continue }
      switch settlement {
      case .done(let value):
        run.memory[path] = Remembered(what: .succeeded(value), position: position, failure: nil)
      case .retry:
        // One that is cut off again comes to nothing until then.
        if remembered.isCutOff { run.memory[path]?.what = .cancelled } else { run.memory[path] = nil }
      case .fail(let message):
        run.memory[path] = Remembered(
          what: .failed(NodeFailure("indeterminate", message), attempt: 1), position: position, failure: nil)
      }
    }
  }

  /// Whether what a called workflow has done stays although it has failed, as a call around it may go on after the
  /// failure, which nothing in between handles. That one undoes it, when it fails for the last time.
  func isKept(_ run: InnerRun) -> Bool {
    if run.fallsBack, !run.isStopped { return false }
    guard run.owner.workflow.remembering != nil else { return false }
    var owner = run.owner
    while let around = owner.container {
      let isEnded = owner.workflow.ended != nil
      owner = around.owner
      // What ends because of a failure further out decides nothing.
      if around.isStopped { continue }
      switch around.work {
      case .invocation(let invocation):
        if invocation.retry != nil, !isEnded { return true }
        if invocation.fallback != nil { return false }
      case .loop(let loop): if loop.onError == .skip { return false }
      case .attempt: if around.tried == nil { return false }
      case .iteration: break
      case .compensation, .verification: return false
      }
    }
    return false
  }
}
