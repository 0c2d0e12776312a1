/// What a calendar and a clock on the wall show, in no zone: a date and a time of day.
///
/// Made from a `Timestamp` and an offset from UTC, it answers CEL's accessors `getFullYear` … `getMilliseconds`; back
/// to instants go `TimeZone.instants(of:)`. There is no leap second.
package struct CivilTime: Hashable, Sendable {
  package let date: CivilDate
  /// 0 … 23
  package let hour: Int
  /// 0 … 59
  package let minute: Int
  /// 0 … 59
  package let second: Int
  /// 0 … 999,999,999
  package let nanosecond: Int

  /// Nil when a part is outside its range.
  package init?(_ date: CivilDate, hour: Int, minute: Int, second: Int = 0, nanosecond: Int = 0) {
    guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
      (0...999_999_999).contains(nanosecond)
    else { return nil }
    self.init(date, secondOfDay: hour * 3600 + minute * 60 + second, nanosecond: nanosecond)
  }

  /// What a clock shows at an instant where it is `offset` seconds east of UTC; at most ten days in magnitude.
  package init(_ instant: Timestamp, offset: Int) {
    let seconds = Int(instant.seconds) + offset
    let day = seconds.dividedRoundingDown(by: 86_400)
    self.init(
      CivilDate(daysSinceEpoch: day), secondOfDay: seconds - day * 86_400, nanosecond: Int(instant.nanoseconds))
  }

  /// 00:00:00 of a day.
  package static func midnight(_ date: CivilDate) -> CivilTime {
    CivilTime(date, secondOfDay: 0, nanosecond: 0)
  }

  private init(_ date: CivilDate, secondOfDay: Int, nanosecond: Int) {
    self.date = date
    self.hour = secondOfDay / 3600
    self.minute = secondOfDay / 60 % 60
    self.second = secondOfDay % 60
    self.nanosecond = nanosecond
  }

  /// The same time of another day.
  package func on(_ date: CivilDate) -> CivilTime {
    CivilTime(date, secondOfDay: secondOfDay, nanosecond: nanosecond)
  }

  /// 0 … 86,399
  package var secondOfDay: Int { hour * 3600 + minute * 60 + second }

  /// Seconds since 1970-01-01T00:00:00 of the same clock, negative before it.
  package var secondsSinceEpoch: Int { date.daysSinceEpoch * 86_400 + secondOfDay }
}

/// The parts as CEL counts them: cel-spec, "List of Standard Definitions". Its `getHours`, `getMinutes` and
/// `getSeconds` are `hour`, `minute` and `second`.
extension CivilTime {
  /// `getFullYear`: 0 … 10,000 for a timestamp in a zone.
  package var year: Int { date.year }
  /// `getMonth`: 0 (January) … 11
  package var monthFromZero: Int { date.month - 1 }
  /// `getDate`: 1 … 31
  package var dayOfMonth: Int { date.day }
  /// `getDayOfMonth`: 0 … 30
  package var dayOfMonthFromZero: Int { date.day - 1 }
  /// `getDayOfWeek`: 0 (Sunday) … 6
  package var weekday: Int { date.weekday }
  /// `getDayOfYear`: 0 … 365
  package var dayOfYearFromZero: Int { date.dayOfYearFromZero }
  /// `getMilliseconds`: 0 … 999
  package var millisecond: Int { nanosecond / 1_000_000 }
}

extension CivilTime: Comparable {
  package static func < (left: CivilTime, right: CivilTime) -> Bool {
    (left.date, left.secondOfDay, left.nanosecond) < (right.date, right.secondOfDay, right.nanosecond)
  }
}
