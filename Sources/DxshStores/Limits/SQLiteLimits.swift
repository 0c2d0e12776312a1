import DxshRuntime
import DxshTime
import Synchronization

/// The limits that the runs of a store share. Whoever gives a slot back says whose it is next; that another process did
/// is noticed by its writing to the store, and that one died, within a second.
final class SQLiteLimits: SharedLimits {
  private struct Waiting: Hashable {
    let run: String
    let path: String
  }

  private struct State {
    var watches: [Int: (run: String, onGiven: @Sendable (String) -> Void)] = [:]
    var watchCount = 0
    /// What this process waits for slots for, and as which worker.
    var waiting: Set<Waiting> = []
    var worker: Int64 = 0
    /// The clock's time when this process last asked for something.
    var lastTime = Timestamp.epoch
    var isLooking = false
  }

  private let state = Mutex(State())
  private let writer: SQLiteWriter
  private let reader: SQLiteReader
  private let folder: String
  private let isAlive: @Sendable (_ worker: Int64, _ beat: Int64) -> Bool
  private let confirming: @Sendable () -> (_ run: String) -> Void

  /// - confirming: to be called before a transaction that finds that a run is still this process's; what it returns is
  ///   to be called after it
  init(
    _ writer: SQLiteWriter, _ reader: SQLiteReader, folder: String,
    isAlive: @escaping @Sendable (_ worker: Int64, _ beat: Int64) -> Bool,
    confirming: @escaping @Sendable () -> (_ run: String) -> Void
  ) {
    self.confirming = confirming
    self.writer = writer
    self.reader = reader
    self.folder = folder
    self.isAlive = isAlive
  }

  func exchange(
    _ ends: [SeatEnd], _ requests: [SeatRequest], of run: String, at time: Timestamp
  ) async throws(RunStoreError) -> [Admission] {
    let confirm = confirming()
    let answer = try await writer.perform(.exchange(ends, requests, run: run, at: time))
    if !requests.isEmpty { confirm(run) }
    let isFirst = state.withLock { state in
      state.worker = answer.worker
      state.lastTime = time
      for end in ends { state.waiting.remove(Waiting(run: run, path: end.path)) }
      for (request, admission) in zip(requests, answer.admissions) {
        let waiting = Waiting(run: run, path: request.path)
        if admission == .queued { state.waiting.insert(waiting) } else { state.waiting.remove(waiting) }
      }
      defer { if !state.waiting.isEmpty { state.isLooking = true } }
      return !state.isLooking && !state.waiting.isEmpty
    }
    tell(answer.given)
    if isFirst { Task { [weak self] in await self?.look() } }
    return answer.admissions
  }

  func release(
    _ run: String, keepsTimes: Bool, isLost: Bool, at time: Timestamp
  ) async throws(RunStoreError) {
    let answer = try await writer.perform(.release(run: run, keepsTimes: keepsTimes, isLost: isLost, at: time))
    state.withLock { state in state.waiting = state.waiting.filter { $0.run != run } }
    tell(answer.given)
  }

  func watch(_ run: String, _ onGiven: @escaping @Sendable (_ path: String) -> Void) -> RunWatch {
    let number = state.withLock { state in
      state.watchCount += 1
      state.watches[state.watchCount] = (run, onGiven)
      return state.watchCount
    }
    return RunWatch { [weak self] in _ = self?.state.withLock { $0.watches.removeValue(forKey: number) } }
  }

  private func tell(_ seats: [Seat]) { tell(Set(seats.map { Waiting(run: $0.run, path: $0.path) })) }

  private func tell(_ given: Set<Waiting>) {
    if given.isEmpty { return }
    var told: [@Sendable () -> Void] = []
    state.withLock { state in
      state.waiting.subtract(given)
      for seat in given {
        for (run, onGiven) in state.watches.values where run == seat.run { told.append { onGiven(seat.path) } }
      }
    }
    for tell in told { tell() }
  }

  // MARK: - What others do

  /// Looks whenever the store has been written to, as long as something waits.
  private func look() async {
    for await _ in FolderChanges.stream(of: folder) {
      let (waiting, worker, time) = state.withLock { state in
        if state.waiting.isEmpty { state.isLooking = false }
        return (state.waiting, state.worker, state.lastTime)
      }
      if waiting.isEmpty { return }
      // A store that cannot be read fails those who read it for something.
      guard let news = try? await reader.seatNews(of: worker, isAlive) else { continue }
      var given = Set(news.held.map { Waiting(run: $0.run, path: $0.path) }).intersection(waiting)
      // What it waited for was given away while it was silent: it has to ask again.
      if news.waiting < waiting.count - given.count { given = waiting }
      tell(given)
      guard news.hasDead, let answer = try? await writer.perform(.tend(at: time)) else { continue }
      tell(answer.given)
    }
  }

  func seats() async throws(RunStoreError) -> [Seat] { try await reader.seats(isAlive) }

  func breakers() async throws(RunStoreError) -> [NamedBreaker] { try await reader.breakers() }

  func force(
    _ force: Breaker.Force, _ breaker: String, at time: Timestamp
  ) async throws(RunStoreError) -> Bool {
    try await writer.perform(.force(force, breaker: breaker, at: time)).isKnown
  }
}
