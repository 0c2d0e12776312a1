/// How a zone's clocks go on after the last change that its file lists: one offset all year, or two that alternate on
/// the same rule every year.
///
/// It is the `TZ` string in the footer of a TZif file: RFC 9636, section 3.3.1, after POSIX.1-2017, section 8.3.
struct YearlyRule: Hashable, Sendable {
  /// Seconds east of UTC.
  let standardOffset: Int
  let daylight: Daylight?

  /// The second offset, and from when to when in a year it holds.
  struct Daylight: Hashable, Sendable {
    /// Seconds east of UTC.
    let offset: Int
    let start: Change
    let end: Change
  }

  /// The moment of a change on the clock that ticked until then.
  struct Change: Hashable, Sendable {
    let day: Day
    /// Seconds after 00:00 of the day: within ±167 hours.
    let time: Int
  }

  /// A day of a year.
  enum Day: Hashable, Sendable {
    /// `Jn`: 1 … 365; 29 February is never counted.
    case withoutLeapDay(Int)
    /// `n`: 0 … 365; 29 February is counted.
    case fromZero(Int)
    /// `Mm.w.d`: the week is 1 … 5, of which 5 is the last; the weekday is 0 (Sunday) … 6.
    case weekday(Int, week: Int, month: Int)
  }

  /// The period in which an instant falls, of all years. The instant is in seconds since the epoch and at most some
  /// days outside the range of `Timestamp`.
  func period(at instant: Int) -> OffsetPeriod {
    guard let daylight else { return OffsetPeriod(start: nil, end: nil, offset: standardOffset) }
    var current = OffsetPeriod(start: nil, end: nil, offset: standardOffset)
    let day = (instant + standardOffset).dividedRoundingDown(by: 86_400)
    let year = CivilDate(daysSinceEpoch: day).year
    // A change may lie a week outside its year. Of two at the same instant the later in the list holds, so that a
    // rule for daylight time all year, `0/0,J365/25`, has no end: RFC 9636, section 3.3.1.
    for year in year - 2...year + 2 {
      let start = daylight.start.seconds(in: year) - standardOffset
      current = current.narrowed(around: instant, by: start, to: daylight.offset)
      let end = daylight.end.seconds(in: year) - daylight.offset
      current = current.narrowed(around: instant, by: end, to: standardOffset)
    }
    return current
  }
}

extension OffsetPeriod {
  /// What is known of the period around an instant after hearing of one more change, to a certain offset.
  fileprivate func narrowed(around instant: Int, by change: Int, to offset: Int) -> OffsetPeriod {
    if change <= instant {
      return change >= start ?? .min ? OffsetPeriod(start: change, end: end, offset: offset) : self
    }
    return change < end ?? .max ? OffsetPeriod(start: start, end: change, offset: self.offset) : self
  }
}

extension YearlyRule.Change {
  /// Seconds since the epoch on the clock that ticks until the change.
  fileprivate func seconds(in year: Int) -> Int {
    day.daysSinceEpoch(in: year) * 86_400 + time
  }
}

extension YearlyRule.Day {
  fileprivate func daysSinceEpoch(in year: Int) -> Int {
    switch self {
    case .withoutLeapDay(let number):
      let leapDay = CivilDate.isLeap(year) && number >= 60 ? 1 : 0
      return CivilDate.daysSinceEpoch(year: year, month: 1, day: number) + leapDay
    case .fromZero(let number):
      return CivilDate.daysSinceEpoch(year: year, month: 1, day: number + 1)
    case .weekday(let weekday, let week, let month):
      let first = CivilDate.daysSinceEpoch(year: year, month: month, day: 1)
      let ahead = (weekday - CivilDate.weekday(daysSinceEpoch: first) + 7) % 7
      let day = ahead + (week - 1) * 7
      return first + (day < CivilDate.days(inMonth: month, of: year) ? day : day - 7)
    }
  }
}
