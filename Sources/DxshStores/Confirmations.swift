import Synchronization

/// How often the lease had run out when the store last said that a run is this process's: when it was claimed, and at
/// each write to its journal. Where it has run out since, only the store knows whose the run is.
final class Confirmations: Sendable {
  private struct Confirmation {
    /// Of the claim.
    let fence: Int64
    var lapses: Int
  }

  private let state = Mutex<[String: Confirmation]>([:])

  func add(_ claim: SQLiteWriter.Claim, since lapses: Int) {
    state.withLock { $0[claim.run] = Confirmation(fence: claim.fence, lapses: lapses) }
  }

  /// The run's journal could be written to.
  func note(_ run: String, since lapses: Int) { state.withLock { $0[run]?.lapses = lapses } }

  /// Nil for a claim that is no longer the last one.
  func lapses(of claim: SQLiteWriter.Claim) -> Int? {
    state.withLock { state in state[claim.run].flatMap { $0.fence == claim.fence ? $0.lapses : nil } }
  }

  func remove(_ claim: SQLiteWriter.Claim) {
    state.withLock { if $0[claim.run]?.fence == claim.fence { $0[claim.run] = nil } }
  }
}
