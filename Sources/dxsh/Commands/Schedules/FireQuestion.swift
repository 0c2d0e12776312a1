import DxshTime

/// When an expression fires in a zone after an instant: what `dxsh schedules next` and a line of its batch ask.
struct FireQuestion {
  let expression: CronExpression
  let zone: TimeZone
  let start: Timestamp

  /// Throws a sentence that names what is wrong.
  init(expression: String, zone: String, start: Timestamp) throws(CallFailure) {
    do {
      self.expression = try CronExpression(expression)
    } catch {
      throw CallFailure("\(error.message) (column \(error.range.lowerBound + 1)); \(error.remedy)")
    }
    do {
      self.zone = try TimeZone(zone)
    } catch {
      throw CallFailure(error.sentence(about: zone))
    }
    self.start = start
  }

  /// Reads RFC 3339. Throws a sentence about anything else.
  static func moment(_ text: String) throws(CallFailure) -> Timestamp {
    guard let moment = Timestamp(text: text) else {
      throw CallFailure("`\(text)` is no time in RFC 3339, such as 2026-03-02T08:00:00Z")
    }
    return moment
  }

  /// The next times, fewer than asked for only where the expression never fires or the year 9999 ends.
  func fires(_ count: Int) -> [Timestamp] {
    var fires: [Timestamp] = []
    var last = start
    while fires.count < count, let next = expression.nextFire(after: last, in: zone) {
      fires.append(next)
      last = next
    }
    return fires
  }
}

extension ZoneError {
  /// Why there is no zone of the name, for people.
  fileprivate func sentence(about name: String) -> String {
    switch self {
    case .malformedName, .unknown: "there is no time zone called `\(name)`; one is called Europe/Berlin"
    case .noDatabase(let path): "there are no time zones in \(path); install the package tzdata"
    case .unreadable(let path): "the time zone in \(path) cannot be read"
    }
  }
}
