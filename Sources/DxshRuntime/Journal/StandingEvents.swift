import DxshPlan

/// What of a journal counts: everything, but for what a reopening has dropped.
package struct StandingEvents: Sendable {
  /// The places of the events that count, from 0, in their order.
  package private(set) var indices: [Int] = []
  /// How often each step had been undone before it was to be made again, by its path.
  package private(set) var undone: [String: Int] = [:]
  /// How often the run was reopened.
  package private(set) var reopenings = 0
  /// How many events there are before the run got the plan that it has; 0 when it has always had it.
  package private(set) var migration = 0

  package init(_ events: [RecordedEvent]) {
    indices.reserveCapacity(events.count)
    for (index, event) in events.enumerated() {
      switch event.kind {
      case .reopened(let dropped): reopen(Set(dropped), events)
      case .migrated: migrate(before: index, events)
      default: break
      }
      indices.append(index)
    }
  }

  private mutating func reopen(_ dropped: Set<String>, _ events: [RecordedEvent]) {
    reopenings += 1
    // What was done under another plan may be recorded once more.
    let completed = Set(indices.lazy.filter { events[$0].isCompletion }.map { events[$0].path })
    for path in completed.intersection(dropped) {
      if let step = Plan.undone(by: path) { undone[step, default: 0] += 1 }
    }
    indices.removeAll { index in
      switch events[index].kind {
      case .ended, .cancelRequested, .received(.cancel, _), .received(.pause, _), .received(.resume, _): true
      case .started, .received(.signal, _), .clock, .resumed, .reopened, .migrated: false
      case .attemptStarted, .succeeded, .recalled, .polled, .attemptFailed, .refused, .fellBack, .indeterminate,
        .settled, .cancelled,
        .timeReached:
        dropped.contains(events[index].path)
      }
    }
  }
}

extension StandingEvents {
  /// Of a step that has succeeded only that counts, however often the new plan would have tried it; nothing counts of
  /// one that the plan does not have any more.
  private mutating func migrate(before end: Int, _ events: [RecordedEvent]) {
    migration = end
    let completed = Set(indices.lazy.filter { events[$0].isCompletion }.map { events[$0].path })
    indices.removeAll { index in
      let event = events[index]
      if event.path.isEmpty || event.isCompletion { return RunHistory.isGone(event.path) }
      return completed.contains(event.path) || RunHistory.isGone(event.path)
    }
  }
}

extension RecordedEvent {
  /// Whether the step took place with it.
  package var isCompletion: Bool {
    switch kind {
    case .succeeded, .recalled, .settled(.done): true
    default: false
    }
  }
}

extension RunHistory {
  /// What of it counts.
  package var standing: StandingEvents { StandingEvents(events) }
}
