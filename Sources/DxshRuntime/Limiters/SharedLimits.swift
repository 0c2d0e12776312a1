package import DxshTime

/// The limits that all runs of a store share, however many processes carry them out: pools of slots, rates and
/// breakers.
///
/// Every call is one transaction. What is kept of it is of use only while attempts are under way, or soon will be:
/// it is in no journal.
package protocol SharedLimits: Sendable {
  /// Takes in what has ended, and then says of each request whether its attempt may begin. To be asked again of the
  /// same step changes nothing. Throws `.taken` where another process goes on with the run.
  func exchange(
    _ ends: [SeatEnd], _ requests: [SeatRequest], of run: String, at time: Timestamp
  ) async throws(RunStoreError) -> [Admission]

  /// Gives back all that a run has or waits for.
  /// - keepsTimes: whether it keeps the times of rates that it was promised
  /// - isLost: whether its process is gone, and nobody knows what its attempts found
  func release(
    _ run: String, keepsTimes: Bool, isLost: Bool, at time: Timestamp
  ) async throws(RunStoreError)

  /// Calls back, on any thread, soon after a step of the run has got the slot that it waits for, as long as what it
  /// returns is kept. It may call back without reason.
  func watch(_ run: String, _ onGiven: @escaping @Sendable (_ path: String) -> Void) -> RunWatch

  /// What living processes have or wait for, and what runs that were left to the store wait for, in the order of their
  /// coming.
  func seats() async throws(RunStoreError) -> [Seat]

  /// Those of which something is known, by their names.
  func breakers() async throws(RunStoreError) -> [NamedBreaker]

  /// A person decides about a breaker; false when nothing is known of it and it is not to be opened.
  func force(_ force: Breaker.Force, _ breaker: String, at time: Timestamp) async throws(RunStoreError) -> Bool
}
