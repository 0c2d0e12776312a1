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
}

extension RunHistory {
  /// Every step that the journal speaks of, in the order in which it first does.
  ///
  /// A `once` step that was under way when its process died is indeterminate, whether or not a later process has said
  /// so.
  /// - isClaimed: whether a process is at the run
  package func steps(of plan: Plan, isClaimed: Bool) -> [StepRecord] {
    var records: [StepRecord] = []
    var positions: [String: Int] = [:]
    for event in events where !event.path.isEmpty {
      let position = positions[event.path] ?? records.count
      if position == records.count {
        positions[event.path] = position
        records.append(StepRecord(path: event.path, status: .pending, attempts: 0))
      }
      records[position].apply(event)
    }
    if !isClaimed {
      for position in records.indices where records[position].status == .running {
        guard plan.call(at: records[position].path)?.effect == .once else { continue }
        records[position].status = .indeterminate
        records[position].message = "it is not known whether it took place: the process that ran it ended"
      }
    }
    return records
  }
}

extension StepRecord {
  fileprivate mutating func apply(_ event: RecordedEvent) {
    switch event.kind {
    case .started, .cancelRequested, .resumed, .ended: break
    case .attemptStarted(let attempt):
      status = .running
      attempts = max(attempts, attempt)
      if startedAt == nil { startedAt = event.at }
    case .succeeded, .settled(.done):
      status = .succeeded
      attempts = max(attempts, 1)
      message = nil
      endedAt = event.at
    case .attemptFailed(let attempt, let kind, let text):
      status = .failed
      attempts = max(attempts, attempt)
      message = "\(kind): \(text)"
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

extension Plan {
  /// The call that a step's path names: `enrich[3]` is the call `enrich`. Nil when there is none.
  package func call(at path: String) -> PlanCall? {
    let name = path.prefix { $0 != "[" }
    var scopes = [body]
    while let scope = scopes.popLast() {
      for node in scope.nodes {
        switch node.kind {
        case .call(let call): if node.path == name { return call }
        case .loop(let loop): scopes.append(loop.body)
        case .value, .condition, .assertion, .failure, .output, .barrier: break
        }
      }
    }
    return nil
  }
}
