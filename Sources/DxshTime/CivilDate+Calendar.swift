extension CivilDate {
  /// The day's place in its year: 0 (1 January) … 365.
  package var dayOfYearFromZero: Int {
    daysSinceEpoch - Self.daysSinceEpoch(year: year, month: 1, day: 1)
  }

  /// The first day of the month.
  package var firstOfMonth: CivilDate {
    CivilDate(daysSinceEpoch: Self.daysSinceEpoch(year: year, month: month, day: 1))
  }

  /// 1 January of the year.
  package var firstOfYear: CivilDate {
    CivilDate(daysSinceEpoch: Self.daysSinceEpoch(year: year, month: 1, day: 1))
  }

  /// The day so many months later, or earlier; a day that the month does not have becomes its last: a month after
  /// 31 January is 28 or 29 February. Nil for more than 10^10 months and outside the range of years.
  package func adding(months: Int) -> CivilDate? {
    guard months.magnitude <= 10_000_000_000 else { return nil }
    let total = year * 12 + (month - 1) + months
    let newMonth = (total % 12 + 12) % 12 + 1
    let newYear = (total - (newMonth - 1)) / 12
    return CivilDate(year: newYear, month: newMonth, day: min(day, Self.days(inMonth: newMonth, of: newYear)))
  }

  /// The day so many days later, or earlier. Nil for more than 10^11 days.
  package func adding(days: Int) -> CivilDate? {
    guard days.magnitude <= 100_000_000_000, year.magnitude <= 100_000_000 else { return nil }
    return CivilDate(daysSinceEpoch: daysSinceEpoch + days)
  }
}

extension CivilDate: CustomStringConvertible {
  /// `2026-03-02`, as ISO 8601 writes it; a year has at least four digits and a minus before year 0.
  package var description: String {
    var text: [UInt8] = []
    text.appendDate(self)
    return String(decoding: text, as: UTF8.self)
  }

  /// A day as `YYYY-MM-DD` of four, two and two digits; nil for anything else and for a day that does not exist.
  package init?(text: String) {
    var cursor = ByteCursor(text)
    guard let date = cursor.takeDate(), cursor.isAtEnd else { return nil }
    self = date
  }
}

extension [UInt8] {
  /// Appends a day as `2026-03-02`.
  mutating func appendDate(_ date: CivilDate) {
    if date.year < 0 { append(0x2D) }
    appendDecimal(Int64(date.year.magnitude), width: 4)
    append(0x2D)
    appendDecimal(Int64(date.month), width: 2)
    append(0x2D)
    appendDecimal(Int64(date.day), width: 2)
  }
}
