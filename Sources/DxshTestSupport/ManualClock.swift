package import DxshRuntime
package import DxshTime
import Synchronization

/// A clock that stands still until somebody sleeps on it, and then jumps to where the sleeper wants to wake.
///
/// With it a run of hours takes no time; it starts at 2026-01-01T00:00:00Z.
package final class ManualClock: RunClock {
  private struct State {
    var reading: ClockReading
    /// By how much the clock is set in the next sleeps, one after the other.
    var changes: [TimeSpan] = []
  }

  private let state: Mutex<State>
  package let boot = "manual"

  package init(_ start: Timestamp = Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch) {
    self.state = Mutex(State(reading: ClockReading(time: start, uptime: .zero)))
  }

  package func now() -> Timestamp { reading().time }

  package func reading() -> ClockReading { state.withLock { $0.reading } }

  package func sleep(until deadline: Timestamp) async {
    state.withLock { state in
      var span = deadline.since(state.reading.time)
      if span.isNegative { return }
      let change = state.changes.isEmpty ? nil : state.changes.removeFirst()
      if change != nil { span = span.divided(by: 2) ?? span }
      state.reading.pass(span)
      if let change { state.reading.set(by: change) }
    }
  }

  /// Somebody sets the clock now.
  package func set(by change: TimeSpan) { state.withLock { $0.reading.set(by: change) } }

  /// Somebody sets the clock while the next sleepers have slept half of their time, once for each; that wakes them.
  package func setInSleep(by changes: [TimeSpan]) { state.withLock { $0.changes = changes } }
}

extension ClockReading {
  fileprivate mutating func pass(_ span: TimeSpan) {
    time = time.adding(span) ?? time
    uptime = uptime.adding(span) ?? uptime
  }

  fileprivate mutating func set(by change: TimeSpan) { time = time.adding(change) ?? time }
}
