import DxshTime
import Synchronization

/// When a call that is under way last gave a sign of life: its node says so, and its engine asks (`heartbeat`).
package final class SignsOfLife: Sendable {
  private let clock: any RunClock
  /// By a clock that nobody sets.
  private let last: Mutex<TimeSpan>

  /// It begins with one.
  package init(_ clock: any RunClock) {
    self.clock = clock
    last = Mutex(clock.reading().uptime)
  }

  /// Whoever is at the other end has said something.
  package func note() {
    let now = clock.reading().uptime
    last.withLock { $0 = now }
  }

  /// How long there has been none.
  var silence: TimeSpan { clock.reading().uptime.subtracting(last.withLock { $0 }) ?? .zero }
}
