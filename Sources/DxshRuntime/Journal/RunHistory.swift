package import DxshExpressions
import DxshPlan
package import DxshTime

/// What a run has done so far: all events of its journal, in their order, the first of them `started`.
package struct RunHistory: Sendable {
  package let events: [RecordedEvent]
  /// The number of the batch that comes next.
  package let nextBatch: Int
  /// One value for each parameter of the plan.
  package let input: [Value]
  /// What steps were called when they first took place, or could have, by what they are called now: by their paths, and
  /// by the same without indices and endings for all of a name. Only those that have another.
  private let origins: [String: String]

  /// Whether some are called otherwise than they were.
  var hasOrigins: Bool { !origins.isEmpty }

  /// What a step was called when it first took place, or could have: what its key names.
  func origin(of path: String) -> String { Self.origin(of: path, in: origins) }

  private static func origin(of path: String, in origins: [String: String]) -> String {
    if origins.isEmpty { return path }
    if let origin = origins[path] { return origin }
    guard let places = origins[PlanPaths.places(of: path)] else { return path }
    return PlanPaths.path(path, named: places)
  }

  /// A run that is about to start.
  package init(input: [Value], startedAt: Timestamp) {
    self.events = [RecordedEvent(path: "", kind: .started(input: input), at: startedAt)]
    self.nextBatch = 1
    self.input = input
    self.origins = [:]
  }

  /// Throws `.damaged` when a batch is missing or is not what was written.
  package init(_ batches: [JournalBatch]) throws(RunStoreError) {
    var events: [RecordedEvent] = []
    var blobs = BlobValues()
    for (number, batch) in batches.enumerated() {
      guard batch.number == number else {
        throw RunStoreError(.damaged, "part \(number) of the journal is missing; restore the store from a backup")
      }
      events += try JournalCodec.decode(batch, &blobs)
    }
    guard case .started(let input)? = events.first?.kind else {
      throw RunStoreError(.damaged, "the journal has no beginning; restore the store from a backup")
    }
    self.init([], adding: events, nextBatch: batches.count, input: input, [:])
  }

  /// - known: the paths of these events are those of the plan that the run had when the last of them was recorded
  private init(
    _ known: [RecordedEvent], adding new: [RecordedEvent], nextBatch: Int, input: [Value], _ origins: [String: String]
  ) {
    var (events, input, origins) = (known + new, input, origins)
    for index in known.count..<events.count {
      guard case .migrated(let given, let paths) = events[index].kind else { continue }
      input = given
      for earlier in 0..<index { events[earlier].move(to: paths) }
      let renamed = paths.map { old, new in (new, Self.origin(of: old, in: origins)) }.filter { $0 != $1 }
      origins = Dictionary(renamed) { first, _ in first }
    }
    self.events = events
    self.nextBatch = nextBatch
    self.input = input
    self.origins = origins
  }

  /// What follows the path of a step that the run's plan does not have any more.
  private static let goneMark = "@gone"

  package static func isGone(_ path: String) -> Bool { path.hasSuffix(goneMark) }

  /// What a path is called once the run has another plan.
  fileprivate static func path(_ path: String, in paths: [String: String]) -> String {
    path.isEmpty || isGone(path) ? path : paths[path] ?? path + goneMark
  }

  /// With one more batch.
  package func adding(_ batch: [RecordedEvent]) -> RunHistory {
    RunHistory(events, adding: batch, nextBatch: nextBatch + 1, input: input, origins)
  }

  /// The batch that a new run begins with.
  package var firstBatch: JournalBatch { JournalBatch(number: 0, events) }

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

extension RecordedEvent {
  /// Names its steps as another plan does.
  fileprivate mutating func move(to paths: [String: String]) {
    path = RunHistory.path(path, in: paths)
    if case .reopened(let dropped) = kind { kind = .reopened(dropped: dropped.map { RunHistory.path($0, in: paths) }) }
  }
}
