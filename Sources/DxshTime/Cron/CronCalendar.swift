/// The days on which a cron expression fires, of the proleptic Gregorian calendar.
struct CronCalendar: Hashable, Sendable {
  /// Bits 1 … 12.
  let months: UInt64
  /// Bits 1 … 31.
  let days: UInt64
  /// Bits 0 (Sunday) … 6.
  let weekdays: UInt64
  /// The Nth weekday w of a month is bit 7 (N - 1) + w.
  let nthWeekdays: UInt64
  /// Whether the last day of each month is one of `days`.
  let hasLastDay: Bool
  /// Whether a day of the month or a weekday is enough; else a day must be both.
  let isEither: Bool

  /// The last year that is looked at; `Timestamp` ends with 9999, and clocks are at most a day ahead.
  private static let lastYear = 10_000

  /// Whether no day matches in all years. The calendar begins again every 400 years, in which every month of every
  /// length begins on each weekday.
  var isEmpty: Bool {
    for month in 1...12 where months >> UInt64(month) & 1 == 1 {
      for length in month == 2 ? [28, 29] : [CivilDate.days(inMonth: month, of: 1970)] {
        for weekday in 0..<7 where matches(length: length, firstWeekday: weekday) != 0 { return false }
      }
    }
    return true
  }

  /// The days of a month that match, as bits 1 … 31; 0 where the month does not.
  func matches(year: Int, month: Int) -> UInt64 {
    guard months >> UInt64(month) & 1 == 1 else { return 0 }
    let first = CivilDate.daysSinceEpoch(year: year, month: month, day: 1)
    return matches(
      length: CivilDate.days(inMonth: month, of: year), firstWeekday: CivilDate.weekday(daysSinceEpoch: first))
  }

  private func matches(length: Int, firstWeekday: Int) -> UInt64 {
    let inMonth: UInt64 = (1 << UInt64(length + 1)) - 2
    let byDay = days | (hasLastDay ? 1 << UInt64(length) : 0)
    var byWeekday = Self.rotated(weekdays, by: firstWeekday) &* Self.everyWeek
    if nthWeekdays != 0 {
      for week in 0..<5 {
        let named = nthWeekdays >> UInt64(week * 7) & 0x7F
        byWeekday |= Self.rotated(named, by: firstWeekday) << UInt64(week * 7)
      }
    }
    byWeekday <<= 1
    return (isEither ? byDay | byWeekday : byDay & byWeekday) & inMonth
  }

  /// A bit for the first day of each of five weeks.
  private static let everyWeek: UInt64 = 1 | 1 << 7 | 1 << 14 | 1 << 21 | 1 << 28

  /// Seven bits that begin with weekday `first` instead of Sunday.
  private static func rotated(_ weekdays: UInt64, by first: Int) -> UInt64 {
    (weekdays >> UInt64(first) | weekdays << UInt64(7 - first)) & 0x7F
  }

  /// The first matching day from the given one on, both in days since 1970-01-01; nil when there is none to the end of
  /// the year 10,000.
  func first(atOrAfter day: Int) -> Int? {
    let date = CivilDate(daysSinceEpoch: day)
    var year = date.year
    var month = date.month
    var found = matches(year: year, month: month) & ~((1 << UInt64(date.day)) - 1)
    while found == 0 {
      let later = months >> UInt64(month + 1)
      if later != 0 {
        month += 1 + later.trailingZeroBitCount
      } else {
        year += 1
        month = months.trailingZeroBitCount
      }
      guard year <= Self.lastYear else { return nil }
      found = matches(year: year, month: month)
    }
    return CivilDate.daysSinceEpoch(year: year, month: month, day: found.trailingZeroBitCount)
  }

  /// The fewest days from one matching day to the next, 1 when two of them are neighbours; the calendar must not be
  /// empty.
  var shortestDistance: Int {
    var last: Int?
    var shortest = Int.max
    // 400 years are a whole turn, and no day waits longer than 40 years for the next.
    for year in 2000..<2441 {
      for month in 1...12 {
        var found = matches(year: year, month: month)
        while found != 0 {
          let day = CivilDate.daysSinceEpoch(year: year, month: month, day: found.trailingZeroBitCount)
          if let last { shortest = min(shortest, day - last) }
          if shortest == 1 { return 1 }
          last = day
          found &= found - 1
        }
      }
    }
    return shortest
  }
}
