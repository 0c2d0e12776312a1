package import DxshPlan
package import DxshTime

/// What became of a step, as far as the journal says.
package struct StepRecord: Sendable, Equatable {
  /// The words of rule 61.
  package enum Status: String, Sendable {
    case pending, running, waiting, succeeded, failed, skipped, cancelled, indeterminate
  }

  package var path: String
  package var status: Status
  /// Attempts that the journal knows of; a step that answers at once has no record of its start.
  package var attempts: Int
  package var startedAt: Timestamp?
  package var endedAt: Timestamp?
  /// Why it failed, or why nobody knows.
  package var message: String?
  /// Whether it failed, as the message says, and gave what its `fallback` says.
  package var isDegraded = false
  /// Whether it was not called, as its result was there.
  package var isCached = false

  /// Whether a person has to say how it ended, in a run that has paused.
  package var needsDecision: Bool {
    status == .indeterminate || status == .failed && Plan.undone(by: path) != nil
  }
}

extension RunHistory {
  /// Every step that the journal speaks of, in the order in which it first does; after a reopening without those that
  /// are to be made again.
  ///
  /// A `once` step that was under way when its process died is indeterminate, whether or not a later process has said
  /// so.
  /// - isClaimed: whether a process is at the run
  package func steps(of plan: Plan, isClaimed: Bool) -> [StepRecord] {
    var records: [StepRecord] = []
    var positions: [String: Int] = [:]
    for index in standing.indices where !events[index].path.isEmpty {
      let event = events[index]
      // That a workflow had to be over is no step.
      if TimeLimit.limited(by: event.path) != nil { continue }
      let position = positions[event.path] ?? records.count
      if position == records.count {
        positions[event.path] = position
        records.append(StepRecord(path: event.path, status: .pending, attempts: 0))
      }
      records[position].apply(event)
    }
    if !isClaimed {
      let running = records.indices.filter { records[$0].status == .running }
      let paths = running.isEmpty ? nil : PlanPaths(plan)
      for position in running where paths?.call(at: records[position].path)?.effect == .once {
        records[position].status = .indeterminate
        records[position].message = Engine.doubt
      }
    }
    return records
  }
}

extension StepRecord {
  fileprivate mutating func apply(_ event: RecordedEvent) {
    switch event.kind {
    case .started, .cancelRequested, .resumed, .ended, .received, .clock, .reopened, .migrated: break
    case .attemptStarted(let attempt):
      status = .running
      attempts = max(attempts, attempt)
      if startedAt == nil { startedAt = event.at }
    case .recalled:
      status = .succeeded
      isCached = true
      message = nil
      endedAt = event.at
    case .fellBack:
      status = .succeeded
      isDegraded = true
      endedAt = event.at
    case .succeeded, .settled(.done), .timeReached:
      status = .succeeded
      attempts = max(attempts, 1)
      message = nil
      endedAt = event.at
    case .polled:
      status = .waiting
      attempts = max(attempts, 1)
      message = nil
      endedAt = event.at
    case .attemptFailed(let attempt, let kind, let text, let pause):
      status = .failed
      attempts = max(attempts, attempt)
      message = "\(kind): \(text)" + NodeFailure.words(retryAfter: pause)
      endedAt = event.at
    case .refused(let attempt, let breaker, let until):
      let failure = NodeFailure.refused(by: breaker, until: until)
      status = .failed
      attempts = max(attempts, attempt)
      message = "\(failure.kind): \(failure.message)"
      endedAt = event.at
    case .indeterminate(let attempt, let text):
      status = .indeterminate
      attempts = max(attempts, attempt)
      message = text
    case .settled(.retry):
      status = .pending
      message = nil
    case .settled(.fail(let text)):
      status = .failed
      message = "indeterminate: \(text)"
      endedAt = event.at
    case .cancelled:
      status = .cancelled
      endedAt = event.at
    }
  }
}
