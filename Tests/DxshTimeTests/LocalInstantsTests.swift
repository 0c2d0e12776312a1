import DxshTestSupport
import DxshTime
import Testing

@Suite struct LocalInstantsTests {
  /// A local time, written as if it were UTC.
  private func local(_ text: String) throws -> CivilTime {
    CivilTime(try #require(Timestamp(text: text + "Z")), offset: 0)
  }

  private func instants(_ text: String, in name: String) throws -> LocalInstants? {
    try TimeZone(name).instants(of: local(text))
  }

  private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text: text)) }

  @Test(arguments: [
    ("Europe/Berlin", "2026-07-01T12:00:00.25", "2026-07-01T10:00:00.25Z"),
    ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
    ("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
    ("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
    ("America/New_York", "2099-01-01T00:00:00", "2099-01-01T05:00:00Z"),
    ("-05:30", "2026-01-01T00:00:00", "2026-01-01T05:30:00Z"), ("UTC", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z"),
    ("Pacific/Apia", "2011-12-29T23:59:59", "2011-12-30T09:59:59Z"),
    ("Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00Z"),
  ])
  func once(name: String, text: String, instant: String) throws {
    #expect(try instants(text, in: name) == .once(moment(instant)))
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-10-25T02:00:00", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"),
    ("Europe/Berlin", "2026-10-25T02:59:59.5", "2026-10-25T00:59:59.5Z", "2026-10-25T01:59:59.5Z"),
    ("America/New_York", "2099-11-01T01:30:00", "2099-11-01T05:30:00Z", "2099-11-01T06:30:00Z"),
    ("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"),
  ])
  func twice(name: String, text: String, first: String, second: String) throws {
    let instants = try #require(try instants(text, in: name))
    #expect(instants == .twice(first: try moment(first), second: try moment(second)))
    #expect(try instants.chosen == moment(first))
    #expect(try instants.firstAtOrAfter == moment(first))
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", 3600),
    ("Europe/Berlin", "2026-03-29T02:30:00.5", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00.5Z", 3600),
    ("America/New_York", "2099-03-08T02:59:59", "2099-03-08T07:00:00Z", "2099-03-08T07:59:59Z", 3600),
    ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00Z", "2026-10-03T15:45:00Z", 1800),
    ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z", 86_400),
  ])
  func never(name: String, text: String, end: String, shifted: String, length: Int) throws {
    let instants = try #require(try instants(text, in: name))
    guard case .never(let gap) = instants else {
      Issue.record("\(instants)")
      return
    }
    #expect(try gap.end == moment(end))
    #expect(try gap.shifted == moment(shifted))
    #expect(gap.offsetAfter - gap.offsetBefore == length)
    #expect(instants.chosen == gap.shifted)
    #expect(instants.firstAtOrAfter == gap.end)
  }

  @Test func outsideTheRange() throws {
    #expect(try instants("0001-01-01T00:00:00", in: "+01:00") == nil)
    #expect(try instants("9999-12-31T23:30:00", in: "-01:00") == nil)
    let far = CivilTime.midnight(try #require(CivilDate(year: 9_999_999_999, month: 1, day: 1)))
    #expect(try TimeZone("Europe/Berlin").instants(of: far) == nil)
  }

  @Test(arguments: ["Europe/Berlin", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran"])
  func whatClocksShowLeadsBack(name: String) throws {
    var random = SeededGenerator(13)
    let zone = try TimeZone(name)
    for _ in 0..<2000 {
      let seconds = Int64.random(in: -5_000_000_000...9_000_000_000, using: &random)
      let moment = try #require(Timestamp(seconds: seconds, nanoseconds: 5))
      switch zone.instants(of: zone.civilTime(at: moment)) {
      case .once(let instant): #expect(instant == moment)
      case .twice(let first, let second): #expect(first == moment || second == moment)
      case .never, nil: Issue.record("\(moment)")
      }
    }
  }
}
