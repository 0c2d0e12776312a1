import CoreMetrics
package import DxshPlan
package import DxshRuntime
package import DxshTime
import Synchronization

/// A store whose writes are timed and whose failures are counted; it does nothing else.
package final class MeasuredStore: RunStore {
  private let store: any RunStore
  private let metrics: RunMetrics
  /// When a run will be due, as far as it is known.
  private let nextDue = Mutex<Timestamp?>(nil)

  package init(_ store: any RunStore, _ metrics: RunMetrics) {
    self.store = store
    self.metrics = metrics
  }

  package var isRecording: Bool { store.isRecording }
  package var artifacts: String { store.artifacts }
  package var logs: (any RunLogs)? { store.logs }
  package var limits: any SharedLimits { store.limits }

  /// What a call gives; its failure is counted, unless it says something about a run and not about the store.
  private func counting<Result>(
    _ call: () async throws(RunStoreError) -> Result
  ) async throws(RunStoreError) -> Result {
    do throws(RunStoreError) {
      return try await call()
    } catch {
      switch error.kind {
      case .unavailable, .full, .damaged, .newer: metrics.storeFailed(error.kind)
      case .unknownRun, .ended, .taken: break
      }
      throw error
    }
  }

  private func timing(
    _ batch: JournalBatch, _ write: () async throws(RunStoreError) -> Void
  ) async throws(RunStoreError) {
    let start = ContinuousClock.now
    try await counting(write)
    let passed = (ContinuousClock.now - start).components
    metrics.writes.recordNanoseconds(passed.seconds * 1_000_000_000 + passed.attoseconds / 1_000_000_000)
    metrics.batches.record(batch.size)
  }

  package func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation {
    try await counting { () async throws(RunStoreError) in try await store.create(run) }
  }

  package func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    try await timing(batch) { () async throws(RunStoreError) in try await store.append(batch, to: run, state) }
  }

  package func appendHere(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    try await timing(batch) { () async throws(RunStoreError) in try await store.appendHere(batch, to: run, state) }
  }

  package func claim(_ run: String) async throws(RunStoreError) -> RunClaim? {
    try await counting { () async throws(RunStoreError) in try await store.claim(run) }
  }

  package func run(_ prefix: String) async throws(RunStoreError) -> StoredRun {
    try await counting { () async throws(RunStoreError) in try await store.run(prefix) }
  }

  package func runs(limit: Int) async throws(RunStoreError) -> [RunSummary] {
    try await counting { () async throws(RunStoreError) in try await store.runs(limit: limit) }
  }

  package func openRuns() async throws(RunStoreError) -> [RunSummary] {
    try await counting { () async throws(RunStoreError) in try await store.openRuns() }
  }

  package func openCounts() async throws(RunStoreError) -> [RunStatus: Int] {
    try await counting { () async throws(RunStoreError) in try await store.openCounts() }
  }

  package func owner(of run: String) async throws(RunStoreError) -> RunOwner? {
    try await counting { () async throws(RunStoreError) in try await store.owner(of: run) }
  }

  package func journal(of run: String) async throws(RunStoreError) -> [JournalBatch] {
    try await counting { () async throws(RunStoreError) in try await store.journal(of: run) }
  }

  package func journal(of run: String, from number: Int) async throws(RunStoreError) -> [JournalBatch] {
    try await counting { () async throws(RunStoreError) in try await store.journal(of: run, from: number) }
  }

  package func results(of keys: [SHA256Digest], at time: Timestamp) async throws(RunStoreError) -> [[UInt8]?] {
    try await counting { () async throws(RunStoreError) in try await store.results(of: keys, at: time) }
  }

  package func send(
    _ message: RunMessage, to run: String, deduplication: String?, at time: Timestamp
  ) async throws(RunStoreError) -> Int64 {
    try await counting { () async throws(RunStoreError) in
      try await store.send(message, to: run, deduplication: deduplication, at: time)
    }
  }

  package func messages(to run: String, after number: Int64) async throws(RunStoreError) -> [NumberedMessage] {
    try await counting { () async throws(RunStoreError) in try await store.messages(to: run, after: number) }
  }

  package func watch(_ run: String, _ onNews: @escaping @Sendable () -> Void) -> RunWatch { store.watch(run, onNews) }

  package func changes() -> AsyncStream<Void> { store.changes() }

  package func due(at time: Timestamp, limit: Int) async throws(RunStoreError) -> DueRuns {
    let due = try await counting { () async throws(RunStoreError) in try await store.due(at: time, limit: limit) }
    let expected = nextDue.withLock { next in
      defer { next = due.next }
      return next
    }
    let late = expected.map { time.since($0) } ?? .zero
    metrics.dueLag.set(due.runs.isEmpty || late.isNegative ? 0.0 : Double(late.clampedNanoseconds) / 1e9)
    return due
  }
}
