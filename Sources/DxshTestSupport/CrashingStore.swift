package import DxshRuntime
import DxshTime
import Synchronization

/// A store that fails when a test wants it to, over one that keeps what was written.
///
/// A crash is for good: from then on every call fails, as for a process that is dead; `survivor` is what a new process
/// finds. Only `create`, `append`, and what is said of limits
/// are counted, from 1.
package final class CrashingStore: WrappingStore {
  package enum Fault: Sendable, Hashable {
    /// The process dies before the n-th call has done anything; unsynced writes are lost so too.
    case before(Int)
    /// The process dies when the n-th call has done everything, before anybody hears of it.
    case after(Int)
    /// The process dies in the n-th call, of whose events only the first half reaches the disk.
    case torn(Int)
    /// The n-th call finds no space, and those after it too.
    case full(Int)
    /// Every call answers only after others have had so many turns.
    case late(turns: Int)
  }

  package let survivor: any RunStore
  package let fault: Fault?
  private let calls = Mutex(0)
  private let isDead = Mutex(false)

  package init(_ fault: Fault?, over survivor: any RunStore = InMemoryRunStore()) {
    self.survivor = survivor
    self.fault = fault
  }

  package var wrapped: any RunStore { survivor }

  /// Whether the fault has struck.
  package var hasFailed: Bool { isDead.withLock { $0 } }

  package var callCount: Int { calls.withLock { $0 } }

  package func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation {
    let number = try await beginCall()
    if fault == .torn(number) { throw die() }
    let creation = try await survivor.create(run)
    if fault == .after(number) { throw die() }
    return creation
  }

  package func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    let number = try await beginCall()
    if fault == .torn(number) {
      let events = try JournalCodec.decode(batch)
      let half = JournalBatch(number: batch.number, events.prefix(events.count / 2))
      try await survivor.append(half, to: run, RunState(.running, at: state.at, dueAt: state.at, seen: 0))
      throw die()
    }
    try await survivor.append(batch, to: run, state)
    if fault == .after(number) { throw die() }
  }

  func beginCall() async throws(RunStoreError) -> Int {
    let number = calls.withLock { calls in
      calls += 1
      return calls
    }
    if hasFailed { throw Self.crash }
    switch fault {
    case .before(number): throw die()
    case .full(number): throw die(.init(.full, "no space is left on the device"))
    case .late(let turns): for _ in 0..<turns { await Task.yield() }
    case .before, .after, .torn, .full, nil: break
    }
    return number
  }

  func die(_ error: RunStoreError = crash) -> RunStoreError {
    isDead.withLock { $0 = true }
    return error
  }

  private static let crash = RunStoreError(.unavailable, "the process is dead")
}
