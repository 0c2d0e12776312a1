package import DxshExpressions
package import DxshTime

/// What a run has done so far: all events of its journal, in their order, the first of them `started`.
package struct RunHistory: Sendable {
  package let events: [RecordedEvent]
  /// The number of the batch that comes next.
  package let nextBatch: Int
  /// One value for each parameter of the plan.
  package let input: [Value]

  /// A run that is about to start.
  package init(input: [Value], startedAt: Timestamp) {
    self.events = [RecordedEvent(path: "", kind: .started(input: input), at: startedAt)]
    self.nextBatch = 1
    self.input = input
  }

  /// Throws `.damaged` when a batch is missing or is not what was written.
  package init(_ batches: [JournalBatch]) throws(RunStoreError) {
    var events: [RecordedEvent] = []
    for (number, batch) in batches.enumerated() {
      guard batch.number == number else {
        throw RunStoreError(.damaged, "part \(number) of the journal is missing; restore the store from a backup")
      }
      events += try JournalCodec.decode(batch)
    }
    guard case .started(let input)? = events.first?.kind else {
      throw RunStoreError(.damaged, "the journal has no beginning; restore the store from a backup")
    }
    self.events = events
    self.nextBatch = batches.count
    self.input = input
  }

  private init(_ events: [RecordedEvent], nextBatch: Int, input: [Value]) {
    self.events = events
    self.nextBatch = nextBatch
    self.input = input
  }

  /// With one more batch.
  package func adding(_ batch: [RecordedEvent]) -> RunHistory {
    RunHistory(events + batch, nextBatch: nextBatch + 1, input: input)
  }

  /// The batch that a new run begins with.
  package var firstBatch: JournalBatch { JournalBatch(number: 0, bytes: JournalCodec.encode(events)) }

  /// The number of the last message that it has taken in; 0 before the first.
  package var seen: Int64 {
    events.reduce(0) { seen, event in
      if case .received(_, let number) = event.kind { max(seen, number) } else { seen }
    }
  }

  /// How the run ended; nil when it has not.
  package var outcome: RunOutcome? {
    if case .ended(let outcome)? = events.last?.kind { outcome } else { nil }
  }
}
