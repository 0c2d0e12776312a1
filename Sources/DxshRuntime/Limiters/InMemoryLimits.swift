package import DxshTime
import Synchronization

/// The limits of a store that lives as long as the process.
package final class InMemoryLimits: SharedLimits {
  private struct State {
    var rows = InMemoryLimitRows()
    var watches: [Int: (run: String, onGiven: @Sendable (String) -> Void)] = [:]
    var watchCount = 0
  }

  private let state = Mutex(State())

  package init() {}

  private func perform<Result: Sendable>(
    _ run: String, at time: Timestamp, _ body: (inout LimitTransaction<InMemoryLimitRows>) -> Result
  ) -> Result {
    let (result, told): (Result, [@Sendable () -> Void]) = state.withLock { state in
      var transaction = LimitTransaction(exchange(&state.rows, with: InMemoryLimitRows()), run: run, at: time)
      let result = body(&transaction)
      state.rows = transaction.rows
      var told: [@Sendable () -> Void] = []
      for seat in transaction.given {
        for (run, onGiven) in state.watches.values where run == seat.run {
          told.append { onGiven(seat.path) }
        }
      }
      return (result, told)
    }
    for tell in told { tell() }
    return result
  }

  private func exchange<Value>(_ value: inout Value, with other: Value) -> Value {
    defer { value = other }
    return value
  }

  package func exchange(
    _ ends: [SeatEnd], _ requests: [SeatRequest], of run: String, at time: Timestamp
  ) async throws(RunStoreError) -> [Admission] {
    perform(run, at: time) { transaction in
      for end in ends { transaction.leave(end) }
      return requests.map { transaction.enter($0) }
    }
  }

  package func release(
    _ run: String, keepsTimes: Bool, isLost: Bool, at time: Timestamp
  ) async throws(RunStoreError) {
    perform(run, at: time) { $0.release(keepsTimes: keepsTimes, isLost: isLost) }
  }

  package func watch(_ run: String, _ onGiven: @escaping @Sendable (_ path: String) -> Void) -> RunWatch {
    let number = state.withLock { state in
      state.watchCount += 1
      state.watches[state.watchCount] = (run, onGiven)
      return state.watchCount
    }
    return RunWatch { [weak self] in self?.state.withLock { state in state.watches[number] = nil } }
  }

  package func seats() async throws(RunStoreError) -> [Seat] { state.withLock { $0.rows.seats } }

  package func breakers() async throws(RunStoreError) -> [NamedBreaker] { state.withLock { $0.rows.breakers } }

  package func force(
    _ force: Breaker.Force, _ breaker: String, at time: Timestamp
  ) async throws(RunStoreError) -> Bool {
    perform("", at: time) { $0.force(force, breaker) }
  }
}
