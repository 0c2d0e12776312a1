import DxshRuntime
import DxshTime
import Synchronization

/// A store that tells which intents are durable.
final class DurabilityWatch: RunStore {
  private let inner = InMemoryRunStore()
  let durable = Mutex<Set<String>>([])

  var isRecording: Bool { true }

  func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation { try await inner.create(run) }

  func append(
    _ batch: JournalBatch, to run: String, status: RunStatus, at time: Timestamp
  ) async throws(RunStoreError) {
    try await inner.append(batch, to: run, status: status, at: time)
    let intents = try JournalCodec.decode(batch).compactMap { event in
      if case .attemptStarted = event.kind { event.path } else { nil }
    }
    durable.withLock { $0.formUnion(intents) }
  }

  func claim(_ run: String) async throws(RunStoreError) -> RunClaim? { try await inner.claim(run) }
  func run(_ prefix: String) async throws(RunStoreError) -> StoredRun { try await inner.run(prefix) }
  func runs(limit: Int) async throws(RunStoreError) -> [RunSummary] { try await inner.runs(limit: limit) }
  func journal(of run: String) async throws(RunStoreError) -> [JournalBatch] { try await inner.journal(of: run) }
}
