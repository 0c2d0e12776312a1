import DxshSyntax
import DxshTime

/// The wording of what is wrong with schedules.
extension Diagnostic {
  static func cronSyntax(_ error: CronSyntaxError, at range: SourceRange) -> Diagnostic {
    Diagnostic(.cronSyntax, error.message, at: range, help: error.remedy)
  }

  static func cronNeverFires(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .cronNeverFires, "`\(text)` never fires: no day of any year matches", at: range,
      help: "choose a day that the month has; `L` as the day of the month is its last")
  }

  static func missingTimeZone(_ schedule: Name) -> Diagnostic {
    Diagnostic(
      .badTimeZone, "the schedule `\(schedule.text)` has no `timezone`", at: schedule.range,
      help: "write one of the IANA database, as in `timezone: \"Europe/Berlin\"`; there is no default")
  }

  static func unknownTimeZone(_ text: String, meant: String?, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badTimeZone, "there is no time zone called `\(text)`", at: range,
      help: "write one of the IANA database, such as `Europe/Berlin` or `UTC`"
    ).proposing(meant)
  }

  /// - changes: gaps into which the expression fires, not none
  static func fireInGap(_ changes: [CronClockChange], _ zone: TimeZone, at range: SourceRange) -> Diagnostic {
    var help = "write `gap: shift` or `gap: skip`, or choose another time"
    if case .gap(let instant?)? = changes.first?.kind {
      help = "it would run at \(zone.text(of: instant)) instead; \(help)"
    }
    return Diagnostic(.fireInGap, "the clocks of \(zone) skip \(times(changes))", at: range, help: help)
  }

  /// - changes: overlaps into which the expression fires, not none
  static func fireInOverlap(_ changes: [CronClockChange], _ zone: TimeZone, at range: SourceRange) -> Diagnostic {
    var help = "write `twice: first`, `twice: second` or `twice: both`, or choose another time"
    if case .overlap(let first, let second)? = changes.first?.kind {
      help = "it would run at \(zone.text(of: first)) and not at \(zone.text(of: second)); \(help)"
    }
    return Diagnostic(.fireInOverlap, "the clocks of \(zone) show twice \(times(changes))", at: range, help: help)
  }

  /// `02:30 on 2026-03-29, 2027-03-28 and 2028-03-26`, by the time of the first.
  private static func times(_ changes: [CronClockChange]) -> String {
    guard let first = changes.first?.local else { return "" }
    let time = first.description.dropFirst(11).prefix(5)
    let dates = changes.map(\.local.date.description)
    let list = dates.count == 1 ? dates[0] : dates.dropLast().joined(separator: ", ") + " and " + dates[dates.count - 1]
    return "\(time) on \(list)"
  }

  static func unevenStep(_ step: CronExpression.UnevenStep, at range: SourceRange) -> Diagnostic {
    let values = step.values.map(String.init).joined(separator: ",")
    let whole = "the \(step.period) values of the \(step.field.name)"
    return Diagnostic(
      .unevenStep,
      "the step \(step.step) does not divide \(whole): it comes to \(values)",
      at: range,
      help: "write `\(values)` if that is right, or a step that divides \(step.period)")
  }

  static func dayAndWeekday(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .dayAndWeekday, "`\(text)` fires on each such day of the month and on each such day of the week", at: range,
      help: "write `days: any` if one is enough, `days: all` if a day must be both")
  }
}
