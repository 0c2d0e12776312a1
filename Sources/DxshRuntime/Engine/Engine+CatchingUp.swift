import DxshExpressions
import DxshPlan
import DxshTime

/// Going on with a run under a plan that makes other pure steps than the one that its journal was recorded under, as an
/// optimizer of another version makes them: fewer, since some are merged or moved out of loops, or more.
///
/// What a pure step gives depends on nothing but its arguments. So a result that the journal has counts for the step
/// that stands for it now, and where the journal goes on without the result of a step, it is taken from one with the
/// same arguments, or computed again.
extension Engine {
  struct CatchingUp {
    fileprivate typealias Step = (id: StepID, order: Int)

    /// What a pure step gives.
    fileprivate struct Question: Hashable {
      let node: String
      let result: Type
      let arguments: [Constant]

      init(_ call: StepCall, _ bound: BoundPlan.Call) {
        node = bound.plan.node
        result = bound.plan.result
        arguments = call.arguments.map(Constant.init)
      }
    }

    /// Pure steps that have become wanted, and steps that are not wanted any more, in their order: the numbers of their
    /// commands.
    fileprivate var wanted: [Step] = []
    fileprivate var next = 0
    /// Those that fail: that counts only where nothing else leads on.
    fileprivate var failing: [Step] = []
    /// Those that would have to be waited for.
    fileprivate var unknown: [Step] = []
    /// What pure steps gave so far whose nodes do not answer at once, as far as it is not among the answers yet.
    fileprivate var given: [(call: StepCall, answer: Result<Value, NodeFailure>)] = []
    fileprivate var answers: [Question: Result<Value, NodeFailure>] = [:]
    /// The paths of those that ended so; the journal may still say how.
    fileprivate(set) var ended: Set<String> = []
    /// What pure steps gave that were not wanted, by their paths.
    private var strays: [String: Value] = [:]
    /// Whether pure steps were cut off by a failure that had ended under the other plan: what came of them there is not
    /// wanted here any more.
    fileprivate(set) var hasCutOff = false
    /// Steps that are to be made again because somebody wants it.
    fileprivate var dropped: Set<String>?

    mutating func want(_ id: StepID, order: Int) { wanted.append((id, order)) }

    /// A pure step's end that nobody waits for: it may be what others are to give.
    mutating func keep(_ event: RecordedEvent) {
      if case .succeeded(let value) = event.kind { strays[event.path] = value }
    }

    /// What the step of a path gave, or the one that stood for it outside its loop: without its innermost indices.
    fileprivate func stray(_ path: String) -> Value? {
      if strays.isEmpty { return nil }
      var path = path[...]
      while true {
        if let value = strays[String(path)] { return value }
        guard path.last == "]", let index = path.lastIndex(of: "[") else { return nil }
        path = path[..<index]
      }
    }

    /// The next step to look at, and whether its failure counts.
    /// - failing: whether it may be one that fails
    fileprivate mutating func take(failing takesFailing: Bool) -> (step: Step, counts: Bool)? {
      if next < wanted.count {
        next += 1
        return (wanted[next - 1], false)
      }
      return failing.isEmpty || !takesFailing ? nil : (failing.removeFirst(), true)
    }
  }

  /// Whether the call is of a step of which another may take the place.
  func isCaughtUp(_ call: StepCall) -> Bool {
    bound.call(scope: call.scope, node: Int(call.id.node)).plan.isReplaceable
  }

  /// What came of a pure step that is not wanted may be what comes of another. True when nothing more is to be done
  /// about the event.
  func takeForOther(
    _ event: RecordedEvent, position: Int, _ replay: inout Replay
  ) throws(RunStoreError) -> Bool {
    let call = paths.call(at: event.path)
    if let call, !call.isReplaceable { return false }
    guard let source = copies.source(of: event.path, in: paths), let id = replay.names[source],
      let step = replay.steps[id], isCaughtUp(step.call)
    else { return false }
    switch event.kind {
    case .succeeded: break
    case .attemptFailed(let attempt, _, _, _): guard attempt == step.call.attempt else { return true }
    case .started, .resumed, .ended, .cancelRequested, .received, .timeReached, .clock, .reopened, .migrated,
      .attemptStarted, .recalled, .polled, .refused, .fellBack, .indeterminate, .settled, .cancelled:
      return true
    }
    try apply(RecordedEvent(path: source, kind: event.kind, at: event.at), to: step.call, position: position, &replay)
    return true
  }

