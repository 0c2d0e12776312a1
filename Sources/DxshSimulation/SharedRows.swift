import DxshRuntime
import DxshTime
import Synchronization

/// The limits that runs share, as they are durable, with what must hold of them after every call.
final class SharedRows: Sendable {
  private struct State {
    var rows: InMemoryLimitRows
    var watches: [Int: (process: Int, run: String, onGiven: @Sendable (String) -> Void)] = [:]
    var watchCount = 0
    /// When the last attempt of a rate began.
    var begun: [String: Timestamp] = [:]
    var violations: [String] = []
  }

  private let state: Mutex<State>

  /// - isAlive: whether a process lives and is not silent
  init(isAlive: @escaping @Sendable (Int) -> Bool) {
    state = Mutex(State(rows: InMemoryLimitRows { isAlive(Int($0)) }))
  }

  var violations: [String] { state.withLock(\.violations) }

  func seat(_ run: String, _ path: String) -> Seat? { state.withLock { $0.rows.seat(run, path) } }

  var seats: [Seat] { state.withLock { $0.rows.seats } }

  var breakers: [NamedBreaker] { state.withLock { $0.rows.breakers } }

  func perform<Result: Sendable>(
    _ process: Int, _ run: String, at time: Timestamp,
    _ body: (inout LimitTransaction<InMemoryLimitRows>) -> Result
  ) -> Result {
    let (result, told): (Result, [@Sendable () -> Void]) = state.withLock { state in
      state.rows.owner = Int64(process)
      var transaction = LimitTransaction(state.rows, run: run, at: time)
      let result = body(&transaction)
      state.rows = transaction.rows
      state.violations += Self.broken(state.rows)
      var told: [@Sendable () -> Void] = []
      for seat in transaction.given {
        for (_, watch) in state.watches.sorted(by: { $0.key < $1.key })
        where watch.run == seat.run && watch.process == seat.owner.map({ Int($0) }) {
          told.append { watch.onGiven(seat.path) }
        }
      }
      return (result, told)
    }
    for tell in told { tell() }
    return result
  }

  /// Notes that an attempt may begin.
  func note(_ request: SeatRequest, at time: Timestamp) {
    guard let rate = request.limits.rate else { return }
    state.withLock { state in
      if let last = state.begun[rate.key], time.since(last) < rate.rate.interval, rate.rate.burst == 1 {
        state.violations.append("\(request.path): begins \(time.since(last)) after another of the rate \(rate.key)")
      }
      state.begun[rate.key] = time
    }
  }

  /// What others had that are dead is free, and those that wait for it are told.
  func tend(at time: Timestamp) { perform(0, "", at: time) { $0.endDeadOwners() } }

  func watch(_ process: Int, _ run: String, _ onGiven: @escaping @Sendable (String) -> Void) -> Int {
    state.withLock { state in
      state.watchCount += 1
      state.watches[state.watchCount] = (process, run, onGiven)
      return state.watchCount
    }
  }

  func endWatch(_ number: Int) { state.withLock { $0.watches[number] = nil } }

  /// All that a process waits for is to be asked for again.
  func tellAll(of process: Int, _ paths: [(run: String, path: String)]) {
    let watches = state.withLock { state in state.watches.sorted { $0.key < $1.key }.map(\.value) }
    for (run, path) in paths {
      for watch in watches where watch.process == process && watch.run == run { watch.onGiven(path) }
    }
  }

  /// Of what living processes have, no pool has more holders than one of them asked for, and no breaker more probes
  /// than it lets through.
  private static func broken(_ rows: InMemoryLimitRows) -> [String] {
    var broken: [String] = []
    let seats = rows.seats.filter { $0.owner.map(rows.isAlive) ?? false }
    for (pool, holders) in Dictionary(grouping: seats.filter(\.isHeld), by: { $0.pool ?? "" }) {
      let capacity = holders.map(\.capacity).max() ?? 0
      if holders.count > capacity { broken.append("\(holders.count) have a slot of \(pool), which has \(capacity)") }
    }
    for (breaker, probes) in Dictionary(grouping: seats.filter { $0.probe != nil }, by: { $0.probe ?? "" }) {
      let limit = rows.breaker(breaker)?.settings?.probes ?? 1
      if probes.count > limit { broken.append("\(probes.count) probe \(breaker), which lets \(limit) through") }
    }
    return broken
  }
}
