package import DxshPlan
package import DxshTime
import Synchronization

/// A store that lives as long as the process.
package final class InMemoryRunStore: RunStore {
  private struct Entry {
    var run: StoredRun
    var batches: [JournalBatch]
    var state: RunState
    var inbox: [NumberedMessage] = []
    var deduplication: [String: Int64] = [:]
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var order: [String] = []
    var blobs = BlobShelf()
    var claimed: Set<String> = []
    var messageCount: Int64 = 0
    var watches: [Int: (run: String, onNews: @Sendable () -> Void)] = [:]
    var watchCount = 0
    var results: [SHA256Digest: CachedResult] = [:]
  }

  package let isRecording: Bool
  package let artifacts: String
  package let limits: any SharedLimits = InMemoryLimits()
  private let state = Mutex(State())

  /// With `recording: false` it keeps nothing, so that a run of millions of steps needs no memory for its past.
  /// - artifacts: the caller's to remove; where it cannot be made, as by default, no file can be kept
  package init(recording: Bool = true, artifacts: String = "/dev/null/files") {
    self.isRecording = recording
    self.artifacts = artifacts
  }

  package func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation {
    let existing: StoredRun? = state.withLock { state in
      if let key = run.key {
        for entry in state.entries.values
        where entry.run.summary.workflow == run.workflow && entry.run.summary.key == key {
          return entry.run
        }
      }
      let summary = RunSummary(
        id: run.id, workflow: run.workflow, key: run.key, status: .running, startedAt: run.startedAt, endedAt: nil,
        isClaimed: true)
      let stored = StoredRun(summary: summary, plan: run.plan, planHash: run.planHash, directory: run.directory)
      state.entries[run.id] = Entry(
        run: stored, batches: isRecording ? [state.blobs.keep(run.firstBatch)] : [],
        state: RunState(.running, at: run.startedAt, dueAt: .epoch))
      state.order.append(run.id)
      state.claimed.insert(run.id)
      return nil
    }
    return existing.map(RunCreation.existing) ?? .created(makeClaim(run.id))
  }

  package func append(
    _ batch: JournalBatch, to run: String, _ new: RunState
  ) async throws(RunStoreError) {
    guard isRecording else { return }
    let failure: RunStoreError? = state.withLock { state in
      guard let entry = state.entries[run], state.claimed.contains(run), entry.batches.count == batch.number
      else {
        return .taken(run)
      }
      state.entries[run]?.batches.append(state.blobs.keep(batch))
      if let plan = batch.plan { state.entries[run]?.run.take(plan) }
      for result in batch.results { state.results[result.key] = result }
      state.entries[run]?.run.summary.status = new.status
      state.entries[run]?.state = new
      state.entries[run]?.run.summary.endedAt = new.status.isFinal ? new.at : nil
      if !new.status.isFinal, entry.inbox.last?.number ?? 0 > new.seen {
        state.entries[run]?.state.dueAt = .epoch
      }
      return nil
    }
    if let failure { throw failure }
  }

  package func claim(_ run: String) async throws(RunStoreError) -> RunClaim? {
    state.withLock { $0.claimed.insert(run).inserted } ? makeClaim(run) : nil
  }

  package func run(_ prefix: String) async throws(RunStoreError) -> StoredRun {
    let found = state.withLock { state in
      let isExact = state.entries[prefix] != nil
      return state.entries.filter { isExact ? $0.key == prefix : $0.key.hasPrefix(prefix) }.map { id, entry in
        var run = entry.run
        run.summary.isClaimed = state.claimed.contains(id)
        return run
      }
    }
    guard found.count == 1 else { throw Self.unknown(prefix) }
    return found[0]
  }

  package func runs(limit: Int) async throws(RunStoreError) -> [RunSummary] {
    state.withLock { state in
      state.order.reversed().prefix(limit).compactMap { id in
        guard var summary = state.entries[id]?.run.summary else { return nil }
        summary.isClaimed = state.claimed.contains(id)
        return summary
      }
    }
  }

  package func journal(of run: String) async throws(RunStoreError) -> [JournalBatch] {
    state.withLock { state in (state.entries[run]?.batches ?? []).map(state.blobs.filled) }
  }

  package func results(of keys: [SHA256Digest], at time: Timestamp) async throws(RunStoreError) -> [[UInt8]?] {
    state.withLock { state in
      keys.map { key in state.results[key].flatMap { time < $0.until ? $0.bytes : nil } }
    }
  }

  package func send(
    _ message: RunMessage, to run: String, deduplication: String?, at time: Timestamp
  ) async throws(RunStoreError) -> Int64 {
    let sent: Result<(Int64, [@Sendable () -> Void]), RunStoreError> = state.withLock { state in
      guard var entry = state.entries[run] else { return .failure(Self.unknown(run)) }
      if let deduplication, let number = entry.deduplication[deduplication] { return .success((number, [])) }
      if entry.state.status.isFinal { return .failure(.hasEnded(run, entry.state.status)) }
      state.messageCount += 1
      let number = state.messageCount
      entry.inbox.append(NumberedMessage(number: number, message: message, at: time))
      if let deduplication { entry.deduplication[deduplication] = number }
      entry.state.dueAt = .epoch
      state.entries[run] = entry
      return .success((number, state.watches.values.filter { $0.run == run }.map(\.onNews)))
    }
    let (number, watchers) = try sent.get()
    for onNews in watchers { onNews() }
    return number
  }

  package func messages(to run: String, after number: Int64) async throws(RunStoreError) -> [NumberedMessage] {
    state.withLock { $0.entries[run]?.inbox.filter { $0.number > number } ?? [] }
  }

  package func watch(_ run: String, _ onNews: @escaping @Sendable () -> Void) -> RunWatch {
    let number = state.withLock { state in
      state.watchCount += 1
      state.watches[state.watchCount] = (run, onNews)
      return state.watchCount
    }
    return RunWatch { [weak self] in self?.state.withLock { state in state.watches[number] = nil } }
  }

  package func due(at time: Timestamp, limit: Int) async throws(RunStoreError) -> DueRuns {
    state.withLock { state in
      var waiting = state.entries.compactMap { id, entry -> (at: Timestamp, id: String)? in
        guard let at = entry.state.dueAt, !state.claimed.contains(id) else { return nil }
        return (at, id)
      }
      waiting.sort { $0 < $1 }
      let due = waiting.prefix { $0.at <= time }.prefix(limit)
      return DueRuns(runs: due.map(\.id), next: waiting.dropFirst(due.count).first?.at)
    }
  }

  private func makeClaim(_ run: String) -> RunClaim {
    RunClaim { [weak self] in self?.state.withLock { state in _ = state.claimed.remove(run) } }
  }

  private static func unknown(_ run: String) -> RunStoreError {
    RunStoreError(.unknownRun, "there is no run \(run)")
  }
}
