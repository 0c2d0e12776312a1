import DxshTime

/// Calendars in `.dxsh` files: `time.date time.start_of_day time.start_of_month time.start_of_year time.add_days
/// time.add_months` (rule 32). A day may have 23 or 25 hours; that depends on the zone, which is always written.
extension FunctionLibrary {
  static let calendarOverloads: [Overload] = [
    // `2026-03-02`
    Overload("time.date", "time_date", .global, .string, in: .dxsh) { instant, zone in
      .text(zone.date(at: instant).description)
    },
    Overload("time.start_of_day", "time_start_of_day", .global, .timestamp, in: .dxsh) {
      (instant, zone) throws(EvaluationError) in try inRange(zone.startOfDay(at: instant))
    },
    Overload("time.start_of_month", "time_start_of_month", .global, .timestamp, in: .dxsh) {
      (instant, zone) throws(EvaluationError) in try inRange(zone.startOfMonth(at: instant))
    },
    Overload("time.start_of_year", "time_start_of_year", .global, .timestamp, in: .dxsh) {
      (instant, zone) throws(EvaluationError) in try inRange(zone.startOfYear(at: instant))
    },
    // The same time of day so many days later.
    Overload("time.add_days", "time_add_days", .timestamp, in: .dxsh) {
      (instant, days, zone) throws(EvaluationError) in try inRange(zone.adding(days: Int(days), to: instant))
    },
    // The same day of the month; one that the month does not have becomes its last.
    Overload("time.add_months", "time_add_months", .timestamp, in: .dxsh) {
      (instant, months, zone) throws(EvaluationError) in try inRange(zone.adding(months: Int(months), to: instant))
    },
  ]

  private static func inRange(_ instant: Timestamp?) throws(EvaluationError) -> Value {
    guard let instant else { throw EvaluationError(.arithmetic, "the timestamp is out of range") }
    return .timestamp(instant)
  }
}
