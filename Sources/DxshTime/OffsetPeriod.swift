/// A stretch of time in which a zone's clocks keep one distance from UTC.
package struct OffsetPeriod: Hashable, Sendable {
  /// Its first second, since the epoch; nil when it has always been so. Both ends may be far outside the range of
  /// `Timestamp`.
  package let start: Int?
  /// The first second after it; nil when it stays so. It is after `start`.
  package let end: Int?
  /// Seconds east of UTC, between -25 and 26 hours.
  package let offset: Int

  func contains(_ instant: Int) -> Bool {
    start ?? .min <= instant && instant < end ?? .max
  }
}
