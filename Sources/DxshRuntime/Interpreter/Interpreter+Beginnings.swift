import DxshExpressions
import DxshPlan
import DxshTime

/// How long further attempts may begin after the first did: the `budget` of a `retry`.
struct RetryBudget {
  let span: TimeSpan
  /// When no other may begin any more; nil before the first attempt.
  private(set) var end: Timestamp?

  init(_ span: TimeSpan) { self.span = span }

  /// The first attempt begins, unless another did.
  mutating func begin(at start: Timestamp) { end = end ?? start.adding(span) ?? .latest }

  /// It counts anew from the next attempt.
  mutating func renew() { end = nil }

  mutating func shift(by change: TimeSpan) { end = end.map { $0.adding(change) ?? $0 } }

  /// Whether an attempt at that time would begin too late.
  func isOver(at time: Timestamp) -> Bool { end.map { time > $0 } ?? false }

  /// The failure of the last attempt.
  func last(_ failure: NodeFailure, _ attempt: Int) -> NodeFailure {
    NodeFailure(
      failure.kind, "\(failure.message); the budget of \(span) is used up before attempt \(attempt + 1)",
      isOutcomeUnknown: failure.isOutcomeUnknown, retryAfter: failure.retryAfter)
  }
}

/// What counts to, or from, the beginning of a step's first attempt (rule 42): `start_by`, how long it may wait for
/// that from when it is ready, and the `budget` of its `retry`. The journal says when that is of every step that has
/// one of them, whatever node it calls.
extension Interpreter {
  /// Before the first attempt of a step, or of a poll.
  /// - ready: when that could begin
  func expectBeginning(
    of call: PlanCall, _ node: Int, in instance: ScopeInstance, from ready: Timestamp
  ) throws(EvaluationError) {
    if let startBy = call.startBy {
      instance.starts[node] = StepDeadline(try PolicyValue.span(startBy, "`start_by`", in: instance.frame), from: ready)
    }
    if let budget = call.retry?.budget {
      instance.budgets[node] = RetryBudget(try PolicyValue.span(budget, "`budget` of `retry`", in: instance.frame))
    }
  }

  /// An attempt has begun.
  func noteBeginning(of node: Int, in instance: ScopeInstance) {
    if !instance.starts.isEmpty { instance.starts[node] = nil }
    if !instance.budgets.isEmpty { instance.budgets[node]?.begin(at: now) }
  }

  /// By when the first attempt of a step has to begin; nil where one has, and where it does not matter.
  func latestStart(of id: StepID) -> (at: Timestamp, within: TimeSpan)? {
    // The instance may be another's by now, of fewer nodes.
    guard let instance = instances[Int(id.instance)], let start = instance.starts[Int(id.node)],
      instance.states[Int(id.node)] == .running
    else { return nil }
    return (start.at, start.span)
  }

  /// No attempt has begun in time.
  static func lateStart(_ span: TimeSpan, waitedFor what: String) -> NodeFailure {
    NodeFailure(timeoutKind, "no attempt began within the \(span) of `start_by`: it waited for \(what)")
  }

  static let timeoutKind = "timeout"

  /// Whether a failure is that no attempt has begun in time, after which there is none.
  func isLateStart(_ failure: NodeFailure, of node: Int, in instance: ScopeInstance) -> Bool {
    failure.kind == Self.timeoutKind && instance.starts[node] != nil
  }

  /// What a step fails with where its next attempt, after a delay, would begin too late; nil where it is made.
  mutating func end(
    of node: Int, in instance: ScopeInstance, after failure: NodeFailure, _ attempt: Int, delay: TimeSpan
  ) -> NodeFailure? {
    if failure.asksForTooLong { return failure.tooLongToWaitFor }
    let next = now.adding(delay) ?? .latest
    if let deadline = instance.deadlines[node]?.at, next >= deadline {
      return Self.lastBeforeDeadline(failure, attempt)
    }
    if let start = instance.starts[node], next >= start.at {
      return Self.lateStart(
        start.span, waitedFor: "another attempt after \(failure.kind), at attempt \(attempt): \(failure.message)")
    }
    // One that was refused has not begun, but counts.
    instance.budgets[node]?.begin(at: now)
    guard let budget = instance.budgets[node], budget.isOver(at: next) else { return nil }
    if outOfBudget != nil {
      let place = path(of: node, in: instance)
      outOfBudget?.insert(place)
    }
    return budget.last(failure, attempt)
  }

  /// The clock was set.
  func shiftBeginnings(by change: TimeSpan) {
    for case let instance? in instances {
      for node in instance.starts.keys { instance.starts[node]?.shift(by: change) }
      for node in instance.budgets.keys { instance.budgets[node]?.shift(by: change) }
      for inner in instance.inner.values { inner.budget?.shift(by: change) }
    }
  }

  /// The run goes on after its end.
  func renewBeginnings() {
    for case let instance? in instances {
      for node in instance.starts.keys { instance.starts[node]?.begin(at: now) }
      for node in instance.budgets.keys { instance.budgets[node]?.renew() }
      for inner in instance.inner.values { inner.renewBudget(at: now) }
    }
  }
}

extension InnerRun {
  /// A person was asked about something inside, or the run goes on after its end.
  func renewBudget(at time: Timestamp) {
    budget?.renew()
    budget?.begin(at: time)
  }
}

extension PlanCall {
  /// Whether the journal says when its attempts begin, also where its node answers at once.
  var countsFromBeginning: Bool { startBy != nil || retry?.budget != nil }
}
