import DxshRuntime
import DxshTime
import Synchronization

/// A store that tells which intents and which results are durable.
final class DurabilityWatch: RunStore {
  private let inner = InMemoryRunStore()
  private let intents = Mutex<Set<String>>([])
  private let results = Mutex<Set<String>>([])

  func hasIntent(of path: String) -> Bool { intents.withLock { $0.contains(path) } }
  func hasResult(of path: String) -> Bool { results.withLock { $0.contains(path) } }

  var isRecording: Bool { true }
  var artifacts: String { inner.artifacts }

  func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation { try await inner.create(run) }

  func append(
    _ batch: JournalBatch, to run: String, status: RunStatus, at time: Timestamp
  ) async throws(RunStoreError) {
    try await inner.append(batch, to: run, status: status, at: time)
    for event in try JournalCodec.decode(batch) {
      if case .attemptStarted = event.kind { _ = intents.withLock { $0.insert(event.path) } }
      if case .succeeded = event.kind { _ = results.withLock { $0.insert(event.path) } }
    }
  }

  func claim(_ run: String) async throws(RunStoreError) -> RunClaim? { try await inner.claim(run) }
  func run(_ prefix: String) async throws(RunStoreError) -> StoredRun { try await inner.run(prefix) }
  func runs(limit: Int) async throws(RunStoreError) -> [RunSummary] { try await inner.runs(limit: limit) }
  func journal(of run: String) async throws(RunStoreError) -> [JournalBatch] { try await inner.journal(of: run) }
}
