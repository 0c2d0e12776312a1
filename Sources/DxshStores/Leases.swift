import DxshTime
import Glibc
import Synchronization

/// Who may go on with runs, as seen by one process: its own lease, and how long others have been silent.
///
/// A worker's row has a counter, which the worker raises three times in each lease. A worker that holds its lock but
/// has not raised its counter for a whole lease, by the clock of the process that watches it, is stopped or cut off:
/// its runs may be taken. It itself counts its lease from before it raised the counter, so that it never believes to
/// have what another may take. No time of day plays a part.
final class Leases: Sendable {
  private struct State {
    var heldUntil: UInt64 = 0
    /// How often the lease had run out when it was renewed: others may have taken runs meanwhile.
    var lapses = 0
    var others: [Int64: (beat: Int64, since: UInt64)] = [:]
  }

  /// In nanoseconds.
  private let span: UInt64
  private let clock: @Sendable () -> UInt64
  private let state = Mutex(State())

  /// - clock: nanoseconds that never go back and go on while the machine sleeps
  init(span: TimeSpan, clock: @escaping @Sendable () -> UInt64 = Leases.bootClock) {
    self.span = UInt64(max(span.clampedNanoseconds, 1))
    self.clock = clock
  }

  /// How long to wait between two beats.
  var pause: UInt64 { span / 3 }

  /// To be asked before the counter is raised; what `renew` is told.
  func begin() -> UInt64 { clock() }

  func renew(from start: UInt64) {
    state.withLock { state in
      if state.heldUntil > 0, start >= state.heldUntil { state.lapses += 1 }
      state.heldUntil = max(state.heldUntil, start + span)
    }
  }

  /// Whether nobody knows that this process lives: what it writes next has to say so too.
  var hasRunOut: Bool { clock() >= state.withLock(\.heldUntil) }

  /// How often the lease has run out so far.
  var lapses: Int { state.withLock(\.lapses) }

  /// Whether this process has, without asking the store, what was its own when the lease had run out so often.
  func isHeld(since lapses: Int) -> Bool {
    let now = clock()
    return state.withLock { now < $0.heldUntil && $0.lapses == lapses }
  }

  /// Whether another worker, whose counter was just read, has been silent for a lease.
  func isSilent(_ worker: Int64, beat: Int64) -> Bool {
    let now = clock()
    return state.withLock { state in
      guard let known = state.others[worker], known.beat == beat else {
        state.others[worker] = (beat, now)
        return false
      }
      return now - known.since >= span
    }
  }

  static let bootClock: @Sendable () -> UInt64 = {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
