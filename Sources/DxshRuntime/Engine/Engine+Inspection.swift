import DxshTime
import HeapModule

/// Looking at a run without going on with it.
extension Engine {
  /// Of so many steps at the front it is worked out what waits for them.
  private static let frontLimit = 50

  /// Folds the journal, as going on with the run would, and says how it then stands; calls nothing and writes nothing.
  /// To be called instead of `run`, on an engine with a store that records, which is never asked for anything. Throws
  /// `.damaged` when the journal does not fit the plan.
  package func inspect() throws(RunStoreError) -> RunSituation {
    // A drained engine puts what it would call into its queue.
    isDraining = true
    trace = RunTrace()
    interpreter.outOfBudget = []
    try replay()
    if history.events.count == 1 { traceCommands() }
    while performNext() {}
    var situation = RunSituation(outcome: outcome, trace: trace ?? RunTrace())
    var front = 0
    func behind(_ id: StepID) -> RunSituation.Behind {
      front += 1
      return front <= Self.frontLimit ? interpreter.behind(id) : .init(count: 0, first: [])
    }
    for call in queue.calls { situation.attempts.append(attempt(call, nil, behind(call.id))) }
    for alarm in (alarms.unordered + heldAlarms).sorted(by: <) {
      guard case .start(let call) = alarm.kind else { continue }
      situation.attempts.append(attempt(call, alarm.at, behind(call.id)))
    }
    for (id, wait) in waits.sorted(by: { Self.order($0.value) < Self.order($1.value) }) {
      situation.waits.append(
        .init(step: WaitingStep(wait), since: trace?[wait.step.path]?.readyAt, behind: behind(id)))
    }
    for (id, path) in indeterminate.sorted(by: { $0.value < $1.value }) {
      situation.undecided.append(.init(path: path, behind: behind(id)))
    }
    situation.kept = kept.paths.sorted()
    situation.outOfBudget = interpreter.outOfBudget ?? []
    return situation
  }

  /// What is over first, or should be, comes first.
  private static func order(_ wait: OpenWait) -> (Timestamp, String) {
    (wait.step.times.map(\.at).min() ?? .latest, wait.step.path)
  }

  /// What the run begins with: nothing else of it was folded.
  private func traceCommands() {
    for command in commands[nextCommand...] {
      switch command {
      case .call(let call): trace?.call(interpreter.path(of: call.id), at: history.events[0].at)
      case .wait(let wait): trace?.begin(wait, at: history.events[0].at)
      case .cancel, .withdraw, .hold, .conclude, .end: break
      }
    }
  }

  private func attempt(
    _ call: StepCall, _ notBefore: Timestamp?, _ behind: RunSituation.Behind
  ) -> RunSituation.Attempt {
    RunSituation.Attempt(
      path: interpreter.path(of: call.id), number: call.attempt, limit: interpreter.attemptLimit(of: call.id),
      notBefore: notBefore, needs: call.needs.flatMap { $0.reservesNothing ? nil : $0 }, behind: behind)
  }
}
