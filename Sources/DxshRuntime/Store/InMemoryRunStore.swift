/// A store that lives as long as the process.
package actor InMemoryRunStore: RunStore {
  package nonisolated let isRecording: Bool
  private var journals: [String: [RecordedEvent]] = [:]

  /// With `recording: false` it keeps nothing, so that a run of millions of steps needs no memory for its past.
  package init(recording: Bool = true) {
    self.isRecording = recording
  }

  package func append(_ events: [RecordedEvent], to run: String) throws(RunStoreError) {
    if isRecording { journals[run, default: []] += events }
  }

  package func events(of run: String) throws(RunStoreError) -> [RecordedEvent] {
    journals[run] ?? []
  }
}
