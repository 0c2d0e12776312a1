/// Calendar arithmetic in a zone. Each result is nil outside the range of `Timestamp`.
extension TimeZone {
  /// The day that calendars show at an instant; its text is `2026-03-02`.
  package func date(at instant: Timestamp) -> CivilDate {
    civilTime(at: instant).date
  }

  /// The first instant of a day: 00:00, or the end of the gap when the clocks skip midnight. A day that a zone skipped
  /// begins with the one after it.
  package func start(of date: CivilDate) -> Timestamp? {
    instants(of: .midnight(date))?.firstAtOrAfter
  }

  /// The first instant of the day in which an instant falls.
  package func startOfDay(at instant: Timestamp) -> Timestamp? {
    start(of: date(at: instant))
  }

  /// The first instant of the month in which an instant falls.
  package func startOfMonth(at instant: Timestamp) -> Timestamp? {
    start(of: date(at: instant).firstOfMonth)
  }

  /// The first instant of the year in which an instant falls.
  package func startOfYear(at instant: Timestamp) -> Timestamp? {
    start(of: date(at: instant).firstOfYear)
  }

  /// The same time of day so many days later, or earlier: a day may have 23 or 25 hours. A time in a gap moves forward
  /// by the gap's length; of a time that comes twice the first is taken.
  package func adding(days: Int, to instant: Timestamp) -> Timestamp? {
    moving(instant) { $0.adding(days: days) }
  }

  /// The same day of the month and time of day so many months later, or earlier; a day that the month does not have
  /// becomes its last. Gaps and times that come twice are treated as for days.
  package func adding(months: Int, to instant: Timestamp) -> Timestamp? {
    moving(instant) { $0.adding(months: months) }
  }

  /// The same time of day on another day. The same day gives the same instant, also the second of two.
  private func moving(_ instant: Timestamp, _ change: (CivilDate) -> CivilDate?) -> Timestamp? {
    let local = civilTime(at: instant)
    guard let date = change(local.date) else { return nil }
    return date == local.date ? instant : instants(of: local.on(date))?.chosen
  }
}
