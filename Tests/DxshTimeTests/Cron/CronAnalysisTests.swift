import DxshTime
import Testing

/// What is said of an expression before it fires.
@Suite struct CronAnalysisTests {
  private let start = Timestamp(text: "2026-01-01T00:00:00Z") ?? .epoch

  private static let whether: [(text: String, never: Bool)] = [
    ("0 0 30 2 *", true), ("0 0 29 2 *", false), ("0 0 29 2 */7", false), ("0 0 31 4,6,9,11 *", true),
    ("0 0 31 4 1", false), ("0 0 31 4 */2", true), ("0 0 L 2 *", false), ("0 0 * 2 1#5", false),
    ("0 0 30/1 FEB *", true),
  ]

  @Test(arguments: whether)
  func never(text: String, never: Bool) throws {
    #expect(try CronExpression(text).neverFires == never)
  }

  private static let unevenStepsCases: [(text: String, found: String)] = [
    ("*/15 */6 */2 */3 *", ""), ("*/40 * * * *", "minute 40 [0, 40]"), ("5/40 * * * *", "minute 40 [5, 45]"),
    ("0-50/40 * * * *", ""), ("0 */5 * * *", "hour 5 [0, 5, 10, 15, 20]"), ("0 0 1 */5 *", "month 5 [1, 6, 11]"),
    ("0 0 * * */2", "day of week 2 [0, 2, 4, 6]"), ("*/90 * * * *", "minute 90 [0]"), ("5/15 * * * *", ""),
  ]

  @Test(arguments: unevenStepsCases)
  func unevenSteps(text: String, found: String) throws {
    let steps = try CronExpression(text).unevenSteps
    #expect(steps.map { "\($0.field.name) \($0.step) \($0.values)" }.joined(separator: "; ") == found)
  }

  private static let restricted: [(text: String, both: Bool)] = [
    ("0 0 13 * 5", true), ("0 0 */2 * 5", false), ("0 0 13 * *", false), ("0 0 * * 5", false), ("0 0 L * 1#1", true),
  ]

  @Test(arguments: restricted)
  func bothDays(text: String, both: Bool) throws {
    #expect(try CronExpression(text).restrictsBothDays == both)
  }

  private static let clockChangesCases: [(text: String, zone: String, found: String)] = [
    ("30 2 * * *", "Europe/Berlin", "gap 2026-03-29T02:30:00, overlap 2026-10-25T02:30:00"),
    ("30 2 * * *", "America/New_York", "gap 2026-03-08T02:30:00"), ("0 3 * * *", "Europe/Berlin", ""),
    ("30 1 * * *", "America/New_York", "overlap 2026-11-01T01:30:00"), ("0 2 * * MON-FRI", "Europe/Berlin", ""),
    ("30 2 * * *", "UTC", ""), ("30 2 29 3 *", "Europe/Berlin", "gap 2026-03-29T02:30:00"),
    ("0 0 30 2 *", "Europe/Berlin", ""), ("30 2 * * *", "Asia/Tokyo", ""),
  ]

  @Test(arguments: clockChangesCases)
  func clockChanges(text: String, zone: String, found: String) throws {
    let changes = try CronExpression(text).clockChanges(in: TimeZone(zone), after: start, limit: 1)
    let texts = changes.map { change in
      switch change.kind {
      case .gap(let fires): "gap \(change.local)\(fires == nil ? " lost" : "")"
      case .overlap: "overlap \(change.local)"
      }
    }
    #expect(texts.joined(separator: ", ") == found)
  }

  @Test func firingsSayWhatBecameOfThem() throws {
    let berlin = try TimeZone("Europe/Berlin")
    let expression = try CronExpression("30 2 * * *")
    let gap = try #require(Timestamp(text: "2026-03-29T01:00:00Z"))
    #expect(expression.clockChange(ofFireAt: gap, in: berlin)?.kind == .gap(firesAt: gap))
    let first = try #require(Timestamp(text: "2026-10-25T00:30:00Z"))
    let second = try #require(Timestamp(text: "2026-10-25T01:30:00Z"))
    #expect(expression.clockChange(ofFireAt: first, in: berlin)?.kind == .overlap(first: first, second: second))
    #expect(expression.clockChange(ofFireAt: start, in: berlin) == nil)
    #expect(try CronExpression("0 3 * * *").clockChange(ofFireAt: gap, in: berlin) == nil)
  }

  private static let shortestIntervalCases: [(text: String, zone: String, seconds: Int64)] = [
    ("* * * * *", "UTC", 60), ("*/40 * * * *", "UTC", 1200), ("0 0 * * *", "UTC", 86_400),
    ("0 0 * * *", "Europe/Berlin", 82_800), ("30 1,2 * * *", "Europe/Berlin", 1800), ("0 0 1 * *", "UTC", 2_419_200),
    ("0 0 29 2 *", "UTC", 126_230_400), ("0 9,17 * * MON-FRI", "UTC", 28_800),
    ("50,10 9,10 * * *", "UTC", 1200), ("0 23,0 * * *", "UTC", 3600),
    ("0 12 * * 1", "Europe/Berlin", 601_200),
  ]

  @Test(arguments: shortestIntervalCases)
  func shortestInterval(text: String, zone: String, seconds: Int64) throws {
    let interval = try CronExpression(text).shortestInterval(in: TimeZone(zone), after: start)
    #expect(interval == TimeSpan(seconds: seconds, nanoseconds: 0))
  }

  @Test func whatNeverFiresHasNoInterval() throws {
    #expect(try CronExpression("0 0 30 2 *").shortestInterval(in: .utc, after: start) == nil)
  }
}
