import DxshRuntime
import DxshTime

/// The limits that runs share, as one process sees them, with the faults that befall it.
extension SimulatedStore: SharedLimits {
  var limits: any SharedLimits { self }
  private var rows: SharedRows { disk.shared }

  func exchange(
    _ ends: [SeatEnd], _ requests: [SeatRequest], of run: String, at time: Timestamp
  ) async throws(RunStoreError) -> [Admission] {
    let fault = try await begin(writes: true)
    if !requests.isEmpty, !hasClaim(of: run) { throw .taken(run) }
    let admissions = rows.perform(process, run, at: clock.now) { transaction in
      for end in ends { transaction.leave(end) }
      return requests.map { transaction.enter($0) }
    }
    for (request, admission) in zip(requests, admissions) {
      if admission == .granted { rows.note(request, at: clock.now) }
      noteWaiting(run, request.path, admission == .queued)
    }
    try end(fault)
    return admissions
  }

  func release(
    _ run: String, keepsTimes: Bool, isLost: Bool, at time: Timestamp
  ) async throws(RunStoreError) {
    let fault = try await begin(writes: true)
    if isLost, !hasClaim(of: run) { throw .taken(run) }
    rows.perform(process, run, at: clock.now) { $0.release(keepsTimes: keepsTimes, isLost: isLost) }
    try end(fault)
  }

  func watch(_ run: String, _ onGiven: @escaping @Sendable (_ path: String) -> Void) -> RunWatch {
    let executor = SeededExecutor.current
    let number = rows.watch(process, run) { path in executor?.within { onGiven(path) } }
    return RunWatch { [rows] in rows.endWatch(number) }
  }

  func seats() async throws(RunStoreError) -> [Seat] { rows.seats }

  func breakers() async throws(RunStoreError) -> [NamedBreaker] { rows.breakers }

  func force(
    _ force: Breaker.Force, _ breaker: String, at time: Timestamp
  ) async throws(RunStoreError) -> Bool {
    rows.perform(process, "", at: clock.now) { $0.force(force, breaker) }
  }
}
