import DxshTime
import Testing

/// When expressions fire, most of all where clocks are changed.
@Suite struct CronNextTests {
  /// The next times as `schedules next` prints them.
  private func next(_ text: String, _ zone: String, _ start: String, _ count: Int) throws -> [String] {
    let expression = try CronExpression(text)
    let zone = try TimeZone(zone)
    var last = try #require(Timestamp(text: start))
    var times: [String] = []
    while times.count < count, let next = expression.nextFire(after: last, in: zone) {
      #expect(next > last)
      times.append(zone.text(of: next))
      last = next
    }
    return times
  }

  private static let cases: [(text: String, zone: String, start: String, times: String)] = [
    // In a gap a fixed time fires at its end, once; a wildcard does not fire.
    ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T03:00:00+02:00 2026-03-30T02:30:00+02:00"),
    ("0,30 2,3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00"),
    ("*/30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T02:00:00+02:00"),
    ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-04T02:30:00+11:00"),
    ("0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", "2011-12-31T00:00:00+14:00 2012-12-30T12:00:00+14:00"),
    // In an overlap a fixed time fires the first time, a wildcard both.
    ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T02:30:00+02:00 2026-10-26T02:30:00+01:00"),
    ("30 2 * * *", "Europe/Berlin", "2026-10-25T00:45:00Z", "2026-10-26T02:30:00+01:00"),
    ("30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T02:30:00+02:00 2026-10-25T02:30:00+01:00"),
    ("*/30 2 * * *", "Europe/Berlin", "2026-10-25T00:59:00Z", "2026-10-25T02:00:00+01:00 2026-10-25T02:30:00+01:00"),
    // By the rule that a zone's file ends with.
    ("30 2 * * *", "America/New_York", "2099-03-08T00:00:00Z", "2099-03-08T03:00:00-04:00"),
    // Days.
    ("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"),
    ("0 0 29 2 */7", "UTC", "2096-01-01T00:00:00Z", "2128-02-29T00:00:00Z"),
    ("0 0 13 * 5", "UTC", "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z 2026-03-13T00:00:00Z"),
    ("0 0 */2 * 1", "UTC", "2026-03-05T00:00:00Z", "2026-03-09T00:00:00Z 2026-03-23T00:00:00Z"),
    ("0 0 L 2 *", "UTC", "2026-01-01T00:00:00Z", "2026-02-28T00:00:00Z 2027-02-28T00:00:00Z 2028-02-29T00:00:00Z"),
    ("0 0 * 2 1#5", "UTC", "2026-01-01T00:00:00Z", "2044-02-29T00:00:00Z"),
    // Strictly after, by whole minutes of the zone's clock; the offset of old Berlin was 53 minutes and 28 seconds.
    ("* * * * *", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"),
    ("* * * * *", "UTC", "2026-01-01T00:00:59.999Z", "2026-01-01T00:01:00Z"),
    ("0 0 * * *", "Europe/Berlin", "1890-01-01T00:00:00Z", "1890-01-01T23:06:32Z"),
    // Never, and not any more.
    ("0 0 30 2 *", "UTC", "2026-01-01T00:00:00Z", ""), ("* * 31 4,6,9,11 *", "UTC", "2026-01-01T00:00:00Z", ""),
    ("0 0 1 1 *", "UTC", "9999-01-01T00:00:00Z", ""),
    ("0 0 1 1 *", "-05:00", "9999-01-01T00:00:00Z", "9999-01-01T00:00:00-05:00"),
    ("59 23 31 12 *", "UTC", "0001-01-01T00:00:00Z", "0001-12-31T23:59:00Z"),
  ]

  @Test(arguments: cases)
  func times(text: String, zone: String, start: String, times: String) throws {
    let times = times.split(separator: " ").map(String.init)
    #expect(try next(text, zone, start, max(1, times.count)) == times)
  }

  @Test func anotherRuleForDays() throws {
    let expression = try CronExpression("0 0 13 * 5")
    let start = try #require(Timestamp(text: "2026-03-05T00:00:00Z"))
    #expect(expression.nextFire(after: start, in: .utc)?.description == "2026-03-06T00:00:00Z")
    #expect(expression.with(days: .all).nextFire(after: start, in: .utc)?.description == "2026-03-13T00:00:00Z")
    let starred = try CronExpression("0 0 */10 * 1")
    #expect(starred.with(days: .any).nextFire(after: start, in: .utc)?.description == "2026-03-09T00:00:00Z")
    #expect(try CronExpression("0 0 30 2 1").with(days: .all).neverFires)
  }
}
