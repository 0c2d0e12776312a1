import DxshExpressions
import DxshPlan

/// What steps did under a plan that the run had before, and that the plan it has now wants later: behind a step that is
/// new, for instance. It counts when it is wanted, and is then recorded once more: so the journal says in which order
/// the run took it.
extension Engine {
  struct Kept {
    struct Result {
      let value: Value
      /// Of its event in the journal, from 1.
      let position: Int
      /// Whether the step failed, and gave what its `fallback` says: it has not taken place.
      let isGiven: Bool
    }

    /// What steps gave, by their paths.
    private(set) var results: [String: Result] = [:]
    /// Which times of waits had come.
    private(set) var times: [String: (chosen: Int?, position: Int)] = [:]
    /// Steps that had begun, and that nobody saw end.
    private(set) var begun: Set<String> = []
    /// Steps of which anything else is known: that counts for nothing.
    private(set) var others: Set<String> = []

    var isEmpty: Bool { results.isEmpty && times.isEmpty && begun.isEmpty && others.isEmpty }

    func has(_ path: String) -> Bool {
      results[path] != nil || times[path] != nil || begun.contains(path)
    }

    mutating func add(_ event: RecordedEvent, position: Int) {
      switch event.kind {
      case .succeeded(let value), .recalled(let value), .settled(.done(let value)):
        begun.remove(event.path)
        results[event.path] = Result(value: value, position: position, isGiven: false)
      case .fellBack(let value):
        begun.remove(event.path)
        results[event.path] = Result(value: value, position: position, isGiven: true)
      // When a workflow has to be over is what the new plan says.
      case .timeReached where TimeLimit.limited(by: event.path) != nil: break
      // That a call may be repeated says nothing of how it fails under another plan.
      case .timeReached where event.path.hasSuffix("@\(Plan.retryName)"): break
      case .timeReached(let chosen): times[event.path] = (chosen, position)
      case .attemptStarted, .indeterminate: begun.insert(event.path)
      case .polled, .attemptFailed, .refused, .settled(.retry), .settled(.fail), .cancelled:
        begun.remove(event.path)
        others.insert(event.path)
      case .started, .cancelRequested, .received, .clock, .resumed, .ended, .reopened, .migrated: break
      }
    }

    mutating func takeResult(of path: String) -> Result? { results.removeValue(forKey: path) }

    mutating func takeTime(of path: String) -> (chosen: Int?, position: Int)? { times.removeValue(forKey: path) }

    mutating func takeBegun(_ path: String) -> Bool { begun.remove(path) != nil }

    /// Whether somebody has found out about a step that had begun; one that is to fail is asked about when it is
    /// wanted.
    func isSettled(by settlement: Settlement, _ path: String) -> Bool {
      if case .fail = settlement { false } else { begun.contains(path) }
    }

    /// It has been taken, or done anew.
    mutating func drop(_ path: String) {
      results[path] = nil
      times[path] = nil
      begun.remove(path)
      others.remove(path)
    }

    var paths: Set<String> { begun.union(results.keys).union(times.keys) }
  }

  /// Lets a call end as it did before, if it did; false when it is to be made.
  func takeKept(_ call: StepCall) -> Bool {
    if kept.isEmpty { return false }
    let path = interpreter.path(of: call.id)
    let bound = bound.call(scope: call.scope, node: Int(call.id.node))
    if let result = kept.takeResult(of: path) {
      do {
        let typed = result.value.isNone ? .none : try bound.decoder.decode(result.value)
        let end: RecordedEvent.Kind =
          result.isGiven ? .fellBack(typed) : typed.isNone ? .settled(.done(.none)) : .succeeded(typed)
        let position = record(path, end)
        interpreter.apply(
          result.isGiven ? .given(call.id, typed) : .succeeded(call.id, typed), at: position, &commands)
      } catch {
        fail(call.id, attempt: call.attempt, bound.plan.effect, NodeFailure("decode", error.message))
      }
      return true
    }
    guard kept.takeBegun(path), bound.plan.effect == .once else { return false }
    noteIndeterminate(call.id, attempt: call.attempt, Self.doubt)
    return true
  }

  /// Lets a wait that begins be over at once, if it was before.
  func takeKept(_ wait: StepWait) {
    guard let (chosen, _) = kept.takeTime(of: wait.path), wait.times.contains(where: { $0.chosen == chosen })
    else { return }
    let position = record(wait.path, .timeReached(chosen: chosen))
    interpreter.apply(.timeReached(wait.id, chosen: chosen), at: position, &commands)
  }
}
