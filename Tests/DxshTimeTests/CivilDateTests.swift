import DxshTime
import Testing

@Suite struct CivilDateTests {
  @Test(arguments: [
    (1970, 1, 1, 0, 4), (1969, 12, 31, -1, 3), (2000, 2, 29, 11_016, 2), (1, 1, 1, -719_162, 1),
    (9999, 12, 31, 2_932_896, 5), (2026, 3, 2, 20_514, 1), (0, 3, 1, -719_468, 3), (-1, 12, 31, -719_529, 5),
  ])
  func knownDays(year: Int, month: Int, day: Int, days: Int, weekday: Int) throws {
    let date = try #require(CivilDate(year: year, month: month, day: day))
    #expect(date.daysSinceEpoch == days)
    #expect(date.weekday == weekday)
    #expect(CivilDate(daysSinceEpoch: days) == date)
  }

  @Test func everyDayOfTwelveCenturiesFollowsTheOneBefore() throws {
    let first = try #require(CivilDate(year: -401, month: 1, day: 1))
    var expected = (year: -401, month: 1, day: 1)
    for days in first.daysSinceEpoch..<first.daysSinceEpoch + 1200 * 365 {
      let date = CivilDate(daysSinceEpoch: days)
      guard date.year == expected.year, date.month == expected.month, date.day == expected.day,
        date.daysSinceEpoch == days
      else {
        Issue.record("day \(days) is \(date), expected \(expected)")
        return
      }
      expected.day += 1
      if expected.day > CivilDate.days(inMonth: expected.month, of: expected.year) {
        expected = (expected.year, expected.month + 1, 1)
      }
      if expected.month == 13 { expected = (expected.year + 1, 1, 1) }
    }
  }

  @Test(arguments: [
    (2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0), (.max, 1, 1),
  ])
  func daysThatDoNotExist(year: Int, month: Int, day: Int) {
    #expect(CivilDate(year: year, month: month, day: day) == nil)
  }

  @Test(arguments: [
    ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-31", -1, "2026-02-28"),
    ("2026-12-15", 1, "2027-01-15"), ("2026-01-15", -1, "2025-12-15"), ("2026-05-31", 0, "2026-05-31"),
    ("2024-02-29", 12, "2025-02-28"), ("2026-10-31", -25, "2024-09-30"), ("0000-01-01", -1, "-0001-12-01"),
    ("9999-12-31", 2, "10000-02-29"),
  ])
  func monthsLater(from text: String, months: Int, to later: String) throws {
    let date = try #require(CivilDate(text: text))
    #expect(date.adding(months: months)?.description == later)
  }

  @Test func placesInMonthAndYear() throws {
    let date = try #require(CivilDate(text: "2024-12-31"))
    #expect(date.dayOfYearFromZero == 365)
    #expect(date.firstOfMonth.description == "2024-12-01")
    #expect(date.firstOfYear.description == "2024-01-01")
    #expect(date.firstOfYear.dayOfYearFromZero == 0)
    #expect(date.adding(days: 60)?.description == "2025-03-01")
    #expect(date.adding(days: -366)?.description == "2023-12-31")
  }

  @Test func farAwayIsNil() throws {
    let date = try #require(CivilDate(text: "2024-12-31"))
    for count in [Int.max, .min, .min + 1, 1_000_000_000_000] {
      #expect(date.adding(days: count) == nil)
      #expect(date.adding(months: count) == nil)
    }
    #expect(CivilDate(year: 9_999_999_999, month: 12, day: 1)?.adding(months: 1) == nil)
  }

  @Test(arguments: [
    "", "2026-02-29", "2026-3-02", "2026-03-02Z", "26-03-02", "2026/03/02", "2026-13-01", " 2026-03-02",
  ])
  func refusing(text: String) {
    #expect(CivilDate(text: text) == nil)
  }
}
