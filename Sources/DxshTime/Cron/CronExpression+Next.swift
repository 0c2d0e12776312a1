/// When an expression fires.
extension CronExpression {
  /// The first instant strictly after another at which it fires in a zone; nil when there is none to the end of the
  /// year 9999, at once for an expression that never fires.
  ///
  /// A fixed time that clocks skip fires at the first instant after the gap, together with others that it skips; one
  /// that comes twice fires the first time. Of any other expression each minute counts that clocks show, both times if
  /// they show it twice. So Debian's cron does it, here for gaps of any length.
  package func nextFire(after instant: Timestamp, in zone: TimeZone) -> Timestamp? {
    guard !neverFires, let second = nextSecond(from: Int(instant.seconds) + 1, zone) else { return nil }
    return Timestamp(seconds: Int64(second), nanoseconds: 0)
  }

  /// The first second since the epoch from `cursor` on at which it fires.
  ///
  /// It goes from one change of the clocks to the next, but leaps over all in which nothing matches: a search for the
  /// next local time is bit arithmetic, and zones are asked for the period around that time and few before.
  private func nextSecond(from start: Int, _ zone: TimeZone) -> Int? {
    let offsets = TimeZone.offsets
    var cursor = start
    while true {
      let period = zone.period(at: cursor)
      var lower = cursor + period.offset
      if isFixed, let change = period.start, cursor - change < offsets.upperBound - offsets.lowerBound {
        let before = zone.period(at: change - 1).offset
        // What clocks showed before they were put back has fired.
        if before > period.offset { lower = max(lower, change + before) }
        if before < period.offset, cursor == change, let skipped = firstMatch(from: change + before),
          skipped < change + period.offset
        {
          return change
        }
      }
      guard let match = firstMatch(from: lower) else { return nil }
      guard let end = period.end, match - period.offset >= end else { return match - period.offset }
      cursor = end
      // From here on clocks show at least `lower`, and before that instant less than `match`.
      if end + offsets.lowerBound >= lower { cursor = max(end, match - offsets.upperBound) }
    }
  }

  /// The first time from the given one on that matches, both in seconds since 1970-01-01T00:00:00 of the local clock;
  /// nil when there is none to the end of the year 10,000.
  func firstMatch(from local: Int) -> Int? {
    let minute = (local + 59).dividedRoundingDown(by: 60)
    let day = minute.dividedRoundingDown(by: 1440)
    guard let match = calendar.first(atOrAfter: day) else { return nil }
    if match == day {
      if let time = firstTime(from: minute - day * 1440) { return (day * 1440 + time) * 60 }
      guard let next = calendar.first(atOrAfter: day + 1) else { return nil }
      return (next * 1440 + firstTime) * 60
    }
    return (match * 1440 + firstTime) * 60
  }

  /// The first matching time of a day, in minutes after 00:00.
  var firstTime: Int { hours.trailingZeroBitCount * 60 + minutes.trailingZeroBitCount }

  /// The last matching time of a day, in minutes after 00:00.
  var lastTime: Int { (63 - hours.leadingZeroBitCount) * 60 + 63 - minutes.leadingZeroBitCount }

  /// The first matching time of a day from the given one on, both in minutes after 00:00: 0 … 1439.
  private func firstTime(from time: Int) -> Int? {
    let hour = time / 60
    if hours >> UInt64(hour) & 1 == 1 {
      let later = minutes >> UInt64(time % 60)
      if later != 0 { return time + later.trailingZeroBitCount }
    }
    let later = hours >> UInt64(hour + 1)
    return later == 0 ? nil : (hour + 1 + later.trailingZeroBitCount) * 60 + minutes.trailingZeroBitCount
  }
}
