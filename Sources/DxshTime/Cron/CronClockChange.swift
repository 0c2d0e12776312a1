/// A time of a cron expression at which clocks are changed.
package struct CronClockChange: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Clocks skip the time. A fixed time fires at the instant after the gap, any other not at all.
    case gap(firesAt: Timestamp?)
    /// Clocks show the time twice. A fixed time fires the first time only.
    case overlap(first: Timestamp, second: Timestamp)
  }

  /// The time as the expression says it, on the clock of the zone.
  package let local: CivilTime
  package let kind: Kind
}

extension CronExpression {
  /// The times that fall into a gap or an overlap of the zone's clocks in `years` years after an instant, in order: of
  /// each change the first such time, and at most `limit` of either kind. None when it never fires.
  package func clockChanges(
    in zone: TimeZone, after instant: Timestamp, years: Int = 5, limit: Int = 3
  ) -> [CronClockChange] {
    guard !neverFires else { return [] }
    var gaps = 0
    var overlaps = 0
    return zone.changes(after: instant, years: years).compactMap { change in
      guard let found = clockChange(at: change) else { return nil }
      switch found.kind {
      case .gap: gaps += 1
      case .overlap: overlaps += 1
      }
      if case .gap = found.kind { return gaps <= limit ? found : nil }
      return overlaps <= limit ? found : nil
    }
  }

  /// What a change of the clocks does to a firing at an instant: the time that was skipped, when it fires for one, or
  /// the time that comes twice; nil almost always.
  package func clockChange(ofFireAt instant: Timestamp, in zone: TimeZone) -> CronClockChange? {
    let period = zone.period(at: instant)
    if isFixed, let start = period.start, start == Int(instant.seconds),
      let skipped = clockChange(at: zone.change(at: start)), case .gap = skipped.kind
    {
      return skipped
    }
    let local = CivilTime(instant, offset: period.offset)
    guard case .twice(let first, let second)? = zone.instants(of: local) else { return nil }
    return CronClockChange(local: local, kind: .overlap(first: first, second: second))
  }

  private func clockChange(at change: TimeZone.Change) -> CronClockChange? {
    let shown = [change.instant + change.before, change.instant + change.after].sorted()
    guard let match = firstMatch(from: shown[0]), match < shown[1] else { return nil }
    func instant(_ offset: Int) -> Timestamp? { Timestamp(seconds: Int64(match - offset), nanoseconds: 0) }
    guard let local = Timestamp(seconds: Int64(match), nanoseconds: 0).map({ CivilTime($0, offset: 0) }) else {
      return nil
    }
    if change.before < change.after {
      let end = Timestamp(seconds: Int64(change.instant), nanoseconds: 0)
      return CronClockChange(local: local, kind: .gap(firesAt: isFixed ? end : nil))
    }
    guard let first = instant(change.before), let second = instant(change.after) else { return nil }
    return CronClockChange(local: local, kind: .overlap(first: first, second: second))
  }
}

extension TimeZone {
  /// A change of a zone's clocks.
  struct Change {
    /// Seconds since the epoch.
    let instant: Int
    /// Seconds east of UTC.
    let before: Int
    let after: Int
  }

  /// The change at an instant at which a period begins.
  func change(at start: Int) -> Change {
    Change(instant: start, before: period(at: start - 1).offset, after: period(at: start).offset)
  }

  /// The changes of the offset in so many years of 365.25 days after an instant, in order.
  func changes(after instant: Timestamp, years: Int) -> [Change] {
    let last = Int(instant.seconds) + years * 31_557_600
    var changes: [Change] = []
    var period = period(at: instant)
    while let start = period.end, start <= last {
      let change = change(at: start)
      if change.before != change.after { changes.append(change) }
      period = self.period(at: start)
    }
    return changes
  }
}
