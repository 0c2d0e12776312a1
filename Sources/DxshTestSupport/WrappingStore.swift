package import DxshPlan
package import DxshRuntime
package import DxshTime

/// A store that hands to another what it does not do itself.
package protocol WrappingStore: RunStore {
  var wrapped: any RunStore { get }
}

extension WrappingStore {
  package var isRecording: Bool { wrapped.isRecording }
  package var artifacts: String { wrapped.artifacts }
  package var logs: (any RunLogs)? { wrapped.logs }
  package var limits: any SharedLimits { wrapped.limits }

  package func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation { try await wrapped.create(run) }

  package func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    try await wrapped.append(batch, to: run, state)
  }

  package func claim(_ run: String) async throws(RunStoreError) -> RunClaim? { try await wrapped.claim(run) }

  package func run(_ prefix: String) async throws(RunStoreError) -> StoredRun { try await wrapped.run(prefix) }

  package func runs(limit: Int) async throws(RunStoreError) -> [RunSummary] { try await wrapped.runs(limit: limit) }

  package func openCounts() async throws(RunStoreError) -> [RunStatus: Int] { try await wrapped.openCounts() }

  package func owner(of run: String) async throws(RunStoreError) -> RunOwner? { try await wrapped.owner(of: run) }

  package func journal(of run: String) async throws(RunStoreError) -> [JournalBatch] {
    try await wrapped.journal(of: run)
  }

  package func results(of keys: [SHA256Digest], at time: Timestamp) async throws(RunStoreError) -> [[UInt8]?] {
    try await wrapped.results(of: keys, at: time)
  }

  package func send(
    _ message: RunMessage, to run: String, deduplication: String?, at time: Timestamp
  ) async throws(RunStoreError) -> Int64 {
    try await wrapped.send(message, to: run, deduplication: deduplication, at: time)
  }

  package func messages(to run: String, after number: Int64) async throws(RunStoreError) -> [NumberedMessage] {
    try await wrapped.messages(to: run, after: number)
  }

  package func watch(_ run: String, _ onNews: @escaping @Sendable () -> Void) -> RunWatch {
    wrapped.watch(run, onNews)
  }

  package func due(at time: Timestamp, limit: Int) async throws(RunStoreError) -> DueRuns {
    try await wrapped.due(at: time, limit: limit)
  }
}
