/// What can be said of an expression before it fires.
extension CronExpression {
  /// A step that does not divide its field, so that one distance is shorter than the others: `*/40` fires at :00 and
  /// :40.
  package struct UnevenStep: Hashable, Sendable {
    package let field: CronField
    package let step: Int
    /// After how many units the field begins again: 60, 24, 12 or 7.
    package let period: Int
    /// What it comes to: the values of the item.
    package let values: [Int]
  }

  /// The uneven steps, in the order of the text. Steps of ranges that were written out are what they say; days of the
  /// month begin anew with each month, whatever the step.
  package var unevenSteps: [UnevenStep] {
    zip(CronField.allCases, items).flatMap { field, items in
      items.compactMap { item -> UnevenStep? in
        let step: Int
        switch item {
        case .all(let written): step = written
        case .from(_, let written): step = written
        case .value, .range, .lastDay, .nth: return nil
        }
        guard let period = field.period, period % step != 0 else { return nil }
        let bits = item.bits(of: field)
        return UnevenStep(
          field: field, step: step, period: period, values: (0..<64).filter { bits >> UInt64($0) & 1 == 1 })
      }
    }
  }

  /// The shortest time from one firing to the next in whole seconds: by the calendar, and around the changes of the
  /// zone's clocks in `years` years after an instant. Nil when it never fires.
  package func shortestInterval(in zone: TimeZone, after instant: Timestamp, years: Int = 5) -> TimeSpan? {
    guard !neverFires else { return nil }
    let usual = shortestLocalInterval
    var shortest = usual
    for change in zone.changes(after: instant, years: years) {
      var cursor = Timestamp(seconds: Int64(change.instant - usual - 1), nanoseconds: 0)
      var last: Timestamp?
      // Firings are at least `usual` apart but for the change, so these are few.
      while let from = cursor, let fire = nextFire(after: from, in: zone) {
        if let last { shortest = min(shortest, Int(fire.seconds - last.seconds)) }
        guard fire.seconds < change.instant + usual else { break }
        last = fire
        cursor = fire
      }
    }
    return TimeSpan(seconds: Int64(shortest), nanoseconds: 0)
  }

  /// The shortest distance of two matching times on a clock that is never changed, in seconds.
  private var shortestLocalInterval: Int {
    var shortest = calendar.shortestDistance * 1440 - (lastTime - firstTime)
    shortest = min(shortest, Self.shortestDistance(minutes) ?? .max)
    if let hour = Self.shortestDistance(hours) {
      let minutes = (63 - minutes.leadingZeroBitCount) - minutes.trailingZeroBitCount
      shortest = min(shortest, hour * 60 - minutes)
    }
    return shortest * 60
  }

  /// The shortest distance of two bits; nil where there is only one.
  private static func shortestDistance(_ bits: UInt64) -> Int? {
    var rest = bits & (bits - 1)
    var last = bits.trailingZeroBitCount
    var shortest: Int?
    while rest != 0 {
      shortest = min(shortest ?? .max, rest.trailingZeroBitCount - last)
      last = rest.trailingZeroBitCount
      rest &= rest - 1
    }
    return shortest
  }
}
