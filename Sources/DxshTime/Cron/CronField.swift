/// One of the five fields of a cron expression, in their order.
package enum CronField: Int, Hashable, Sendable, CaseIterable {
  case minute, hour, dayOfMonth, month, dayOfWeek

  /// What people call it: `day of month`.
  package var name: String {
    switch self {
    case .minute: "minute"
    case .hour: "hour"
    case .dayOfMonth: "day of month"
    case .month: "month"
    case .dayOfWeek: "day of week"
    }
  }

  /// The numbers that it takes. Of the days of the week 0 and 7 are Sunday.
  package var range: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .month: 1...12
    case .dayOfWeek: 0...7
    }
  }

  /// After how many units it begins again; of months' days there is no such number.
  var period: Int? {
    switch self {
    case .minute: 60
    case .hour: 24
    case .dayOfMonth: nil
    case .month: 12
    case .dayOfWeek: 7
    }
  }

  /// The names that stand for numbers, in upper case, from the lowest number on.
  var names: [String] {
    switch self {
    case .minute, .hour, .dayOfMonth: []
    case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    }
  }

  /// The number of a name in upper case; nil when the field has no such name.
  func number(ofName name: String) -> Int? {
    names.firstIndex(of: name).map { $0 + range.lowerBound }
  }
}
