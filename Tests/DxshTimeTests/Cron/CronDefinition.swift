import DxshTestSupport
import DxshTime

/// A random cron expression, and its firings by the plain words of the rule: slow, and without the masks and leaps of
/// the real one.
struct CronDefinition {
  let text: String
  private var values: [Set<Int>] = []
  private var isStar: [Bool] = []

  init(_ random: inout SeededGenerator) {
    var texts: [String] = []
    let ranges = [0...59, 0...23, 1...31, 1...12, 0...7]
    for (number, range) in ranges.enumerated() {
      var items: [String] = []
      var values: Set<Int> = []
      // Months and days are mostly left open, so that there is something to see.
      let isOpen = number >= 2 && Int.random(in: 0..<3, using: &random) > 0
      for _ in 0..<(isOpen ? 1 : Int.random(in: 1...3, using: &random)) {
        let (item, some) = isOpen ? ("*", Array(range)) : Self.item(range, &random)
        items.append(item)
        values.formUnion(some)
      }
      if number == 4, values.remove(7) != nil { values.insert(0) }
      isStar.append(items[0].hasPrefix("*"))
      texts.append(items.joined(separator: ","))
      self.values.append(values)
    }
    text = texts.joined(separator: " ")
  }

  private static func item(_ range: ClosedRange<Int>, _ random: inout SeededGenerator) -> (String, [Int]) {
    let first = Int.random(in: range, using: &random)
    let last = Int.random(in: first...range.upperBound, using: &random)
    let step = Int.random(in: 1...(range.count / 2), using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return ("*", Array(range))
    case 1: return ("*/\(step)", Array(stride(from: range.lowerBound, through: range.upperBound, by: step)))
    case 2: return ("\(first)/\(step)", Array(stride(from: first, through: range.upperBound, by: step)))
    case 3: return ("\(first)-\(last)", Array(first...last))
    case 4: return ("\(first)-\(last)/\(step)", Array(stride(from: first, through: last, by: step)))
    default: return ("\(first)", [first])
    }
  }

  private func matches(_ date: CivilDate) -> Bool {
    guard values[3].contains(date.month) else { return false }
    let day = values[2].contains(date.day)
    let weekday = values[4].contains(date.weekday)
    return isStar[2] || isStar[4] ? day && weekday : day || weekday
  }

  private func matches(_ time: CivilTime) -> Bool {
    values[0].contains(time.minute) && values[1].contains(time.hour) && matches(time.date)
  }

  private var isFixed: Bool { !isStar[0] && !isStar[1] }

  /// Minute by minute: the firings in a stretch of so many days that begins with a whole minute, in order. Offsets must
  /// be whole minutes there.
  func firings(from start: Timestamp, days: Int, in zone: TimeZone) -> [Timestamp] {
    var found: Set<Timestamp> = []
    for minute in -2880..<(days + 2) * 1440 {
      guard let instant = Timestamp(seconds: start.seconds + Int64(minute) * 60, nanoseconds: 0) else { continue }
      if isFixed {
        // As a clock would go that is never changed, so that skipped times come too.
        let local = CivilTime(instant, offset: zone.offset(at: start))
        if matches(local), let fire = zone.instants(of: local)?.firstAtOrAfter { found.insert(fire) }
      } else if matches(zone.civilTime(at: instant)) {
        found.insert(instant)
      }
    }
    guard let end = Timestamp(seconds: start.seconds + Int64(days) * 86_400, nanoseconds: 0) else { return [] }
    return found.filter { start < $0 && $0 <= end }.sorted()
  }

  /// The same day by day, for long stretches.
  func rareFirings(from start: Timestamp, days: Int, in zone: TimeZone) -> [Timestamp] {
    var found: Set<Timestamp> = []
    let first = zone.date(at: start).daysSinceEpoch
    for date in (first - 1...first + days + 1).map({ CivilDate(daysSinceEpoch: $0) }) where matches(date) {
      for hour in values[1] {
        for minute in values[0] {
          guard let local = CivilTime(date, hour: hour, minute: minute), let instants = zone.instants(of: local) else {
            continue
          }
          switch instants {
          case .once(let instant): found.insert(instant)
          case .twice(let first, let second): found.formUnion(isFixed ? [first] : [first, second])
          case .never(let gap): if isFixed { found.insert(gap.end) }
          }
        }
      }
    }
    guard let end = Timestamp(seconds: start.seconds + Int64(days) * 86_400, nanoseconds: 0) else { return [] }
    return found.filter { start < $0 && $0 <= end }.sorted()
  }
}
