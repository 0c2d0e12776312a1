package import DxshTime

/// A rate as the generic cell rate algorithm keeps it (ITU-T I.371, annex A): all that is known of the past is one time
/// for what has been promised, and one for what has begun.
///
/// Times are promised in the order in which they are asked for, so that who waits knows for how long. Who comes late,
/// as after the death of a process, begins only when that does not come too close to what has begun meanwhile: of
/// beginnings there are in any `period` at most `count`, and `burst - 1` more after a quiet while.
package struct GenericCellRate: Sendable, Hashable {
  /// What is known of the past.
  package struct Past: Sendable, Hashable {
    /// When the next would be in time, if all that was promised came evenly; nil before the first.
    package var promised: Timestamp?
    /// The same of what has begun.
    package var begun: Timestamp?

    package init(promised: Timestamp? = nil, begun: Timestamp? = nil) {
      self.promised = promised
      self.begun = begun
    }
  }

  /// From 1.
  package let count: Int
  /// Above zero.
  package let period: TimeSpan
  /// How many may begin at once, from 1.
  package let burst: Int

  package init(count: Int, period: TimeSpan, burst: Int = 1) {
    precondition(count > 0 && burst > 0 && period > .zero)
    self.count = count
    self.period = period
    self.burst = burst
  }

  /// Between two that come evenly, rounded up to nanoseconds.
  package var interval: TimeSpan {
    let exact = period.divided(by: Int64(count)) ?? period
    guard exact.multiplied(by: Int64(count)) != period else { return exact }
    return exact.adding(TimeSpan(nanoseconds: 1)) ?? exact
  }

  /// How much too early one may be.
  private var tolerance: TimeSpan { interval.multiplied(by: Int64(burst - 1)) ?? TimeSpan(nanoseconds: .max) }

  /// Promises a time, which is `now` or later.
  package func promise(_ past: inout Past, at now: Timestamp) -> Timestamp {
    let (time, next) = next(after: past.promised, at: now)
    past.promised = next
    return time
  }

  /// Begins what has been promised a time that has come; nil if it may, and else when to ask again.
  package func begin(_ past: inout Past, at now: Timestamp) -> Timestamp? {
    let (time, next) = next(after: past.begun, at: now)
    if time > now { return time }
    past.begun = next
    past.promised = max(past.promised ?? next, next)
    return nil
  }

  private func next(after arrival: Timestamp?, at now: Timestamp) -> (time: Timestamp, arrival: Timestamp) {
    let arrival = arrival ?? now
    let time = max(now, arrival.adding(tolerance.negated) ?? now)
    let start = max(arrival, time)
    return (time, start.adding(interval) ?? start)
  }
}
