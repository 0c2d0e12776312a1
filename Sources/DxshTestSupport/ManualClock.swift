import DxshRuntime
package import DxshTime
import Synchronization

/// A clock that stands still until somebody sleeps on it, and then jumps to where the sleeper wants to wake.
///
/// With it a run of hours takes no time; it starts at 2026-01-01T00:00:00Z.
package final class ManualClock: RunClock {
  private let time: Mutex<Timestamp>

  package init(_ start: Timestamp = Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch) {
    self.time = Mutex(start)
  }

  package func now() -> Timestamp { time.withLock { $0 } }

  package func sleep(until deadline: Timestamp) async {
    time.withLock { $0 = max($0, deadline) }
  }
}
