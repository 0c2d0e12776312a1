import DxshExpressions
import DxshSyntax
import DxshTime

/// Checks the cron expressions and time zones of schedules that are written as literals. `docs/cron.md` has the rule.
struct ScheduleChecker {
  let session: CheckSession
  let file: SourceFile
  let time: TimeContext

  /// A text literal, and where it stands.
  struct Literal {
    let text: String
    let range: SourceRange
  }

  /// Returns whether it has no error.
  func check(_ schedule: ScheduleDeclaration) -> Bool {
    let errors = session.errorCount
    let areKnown = FieldChecker(session: session).check(schedule.fields, FieldNames.schedule, of: "a schedule")
    let zone = zone(of: schedule, mayLack: !areKnown)
    for literal in cronTexts(of: schedule) {
      let expression: CronExpression
      do {
        expression = try CronExpression(literal.text).with(days: days(of: schedule))
      } catch {
        session.report(.cronSyntax(error, at: place(of: error.range, in: literal)))
        continue
      }
      check(expression, literal, schedule, zone)
      if let zone, let now = time.asOf, let shortest = expression.shortestInterval(in: zone, after: now),
        let usual = expression.shortestInterval(in: .utc, after: now)
      {
        note(FiringInterval(shortest: shortest, usual: usual), of: schedule)
      }
    }
    if let interval = constantInterval(of: schedule) {
      note(FiringInterval(shortest: interval, usual: interval), of: schedule)
    }
    return session.errorCount == errors
  }

  /// Of the expressions of a list the one that fires most often counts: together they fire no less often.
  private func note(_ interval: FiringInterval, of schedule: ScheduleDeclaration) {
    let known = session.intervals[schedule.name.range]
    session.intervals[schedule.name.range] = known.map { $0.shortest < interval.shortest ? $0 : interval } ?? interval
  }

  /// `every: 15m`
  private func constantInterval(of schedule: ScheduleDeclaration) -> TimeSpan? {
    guard let value = schedule.fields.value(of: "every") else { return nil }
    let expressions = ExpressionChecker(session: session, scope: NoNames())
    let typed = session.probing { expressions.check(value, expecting: .duration) }
    guard typed.type == .duration, case .duration(let span)? = typed.expression.constantValue, span > .zero else {
      return nil
    }
    return span
  }

  private func literal(_ syntax: ExpressionSyntax) -> Literal? {
    guard case .literal(.string(let text)) = syntax.kind else { return nil }
    return Literal(text: text, range: syntax.range)
  }

  /// One, or those of a list.
  private func cronTexts(of schedule: ScheduleDeclaration) -> [Literal] {
    guard let value = schedule.fields.value(of: "cron") else { return [] }
    if case .list(let elements) = value.kind { return elements.compactMap { literal($0.value) } }
    return literal(value).map { [$0] } ?? []
  }

  /// `days: any | all`
  private func days(of schedule: ScheduleDeclaration) -> CronExpression.Days {
    guard case .name(let word)? = schedule.fields.value(of: "days")?.kind else { return .byStars }
    return word == "any" ? .any : word == "all" ? .all : .byStars
  }

  // MARK: - Zones

  /// Nil when there is none, or none is known.
  private func zone(of schedule: ScheduleDeclaration, mayLack: Bool) -> TimeZone? {
    guard let value = schedule.fields.value(of: "timezone") else {
      if !mayLack, schedule.fields.value(of: "cron") != nil { session.report(.missingTimeZone(schedule.name)) }
      return nil
    }
    guard let zones = time.zones, let literal = literal(value) else { return nil }
    do throws(ZoneError) {
      guard !literal.text.utf8.contains(UInt8(ascii: ":")) else { throw ZoneError.malformedName }
      return try TimeZone(literal.text, from: zones)
    } catch {
      // That the machine has no zones is no mistake of the file.
      guard error == .malformedName || error == .unknown else { return nil }
      let range = place(of: 0..<literal.text.utf8.count, in: literal)
      let meant = ZoneGuess.zone(for: literal.text, of: zones.names)
      session.report(.unknownTimeZone(literal.text, meant: meant, at: range))
    }
    return nil
  }

  // MARK: - Expressions

  private func check(
    _ expression: CronExpression, _ literal: Literal, _ schedule: ScheduleDeclaration, _ zone: TimeZone?
  ) {
    let whole = place(of: 0..<literal.text.utf8.count, in: literal)
    if expression.neverFires {
      session.report(.cronNeverFires(literal.text, at: whole))
      return
    }
    for step in expression.unevenSteps {
      let part = CronExpression.range(from: step.field, to: step.field, in: literal.text)
      session.report(.unevenStep(step, at: part.map { place(of: $0, in: literal) } ?? whole))
    }
    if expression.restrictsBothDays, schedule.fields.value(of: "days") == nil {
      let part = CronExpression.range(from: .dayOfMonth, to: .dayOfWeek, in: literal.text)
      session.report(.dayAndWeekday(literal.text, at: part.map { place(of: $0, in: literal) } ?? whole))
    }
    // What is not fixed is judged by the clock as it goes, which is what its stars say.
    guard let zone, let now = time.asOf, expression.isFixed else { return }
    let changes = expression.clockChanges(in: zone, after: now)
    let gaps = changes.filter { if case .gap = $0.kind { true } else { false } }
    let overlaps = changes.filter { if case .overlap = $0.kind { true } else { false } }
    if !gaps.isEmpty, schedule.fields.value(of: "gap") == nil { session.report(.fireInGap(gaps, zone, at: whole)) }
    if !overlaps.isEmpty, schedule.fields.value(of: "twice") == nil {
      session.report(.fireInOverlap(overlaps, zone, at: whole))
    }
  }

  // MARK: - Places

  /// How far into a literal its text may begin: after quotes, or on the line after a block's header.
  private static let lead = 200

  /// Where a part of a text stands in the file; the whole literal where it is written otherwise than it reads.
  private func place(of part: Range<Int>, in literal: Literal) -> SourceRange {
    let bytes = file.bytes
    let text = Array(literal.text.utf8)
    let start = Int(literal.range.start)
    let end = min(Int(literal.range.end), bytes.count)
    guard !part.isEmpty, literal.range.file == file.id else { return literal.range }
    for place in start..<min(end, start + Self.lead) where end - place >= text.count {
      guard bytes[place..<place + text.count].elementsEqual(text) else { continue }
      return SourceRange(
        file: file.id, start: UInt32(place + part.lowerBound), end: UInt32(place + part.upperBound))
    }
    return literal.range
  }
}

/// The shortest time from one firing of a schedule to the next.
struct FiringInterval {
  /// Also where clocks are changed.
  var shortest: TimeSpan
  /// Where they are not.
  var usual: TimeSpan
}

/// Guesses which zone an author meant.
enum ZoneGuess {
  /// The zone of that name in other letters, of that city, or of a name that is nearly the same.
  static func zone(for text: String, of names: [String]) -> String? {
    let wanted = text.lowercased().replacing(" ", with: "_")
    if let same = names.first(where: { $0.lowercased() == wanted }) { return same }
    let city = wanted.split(separator: "/").last ?? ""
    let ofCity = names.first { name in
      name.contains("/") && name.split(separator: "/").last.map { $0.lowercased() == city } ?? false
    }
    return ofCity ?? Spelling.nearest(to: text, among: names)
  }
}
