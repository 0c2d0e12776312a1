/// When something is to happen again and again, by the calendar and clock of a place: five fields, as Vixie's and
/// Debian's cron read them. `docs/cron.md` has the rule.
///
/// It is a value in no zone; `nextFire(after:in:)` gives the instants. Two expressions are equal when they were written
/// with the same items, however names and spaces were.
package struct CronExpression: Hashable, Sendable {
  /// Which days match where the day of the month and the day of the week are both given.
  package enum Days: Hashable, Sendable {
    /// Both must match if either field begins with a star, else one is enough.
    case byStars
    /// One is enough.
    case any
    /// Both must match.
    case all
  }

  /// The items of each field, in the order of `CronField`.
  package let items: [[CronItem]]
  package let days: Days
  /// Bits 0 … 59.
  let minutes: UInt64
  /// Bits 0 … 23.
  let hours: UInt64
  let calendar: CronCalendar

  /// Whether it names times of a day: neither minute nor hour begins with a star. Such a time is made up for when
  /// clocks skip it, and does not come twice when they repeat it. Otherwise each minute is judged by what clocks show.
  package let isFixed: Bool

  /// Whether no day of the calendar matches, of all years: `0 0 30 2 *`.
  package let neverFires: Bool

  /// Reads five fields parted by spaces or tabs, or one of the aliases such as `@daily`.
  ///
  /// `L` as a day of the month and `MON#1` as a day of the week are taken on top of the rule.
  package init(_ text: String) throws(CronSyntaxError) {
    self.init(items: try CronParser(text).fields(), days: .byStars)
  }

  private init(items: [[CronItem]], days: Days) {
    self.items = items
    self.days = days
    func bits(_ field: CronField) -> UInt64 {
      items[field.rawValue].reduce(0) { $0 | $1.bits(of: field) }
    }
    func begins(_ field: CronField) -> Bool { items[field.rawValue][0].isStar }
    minutes = bits(.minute)
    hours = bits(.hour)
    isFixed = !begins(.minute) && !begins(.hour)
    let either =
      switch days {
      case .byStars: !begins(.dayOfMonth) && !begins(.dayOfWeek)
      case .any: true
      case .all: false
      }
    var nth: UInt64 = 0
    for case .nth(let weekday, let number) in items[CronField.dayOfWeek.rawValue] {
      nth |= 1 << UInt64((number - 1) * 7 + weekday)
    }
    calendar = CronCalendar(
      months: bits(.month), days: bits(.dayOfMonth), weekdays: bits(.dayOfWeek), nthWeekdays: nth,
      hasLastDay: items[CronField.dayOfMonth.rawValue].contains(.lastDay), isEither: either)
    neverFires = calendar.isEmpty
  }

  /// The same with another rule for days.
  package func with(days: Days) -> CronExpression {
    CronExpression(items: items, days: days)
  }

  /// Whether day of month and day of week both restrict the days, so that one of the two is enough.
  package var restrictsBothDays: Bool {
    !items[CronField.dayOfMonth.rawValue][0].isStar && !items[CronField.dayOfWeek.rawValue][0].isStar
  }
}

extension CronExpression: CustomStringConvertible {
  /// The canonical text: numbers for names, one space between fields, no alias, no step of 1. Reading it gives an
  /// expression that fires at the same times.
  package var description: String {
    items.map { $0.map(\.description).joined(separator: ",") }.joined(separator: " ")
  }
}

extension CronExpression {
  /// Where fields stand in the UTF-8 of a text, from the first to the last; nil when it has not five, as an alias.
  package static func range(from first: CronField, to last: CronField, in text: String) -> Range<Int>? {
    let words = CronParser(text).words
    guard words.count == 5 else { return nil }
    return words[first.rawValue].lowerBound..<words[last.rawValue].upperBound
  }
}
