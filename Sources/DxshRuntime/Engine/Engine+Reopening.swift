package import DxshPlan

/// What a run that has ended, and not well, would do again if it were reopened.
///
/// What led to the end is forgotten: the failure of the step that the run failed at, whatever was cut off or failed
/// while the run was ending, and `finally`. What was undone because of it is to be made again, and with it all that was
/// computed from it. Everything else stays, failures that were handled included.
package struct Reopening: Sendable {
  /// The paths of the steps of which nothing is to count any more, sorted.
  package var dropped: [String]
  /// Those of them that must not be repeated, and took place or may have: they would be.
  package var repeated: [String]
  /// Why the run would fail again at once: nothing that this was computed from is to be made again.
  package var failure: RunFailure?

  /// Throws `.damaged` when the journal does not fit the plan.
  /// - history: of a run that has failed, was rejected or cancelled
  /// - steps: the paths of steps that are to be made again with all that depends on them
  /// - makeEngine: an engine for the run with another history, which is not run
  package init(
    of history: RunHistory, _ plan: Plan, from steps: Set<String> = [], makeEngine: (RunHistory) -> Engine
  ) async throws(RunStoreError) {
    let standing = history.standing.indices.map { history.events[$0] }
    let completed = Set(standing.filter(\.isCompletion).map(\.path))
    let isUndone = { (path: String) in completed.contains(Plan.compensationPath(of: path)) }
    var dropped = steps
    if let end = history.outcome?.failure {
      dropped.formUnion(try await makeEngine(history).stepsEnded(by: end))
      // Of a workflow that was over because of a limit, that this was used up.
      let moments = TimeLimit.allCases.map { $0.path(of: end.path) }
      dropped.formUnion(standing.map(\.path).filter { !$0.isEmpty && ($0 == end.path || moments.contains($0)) })
    }
    // The run has all of its time anew, whatever it failed with.
    dropped.formUnion(standing.map(\.path).filter { TimeLimit.limited(by: $0)?.call == "" })
    let kept = standing.contains(where: \.isMigration) ? try await makeEngine(history).stepsKept() : []
    while true {
      let event = RecordedEvent(path: "", kind: .reopened(dropped: dropped.sorted()), at: standing[0].at)
      let trial = try await makeEngine(history.adding([event])).stepsWithoutCause()
      // Of what was done under another plan, what was wanted and is not any more.
      var found = trial.steps.union(trial.kept.subtracting(kept))
      // What was undone is not done, whatever becomes of what undid it.
      found.formUnion(dropped.union(found).compactMap { Plan.undone(by: $0) }.filter(isUndone))
      failure = trial.failure
      if found.isSubset(of: dropped) { break }
      dropped.formUnion(found)
    }
    self.dropped = dropped.sorted()
    let paths = PlanPaths(plan)
    repeated = history.steps(of: plan, isClaimed: false).compactMap { step in
      guard step.status == .succeeded || step.status == .indeterminate, dropped.contains(step.path),
        paths.call(at: step.path)?.effect == .once, Plan.undone(by: step.path) == nil, !isUndone(step.path)
      else { return nil }
      return step.path
    }
  }
}

extension Engine {
  /// What is learned from a journal while it is folded.
  struct Survey {
    /// The failure that the run ended with: steps that ended otherwise than well because of it are noted.
    var end: RunFailure?
    /// Whether steps that the journal speaks of, and that are not wanted, are noted.
    var takesStrays = false
    var steps: Set<String> = []

    /// - failure: why the scope that the step stands in is ending
    mutating func note(_ event: RecordedEvent, in failure: RunFailure?) {
      guard let end, failure == end else { return }
      switch event.kind {
      case .attemptFailed, .refused, .cancelled, .settled(.fail): steps.insert(event.path)
      // In a workflow that has gone on after the same failure.
      case .succeeded, .recalled, .fellBack: steps.remove(event.path)
      case .started, .attemptStarted, .polled, .indeterminate, .settled, .cancelRequested, .received, .timeReached,
        .clock, .resumed, .migrated, .ended, .reopened:
        break
      }
    }
  }

  /// The steps that were cut off, or failed, when the run was ending already.
  fileprivate func stepsEnded(by failure: RunFailure) throws(RunStoreError) -> Set<String> {
    try survey(Survey(end: failure)).steps
  }

  /// The steps that the journal speaks of although nothing that counts leads to them; and why the run fails where the
  /// journal ends, if it does.
  fileprivate func stepsWithoutCause() throws(RunStoreError)
    -> (steps: Set<String>, kept: Set<String>, failure: RunFailure?)
  {
    let found = try survey(Survey(takesStrays: true))
    return (found.steps, kept.paths.union(kept.others), interpreter.failure ?? outcome?.failure)
  }

  /// The steps that were done under another plan, and were not wanted by the end.
  fileprivate func stepsKept() throws(RunStoreError) -> Set<String> {
    _ = try survey(Survey())
    return kept.paths.union(kept.others)
  }

  private func survey(_ survey: Survey) throws(RunStoreError) -> Survey {
    isOpening = true
    var replay = Replay()
    replay.survey = survey
    try fold(&replay)
    return replay.survey ?? survey
  }
}

extension RecordedEvent {
  fileprivate var isMigration: Bool { if case .migrated = kind { true } else { false } }
}

extension RunOutcome {
  /// Why its scopes ended; nil when it succeeded.
  fileprivate var failure: RunFailure? {
    switch self {
    case .succeeded: nil
    case .failed(let failure): failure
    case .cancelled: .cancellation
    }
  }
}
