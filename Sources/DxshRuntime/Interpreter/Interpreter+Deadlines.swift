import DxshExpressions
import DxshPlan
import DxshTime

/// When a step with a `deadline` has to be over.
struct StepDeadline {
  let span: TimeSpan
  private(set) var at: Timestamp

  init(_ span: TimeSpan, from start: Timestamp) {
    self.span = span
    at = start.adding(span) ?? .latest
  }

  /// It counts anew.
  mutating func begin(at start: Timestamp) { self = StepDeadline(span, from: start) }

  mutating func shift(by change: TimeSpan) { at = at.adding(change) ?? at }
}

/// `deadline` (rule 42): counted from when the step first could start, by the journal, so that every process that goes
/// on with the run comes to the same moment. The engine cuts off what is under way then.
///
/// The time in which a person was asked is not the step's: it counts anew when the run is reopened, and when somebody
/// has said that an attempt of which nobody knew is to be made again.
extension Interpreter {
  static let deadlineKind = "deadline"

  /// When a step that is under way, or is to be tried again, has to be over; nil for never, and for one that waits for
  /// a person.
  func deadline(of id: StepID) -> Timestamp? {
    // The instance may be another's by now, of fewer nodes.
    guard let instance = instances[Int(id.instance)], let deadline = instance.deadlines[Int(id.node)]?.at,
      instance.states[Int(id.node)] == .running
    else { return nil }
    return deadline
  }

  /// The clock was set: what counts how long something takes goes on counting.
  mutating func shiftDeadlines(by change: TimeSpan) {
    for run in limited.values { run.deadline?.shift(by: change) }
    shiftAccounts(by: change)
    shiftBeginnings(by: change)
    for case let instance? in instances where !instance.deadlines.isEmpty {
      for node in instance.deadlines.keys { instance.deadlines[node]?.shift(by: change) }
    }
  }

  /// The run goes on after its end: what is to be done again has as much time as at first.
  mutating func renewDeadlines(_ commands: inout [Command]) {
    for run in limited.values.sorted(by: { ($0.owner.number, $0.node) < ($1.owner.number, $1.node) }) {
      renewDeadline(of: run, &commands)
    }
    renewBeginnings()
    renewAccounts([.duration, .active], &commands)
    for case let instance? in instances where !instance.deadlines.isEmpty {
      for node in instance.deadlines.keys { instance.deadlines[node]?.begin(at: now) }
    }
  }

  /// Something has ended, or is to be tried again: if a person was asked about it, the time in which that was is
  /// neither its own nor that of the calls around. What a policy decides takes of its time.
  mutating func noteDecision(about node: Int, in instance: ScopeInstance, _ commands: inout [Command]) {
    guard instance.states[node] == .indeterminate else { return }
    instance.deadlines[node]?.begin(at: now)
    instance.budgets[node]?.renew()
    var inner = instance.container
    while let run = inner {
      renewDeadline(of: run, &commands)
      run.renewBudget(at: now)
      inner = run.owner.container
    }
    noteDecision(inside: instance, &commands)
  }

  /// Of an attempt after which there is no time for another.
  static func lastBeforeDeadline(_ failure: NodeFailure, _ attempt: Int) -> NodeFailure {
    let words = NodeFailure.words(retryAfter: failure.retryAfter)
    let last = "attempt \(attempt) ended with \(failure.kind): \(failure.message)\(words)"
    return NodeFailure(deadlineKind, "its deadline passes before attempt \(attempt + 1); \(last)")
  }
}

/// `deadline` on the call of a workflow: the moment is a wait of its own, `load@deadline`, beside the calls inside.
/// When it comes, the workflow fails as if one of its steps had: what runs is cut off, and what was done is undone.
/// While a person is asked about a step inside, nothing is cut off.
extension Interpreter {
  mutating func watch(_ run: InnerRun, until deadline: StepDeadline, _ commands: inout [Command]) {
    let path = TimeLimit.deadline.path(of: path(of: run.node, in: run.owner))
    let id = StepID.moment(.deadline, of: run)
    // It had passed already when something around was begun anew: it passes again at once.
    let isPast = run.owner.workflow.remembering?.memory[path] != nil
    run.deadline = deadline
    limited[id] = run
    let time = StepWait.Time(at: isPast ? now : deadline.at, chosen: nil, isTimeOfDay: false)
    commands.append(.wait(StepWait(id: id, path: path, times: [time], signals: [])))
  }

  private mutating func renewDeadline(of run: InnerRun, _ commands: inout [Command]) {
    guard var deadline = run.deadline, !run.isPastDeadline, !run.isStopped else { return }
    deadline.begin(at: now)
    forgetDeadline(of: run, &commands)
    watch(run, until: deadline, &commands)
  }

  mutating func forgetDeadline(of run: InnerRun, _ commands: inout [Command]) {
    let id = StepID.moment(.deadline, of: run)
    if limited.removeValue(forKey: id) != nil { commands.append(.withdraw(id)) }
  }

  mutating func passDeadline(of run: InnerRun, _ commands: inout [Command]) {
    forgetDeadline(of: run, &commands)
    // It counts anew when that person has decided.
    if suspended.contains(where: { isInside($0, run) }) { return }
    let place = path(of: run.node, in: run.owner)
    let failure = RunFailure(
      kind: Self.deadlineKind, message: "its deadline has passed", path: place, attempt: run.attempt)
    end(run, failure, past: .deadline, &commands)
  }

  /// A workflow that a step calls is over because of a limit.
  mutating func end(_ run: InnerRun, _ failure: RunFailure, past limit: TimeLimit, _ commands: inout [Command]) {
    // Its `finally` runs however it ends, and one that fails already ends as that.
    if run.running.contains(where: { $0.workflow.ended != nil || $0.failure != nil }) { return }
    run.isPastDeadline = true
    run.owner.workflow.remembering?.memory[limit.path(of: failure.path)] = Remembered(
      what: .waited(chosen: nil, .none), position: position, failure: run.owner.failure)
    if let body = wake(run, &commands) {
      body.failure = failure
      return finishIfDone(body, &commands)
    }
    for body in run.running { stop(body, failure, &commands) }
  }

  func isInside(_ instance: ScopeInstance, _ run: InnerRun) -> Bool {
    var inner = instance.container
    while let around = inner {
      if around === run { return true }
      inner = around.owner.container
    }
    return false
  }
}
