import DxshTime
import Testing

@Suite struct TimeZoneCalendarTests {
  private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text: text)) }

  @Test(arguments: [
    ("Europe/Berlin", "2025-12-31T23:00:00Z", "2026-01-01"), ("Europe/Berlin", "2025-12-31T22:59:59Z", "2025-12-31"),
    ("America/New_York", "2026-01-01T04:59:59Z", "2025-12-31"), ("UTC", "2024-02-29T23:59:59Z", "2024-02-29"),
  ])
  func dates(name: String, text: String, date: String) throws {
    #expect(try TimeZone(name).date(at: moment(text)).description == date)
  }

  /// Havana's and Cairo's clocks skip midnight, St. John's clocks show the first minute of a day twice, Apia's
  /// calendar lacks a day.
  @Test(arguments: [
    ("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"),
    ("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-24T22:00:00Z"),
    ("America/Havana", "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z"),
    ("Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z"),
    ("America/Havana", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z"),
    ("America/St_Johns", "2001-10-28T12:00:00Z", "2001-10-28T02:30:00Z"),
    ("Pacific/Apia", "2011-12-31T09:00:00Z", "2011-12-30T10:00:00Z"),
  ])
  func startOfDay(name: String, text: String, start: String) throws {
    let zone = try TimeZone(name)
    let first = try #require(try zone.startOfDay(at: moment(text)))
    #expect(try first == moment(start))
    let before = try #require(first.adding(TimeSpan(nanoseconds: -1)))
    #expect(zone.date(at: before) < zone.date(at: first))
  }

  @Test func startOfMonthAndYear() throws {
    let zone = try TimeZone("America/New_York")
    let instant = try moment("2026-07-01T03:00:00Z")
    #expect(try zone.startOfMonth(at: instant) == moment("2026-06-01T04:00:00Z"))
    #expect(try zone.startOfYear(at: instant) == moment("2026-01-01T05:00:00Z"))
    #expect(try TimeZone("+02:00").startOfYear(at: moment("0001-06-01T00:00:00Z")) == nil)
  }

  @Test(arguments: [
    ("2026-03-28T11:00:00Z", 1, "2026-03-29T10:00:00Z"), ("2026-03-28T01:30:00Z", 1, "2026-03-29T01:30:00Z"),
    ("2026-10-24T00:30:00Z", 1, "2026-10-25T00:30:00Z"), ("2026-10-26T01:30:00Z", -1, "2026-10-25T00:30:00Z"),
    ("2026-10-25T01:30:00Z", 0, "2026-10-25T01:30:00Z"), ("2026-01-01T00:00:00.125Z", 365, "2027-01-01T00:00:00.125Z"),
  ])
  func days(text: String, days: Int, result: String) throws {
    #expect(try TimeZone("Europe/Berlin").adding(days: days, to: moment(text)) == moment(result))
  }

  @Test(arguments: [
    ("2026-01-31T12:00:00Z", 1, "2026-02-28T12:00:00Z"), ("2026-01-31T12:00:00Z", 6, "2026-07-31T11:00:00Z"),
    ("2026-02-28T23:30:00Z", 1, "2026-03-31T22:30:00Z"), ("2026-04-29T00:30:00Z", -1, "2026-03-29T01:30:00Z"),
    ("2026-09-25T00:30:00Z", 1, "2026-10-25T00:30:00Z"), ("2024-02-29T12:00:00Z", -12, "2023-02-28T12:00:00Z"),
  ])
  func months(text: String, months: Int, result: String) throws {
    #expect(try TimeZone("Europe/Berlin").adding(months: months, to: moment(text)) == moment(result))
  }

  @Test func outsideTheRange() throws {
    let zone = try TimeZone("Europe/Berlin")
    for count in [Int.max, .min, 4_000_000, -4_000_000] {
      #expect(zone.adding(days: count, to: .epoch) == nil)
      #expect(zone.adding(months: count, to: .epoch) == nil)
    }
    #expect(try zone.adding(months: 1, to: moment("9999-12-31T12:00:00Z")) == nil)
  }
}
