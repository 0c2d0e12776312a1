import DxshTime

/// The parts of timestamps and durations: `getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear
/// getHours getMinutes getSeconds getMilliseconds` (CEL specification, "List of Standard Definitions").
///
/// Of a timestamp they are what clocks and calendars show, in UTC or in a zone; of a duration whole units of the total,
/// but the milliseconds, which are what is left beside whole seconds.
extension FunctionLibrary {
  static let timeFunctionOverloads: [Overload] =
    parts.flatMap { part in
      [
        Overload(
          part.name, "timestamp_to_\(part.id)", .member, [.timestamp], .int,
          .taking(part.name, .timestamp) { .int(part.number(TimeZone.utc.civilTime(at: $0))) }),
        Overload(part.name, "timestamp_to_\(part.id)_\(part.suffix)", .member, .int, in: .both) { instant, zone in
          .int(part.number(zone.civilTime(at: instant)))
        },
      ]
    } + [
      ofDuration("getHours", "hours") { $0.wholeHours },
      ofDuration("getMinutes", "minutes") { $0.wholeMinutes },
      ofDuration("getSeconds", "seconds") { $0.wholeSeconds },
      ofDuration("getMilliseconds", "milliseconds") { $0.millisecondsBesideSeconds },
    ]

  private struct Part: Sendable {
    let name: String
    /// As cel-go names the overloads.
    let id: String
    let suffix: String
    let number: @Sendable (CivilTime) -> Int64

    init(
      _ name: String, _ id: String, suffix: String = "with_tz", _ number: @escaping @Sendable (CivilTime) -> Int
    ) {
      self.name = name
      self.id = id
      self.suffix = suffix
      self.number = { Int64(number($0)) }
    }
  }

  private static let parts: [Part] = [
    Part("getFullYear", "year") { $0.year },
    // From 0, January.
    Part("getMonth", "month") { $0.monthFromZero },
    Part("getDate", "day_of_month_1_based") { $0.dayOfMonth },
    Part("getDayOfMonth", "day_of_month") { $0.dayOfMonthFromZero },
    // From 0, Sunday.
    Part("getDayOfWeek", "day_of_week") { $0.weekday },
    Part("getDayOfYear", "day_of_year") { $0.dayOfYearFromZero },
    Part("getHours", "hours") { $0.hour },
    Part("getMinutes", "minutes") { $0.minute },
    Part("getSeconds", "seconds", suffix: "tz") { $0.second },
    Part("getMilliseconds", "milliseconds") { $0.millisecond },
  ]

  private static func ofDuration(
    _ name: String, _ id: String, _ number: @escaping @Sendable (TimeSpan) -> Int64
  ) -> Overload {
    Overload(name, "duration_to_\(id)", .member, [.duration], .int, .taking(name, .duration) { .int(number($0)) })
  }
}
