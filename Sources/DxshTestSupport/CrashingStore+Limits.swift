package import DxshRuntime
package import DxshTime

/// The limits that runs share, as the process that is to die sees them.
extension CrashingStore: SharedLimits {
  package var limits: any SharedLimits { self }

  package func exchange(
    _ ends: [SeatEnd], _ requests: [SeatRequest], of run: String, at time: Timestamp
  ) async throws(RunStoreError) -> [Admission] {
    let number = try await beginCall()
    if fault == .torn(number) { throw die() }
    let admissions = try await survivor.limits.exchange(ends, requests, of: run, at: time)
    if fault == .after(number) { throw die() }
    return admissions
  }

  package func release(
    _ run: String, keepsTimes: Bool, isLost: Bool, at time: Timestamp
  ) async throws(RunStoreError) {
    let number = try await beginCall()
    if fault == .torn(number) { throw die() }
    try await survivor.limits.release(run, keepsTimes: keepsTimes, isLost: isLost, at: time)
    if fault == .after(number) { throw die() }
  }

  package func watch(_ run: String, _ onGiven: @escaping @Sendable (_ path: String) -> Void) -> RunWatch {
    survivor.limits.watch(run, onGiven)
  }

  package func seats() async throws(RunStoreError) -> [Seat] { try await survivor.limits.seats() }

  package func breakers() async throws(RunStoreError) -> [NamedBreaker] { try await survivor.limits.breakers() }

  package func force(
    _ force: Breaker.Force, _ breaker: String, at time: Timestamp
  ) async throws(RunStoreError) -> Bool {
    try await survivor.limits.force(force, breaker, at: time)
  }
}
