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
}
