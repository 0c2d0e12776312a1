package import DxshTime

/// The time that a run lives in. The command line brings the system's clock, tests a manual one.
package protocol RunClock: Sendable {
  /// The time of day, which somebody may set.
  func now() -> Timestamp
  /// The time of day beside a time that nobody sets.
  func reading() -> ClockReading
  /// Names what the uptime of readings counts from; the same as in another process only if it counts from the same.
  var boot: String { get }
  /// Suspends until `deadline` has passed on this clock, the clock has been set, or the task is cancelled.
  func sleep(until deadline: Timestamp) async
}

/// The time of day, beside how long the machine has been on: two of them tell whether the clock was set in between.
package struct ClockReading: Sendable, Equatable {
  package var time: Timestamp
  /// Goes on while the machine sleeps.
  package var uptime: TimeSpan

  package init(time: Timestamp, uptime: TimeSpan) {
    self.time = time
    self.uptime = uptime
  }

  /// By how much the clock was set between an earlier reading, with the same boot, and this one; nil when it was not.
  /// Less than a second is no change.
  package func change(since earlier: ClockReading) -> TimeSpan? {
    guard let passed = uptime.subtracting(earlier.uptime),
      let change = time.since(earlier.time).subtracting(passed)
    else { return nil }
    return abs(change.clampedNanoseconds) >= 1_000_000_000 ? change : nil
  }
}