  /// Lets pure steps end that the journal says nothing of, and steps that were not wanted any more and never began,
  /// until a step or a wait is wanted, with nil the run has ended, or none is left.
  func catchUp(
    to path: String?, at time: Timestamp, position: Int, _ replay: inout Replay
  ) {
    if !replay.catchingUp.unknown.isEmpty {
      replay.catchingUp.wanted += replay.catchingUp.unknown
      replay.catchingUp.unknown = []
    }
    let dropped = replay.catchingUp.dropped ?? droppedSteps
    replay.catchingUp.dropped = dropped
    let call = path.flatMap { paths.call(at: $0) }
    while outcome == nil, path.map({ replay.names[$0] == nil }) ?? true,
      let (next, counts) = replay.catchingUp.take(failing: call?.isReplaceable != true)
    {
      guard let step = replay.awaited(next.id, order: next.order) else { continue }
      // What had begun, and may be seen, ends as the journal says, if it does.
      if step.isCancelled, step.hasStarted, !isCaughtUp(step.call) { continue }
      let own = interpreter.path(of: next.id)
      if dropped.contains(own) { continue }
      var event = RunEvent.cancelled(next.id)
      if !step.isCancelled {
        switch answer(step.call, &replay) {
        case .success(let value): event = .succeeded(next.id, value)
        case .failure(let failure): event = .attemptFailed(next.id, attempt: step.call.attempt, failure)
        case nil:
          replay.catchingUp.unknown.append(next)
          continue
        }
      }
      if case .attemptFailed = event, !counts {
        replay.catchingUp.failing.append(next)
        continue
      }
      if step.isCancelled { replay.catchingUp.hasCutOff = true } else { replay.catchingUp.ended.insert(own) }
      forget(next.id, own, &replay)
      interpreter.now = time
      interpreter.apply(event, at: position, &commands)
      collect(&replay, at: time)
    }
  }

  /// Remembers what came of a pure step.
  func note(_ answer: Result<Value, NodeFailure>, of call: StepCall, _ replay: inout Replay) {
    let bound = bound.call(scope: call.scope, node: Int(call.id.node))
    if bound.plan.isReplaceable, bound.immediate == nil { replay.catchingUp.given.append((call, answer)) }
  }

  /// Nil where it would have to be waited for.
  private func answer(_ call: StepCall, _ replay: inout Replay) -> Result<Value, NodeFailure>? {
    let bound = bound.call(scope: call.scope, node: Int(call.id.node))
    for (call, answer) in replay.catchingUp.given {
      replay.catchingUp.answers[.init(call, self.bound.call(scope: call.scope, node: Int(call.id.node)))] = answer
    }
    replay.catchingUp.given = []
    if let answer = replay.catchingUp.answers[.init(call, bound)] { return answer }
    if let value = replay.catchingUp.stray(interpreter.path(of: call.id)) { return decode(value, bound) }
    guard let node = bound.immediate else { return nil }
    do throws(NodeFailure) {
      switch try node.answer(request(call, bound), in: context) {
      case .value(let value), .after(_, let value): return decode(value, bound)
      }
    } catch {
      return .failure(error.redacted(by: redactor))
    }
  }

  private var droppedSteps: Set<String> {
    history.events.reduce(into: []) { dropped, event in
      if case .reopened(let steps) = event.kind { dropped.formUnion(steps) }
    }
  }
}

extension PlanCall {
  /// Whether it does not matter when it is made, how often, or whether at all: it is pure, its result is not looked at
  /// before it counts, nothing undoes it or takes its
  /// place, and no other run has a part in it.
  var isReplaceable: Bool {
    effect == .pure && poll == nil && compensation == nil && fallback == nil && cache == nil && limits == nil
  }
}
