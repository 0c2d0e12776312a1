import DxshTestSupport
import DxshTime
import Testing

/// Firings are those of the rule's plain words, for random expressions, zones and moments. The seed is the argument.
@Suite struct CronPropertyTests {
  private static let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana", "Asia/Tehran",
    "Africa/Casablanca", "Antarctica/Troll", "America/Sao_Paulo", "Europe/Dublin", "Asia/Gaza", "America/St_Johns",
    "Pacific/Chatham", "Africa/Cairo", "America/Scoresbysund",
  ]

  /// A minute within four days before a change of the clocks from 1995 to 2095, or any if they are not changed.
  private func start(in zone: TimeZone, _ random: inout SeededGenerator) -> Timestamp {
    let any =
      Timestamp(seconds: Int64.random(in: 13_000_000...65_000_000, using: &random) * 60, nanoseconds: 0) ?? .epoch
    guard let end = zone.period(at: any).end, end < 4_000_000_000 else { return any }
    return Timestamp(
      seconds: Int64(end) / 60 * 60 - Int64.random(in: 0...4 * 1440, using: &random) * 60, nanoseconds: 0) ?? any
  }

  private func firings(_ text: String, from start: Timestamp, to end: Timestamp, _ zone: TimeZone) throws -> [Timestamp]
  {
    let expression = try CronExpression(text)
    #expect(try CronExpression(expression.description).description == expression.description)
    var found: [Timestamp] = []
    var last = start
    while let next = expression.nextFire(after: last, in: zone), next <= end {
      guard next > last else {
        Issue.record("\(text) in \(zone) after \(last) gives \(next)")
        break
      }
      found.append(next)
      last = next
    }
    return found
  }

  @Test(arguments: 0..<60)
  func minuteByMinute(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    let zone = try TimeZone(Self.zones[Int.random(in: 0..<Self.zones.count, using: &random)])
    let definition = CronDefinition(&random)
    let start = start(in: zone, &random)
    let days = 5
    let end = try #require(Timestamp(seconds: start.seconds + Int64(days) * 86_400, nanoseconds: 0))
    let wanted = definition.firings(from: start, days: days, in: zone)
    let found = try firings(definition.text, from: start, to: end, zone)
    #expect(found == wanted, "seed \(seed): \(definition.text) in \(zone) after \(start)")
  }

  @Test(arguments: 1000..<1060)
  func dayByDay(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    let zone = try TimeZone(Self.zones[Int.random(in: 0..<Self.zones.count, using: &random)])
    let definition = CronDefinition(&random)
    let start = start(in: zone, &random)
    let days = 200
    let end = try #require(Timestamp(seconds: start.seconds + Int64(days) * 86_400, nanoseconds: 0))
    let wanted = definition.rareFirings(from: start, days: days, in: zone)
    let found = try firings(definition.text, from: start, to: end, zone)
    #expect(found == wanted, "seed \(seed): \(definition.text) in \(zone) after \(start)")
  }
}
