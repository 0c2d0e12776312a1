import DxshTime
import Testing

@Suite struct CivilTimeTests {
  @Test func partsAsCELCountsThem() throws {
    let instant = try #require(Timestamp(text: "2024-12-31T22:58:09.987654321Z"))
    let time = CivilTime(instant, offset: 3600)
    #expect(time.year == 2024)
    #expect(time.monthFromZero == 11)
    #expect(time.dayOfMonth == 31)
    #expect(time.dayOfMonthFromZero == 30)
    #expect(time.weekday == 2)
    #expect(time.dayOfYearFromZero == 365)
    #expect([time.hour, time.minute, time.second, time.millisecond] == [23, 58, 9, 987])
    #expect(time.secondsSinceEpoch == Int(instant.seconds) + 3600)
  }

  @Test(arguments: [
    ("1969-12-31T23:59:59.5Z", 0, "1969-12-31", 86_399), ("1970-01-01T00:00:00Z", -1, "1969-12-31", 86_399),
    ("2023-12-31T22:00:00Z", 7200, "2024-01-01", 0), ("2024-03-01T00:15:00Z", -2700, "2024-02-29", 84_600),
    ("0001-01-01T00:00:00Z", -3600, "0000-12-31", 82_800), ("9999-12-31T23:59:59Z", 1, "10000-01-01", 0),
  ])
  func ofAnInstant(text: String, offset: Int, date: String, secondOfDay: Int) throws {
    let time = CivilTime(try #require(Timestamp(text: text)), offset: offset)
    #expect(time.date.description == date)
    #expect(time.secondOfDay == secondOfDay)
  }

  @Test func partsOutsideTheirRanges() throws {
    let date = try #require(CivilDate(year: 2026, month: 3, day: 2))
    #expect(CivilTime(date, hour: 23, minute: 59, second: 59, nanosecond: 999_999_999) != nil)
    #expect(CivilTime(date, hour: 24, minute: 0) == nil)
    #expect(CivilTime(date, hour: 0, minute: 60) == nil)
    #expect(CivilTime(date, hour: 0, minute: 0, second: 60) == nil)
    #expect(CivilTime(date, hour: -1, minute: 0) == nil)
    #expect(CivilTime(date, hour: 0, minute: 0, nanosecond: 1_000_000_000) == nil)
  }

  @Test func theOrderIsThatOfTheClock() throws {
    let date = try #require(CivilDate(year: 2026, month: 3, day: 2))
    let morning = try #require(CivilTime(date, hour: 8, minute: 0))
    #expect(CivilTime.midnight(date) < morning)
    #expect(morning < morning.on(try #require(date.adding(days: 1))))
  }

  @Test(arguments: [
    (10_000.0, 2, 166, 10_000, 0), (3730, 1, 62, 3730, 0), (-3730, -1, -62, -3730, 0), (-1.5, 0, 0, -1, -500),
    (0.0625, 0, 0, 0, 62), (0, 0, 0, 0, 0),
  ])
  func spansInOneUnit(seconds: Double, hours: Int64, minutes: Int64, whole: Int64, milliseconds: Int64) {
    let span = TimeSpan(nanoseconds: Int64(seconds * 1e9))
    #expect(span.wholeHours == hours)
    #expect(span.wholeMinutes == minutes)
    #expect(span.wholeSeconds == whole)
    #expect(span.millisecondsBesideSeconds == milliseconds)
  }
}
