package import DxshRuntime
package import DxshTime
import Synchronization

/// The time of a simulation: it stands still until the simulation lets it go on.
package final class VirtualClock: Sendable {
  private struct Sleeper {
    let number: Int
    let deadline: Timestamp
    let process: Int
    /// Nil for what is not of a process.
    let executor: SeededExecutor?
    let continuation: CheckedContinuation<Void, Never>

    func wake() {
      if let executor { executor.within { continuation.resume() } } else { continuation.resume() }
    }
  }

  private struct State {
    var now: Timestamp
    var sleepers: [Sleeper] = []
    var count = 0
    /// Nobody of these processes sleeps any more.
    var dead: Set<Int> = []
    /// Sleeps that were cancelled before they began.
    var cancelled: Set<Int> = []
  }

  private let state: Mutex<State>

  package init(_ start: Timestamp) {
    state = Mutex(State(now: start))
  }

  package var now: Timestamp { state.withLock(\.now) }

  /// The earliest that somebody wants to wake.
  package var nextDeadline: Timestamp? { state.withLock { $0.sleepers.map(\.deadline).min() } }

  /// Wakes those whose time has come, in the order in which they fell asleep.
  package func advance(to time: Timestamp) {
    let woken = state.withLock { state in
      state.now = max(state.now, time)
      let now = state.now
      let woken = state.sleepers.filter { $0.deadline <= now }
      state.sleepers.removeAll { $0.deadline <= now }
      return woken
    }
    for sleeper in woken { sleeper.wake() }
  }

  /// The time for a process: for one that has ended all times have come, so that nothing in it waits any more.
  func now(for process: Int) -> Timestamp {
    state.withLock { $0.dead.contains(process) ? $0.now.after(seconds: 1_000_000_000) : $0.now }
  }

  /// Wakes all of a process for good.
  package func end(_ process: Int) {
    let woken = state.withLock { state in
      state.dead.insert(process)
      let woken = state.sleepers.filter { $0.process == process }
      state.sleepers.removeAll { $0.process == process }
      return woken
    }
    for sleeper in woken { sleeper.wake() }
  }

  func sleep(until deadline: Timestamp, of process: Int) async {
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.cancelled.remove(number) != nil || state.dead.contains(process) || deadline <= state.now {
            return true
          }
          state.sleepers.append(
            Sleeper(
              number: number, deadline: deadline, process: process, executor: SeededExecutor.current,
              continuation: continuation))
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
          state.cancelled.insert(number)
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.wake()
    }
  }
}

/// The clock as a process sees it.
package struct ProcessClock: RunClock {
  let clock: VirtualClock
  let process: Int

  package init(clock: VirtualClock, process: Int) {
    self.clock = clock
    self.process = process
  }

  package func now() -> Timestamp { clock.now(for: process) }
  package func reading() -> ClockReading { ClockReading(time: now(), uptime: now().since(.epoch)) }
  package var boot: String { "simulated" }
  package func sleep(until deadline: Timestamp) async { await clock.sleep(until: deadline, of: process) }
}

extension Timestamp {
  func after(seconds: Int) -> Timestamp { adding(TimeSpan(nanoseconds: Int64(seconds) * 1_000_000_000)) ?? self }
  func after(milliseconds: Int) -> Timestamp {
    adding(TimeSpan(nanoseconds: Int64(milliseconds) * 1_000_000)) ?? self
  }
}
