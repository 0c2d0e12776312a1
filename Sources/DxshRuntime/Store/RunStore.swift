package import DxshExpressions
package import DxshTime

/// What happened in a run, as it is kept: steps are named by their stable paths, never by a position.
package struct RecordedEvent: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case started(input: [Value])
    case attemptStarted(attempt: Int)
    case succeeded(Value)
    case attemptFailed(attempt: Int, kind: String, message: String)
    case cancelled
    case cancelRequested
    case ended(RunOutcome)
  }

  /// The step's path, such as `enrich[3]`; empty for what happens to the run as a whole.
  package var path: String
  package var kind: Kind
  package var at: Timestamp

  package init(path: String, kind: Kind, at: Timestamp) {
    self.path = path
    self.kind = kind
    self.at = at
  }
}

/// Keeps what runs have done. The events are the only thing written while a run goes on; everything else can be derived
/// from them.
package protocol RunStore: Sendable {
  /// Whether events are wanted at all; when not, the engine does not make them.
  var isRecording: Bool { get }

  /// Adds events to the end of a run's journal, all or none. What was appended is there when this returns.
  func append(_ events: [RecordedEvent], to run: String) async throws(RunStoreError)

  /// All events of a run, in their order; empty for an unknown run.
  func events(of run: String) async throws(RunStoreError) -> [RecordedEvent]
}

/// The store failed, not the run.
package struct RunStoreError: Error, Hashable, Sendable {
  /// What was to be done.
  package var operation: String
  /// Why it could not be, as one sentence.
  package var message: String

  package init(_ operation: String, _ message: String) {
    self.operation = operation
    self.message = message
  }
}
