import DxshTestSupport
import DxshTime
import Testing

/// Zones from files that tests make.
@Suite struct TZifTests {
  private let file = TZifFile(
    offsets: [1000, 3600, 7200], changes: [(-1000, 1), (0, 2), (500, 1), (600, 1)], footer: "AAA-1BBB,M3.5.0,M10.5.0/3")

  private func read(_ file: TZifFile) -> TimeZone? { TimeZone(name: "Test", tzif: file.bytes) }

  private func offset(_ zone: TimeZone, at text: String) throws -> Int {
    zone.offset(at: try #require(Timestamp(text: text)))
  }

  @Test(arguments: [
    (-62_135_596_800, 1000), (-1001, 1000), (-1000, 3600), (-1, 3600), (0, 7200), (499, 7200), (500, 3600),
    (1_774_745_999, 3600), (1_774_746_000, 7200), (253_402_300_799, 3600),
  ])
  func theFirstOffsetTheChangesAndTheRule(seconds: Int64, offset: Int) throws {
    let zone = try #require(read(file))
    #expect(zone.offset(at: try #require(Timestamp(seconds: seconds, nanoseconds: 999_999_999))) == offset)
  }

  @Test func periodsFollowOneAnother() throws {
    let zone = try #require(read(file))
    var period = zone.period(at: try #require(Timestamp(seconds: -5000, nanoseconds: 0)))
    #expect(period.start == nil)
    var ends: [Int] = []
    for _ in 0..<6 {
      let end = try #require(period.end)
      ends.append(end)
      period = zone.period(at: try #require(Timestamp(seconds: Int64(end), nanoseconds: 0)))
      #expect(period.start == end)
    }
    // The change of the name at 600 is the end of what the file lists, then come those of 1970.
    #expect(ends == [-1000, 0, 500, 600, 7_520_400, 25_664_400])
  }

  @Test func withoutARuleTheLastOffsetStays() throws {
    let zone = try #require(read(TZifFile(offsets: [0, 60], changes: [(10, 1)])))
    #expect(try offset(zone, at: "9999-01-01T00:00:00Z") == 60)
    #expect(zone.period(at: .epoch).end == 10)
  }

  /// The instants are the first second of daylight time and the first after it.
  @Test(arguments: [
    ("AAA-1BBB,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", 3600),
    ("AAA5BBB,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z", 3600),
    ("<+0330>-3:30<+05>-5,J60/0,J300/0", "2024-02-29T20:30:00Z", "2024-10-26T19:00:00Z", 5400),
    ("AAA0BBB,59/0,299/0", "2024-02-29T00:00:00Z", "2024-10-25T23:00:00Z", 3600),
    ("AAA10BBB,M10.1.0/-24:30,M4.1.0/1:00:01", "2026-10-03T09:30:00Z", "2027-04-04T10:00:01Z", 3600),
    ("AAA0BBB-2,M3.4.4/50,M10.4.4/50", "2026-03-28T02:00:00Z", "2026-10-24T00:00:00Z", 7200),
    ("AAA-1BBB0,M10.5.0,M3.5.0/1", "2026-10-25T01:00:00Z", "2027-03-28T01:00:00Z", -3600),
  ])
  func rules(footer: String, start: String, end: String, difference: Int) throws {
    let zone = try #require(read(TZifFile(footer: footer)))
    for (text, sign) in [(start, 1), (end, -1)] {
      let after = try #require(Timestamp(text: text))
      let before = try #require(after.adding(TimeSpan(nanoseconds: -1_000_000_000)))
      #expect(zone.offset(at: after) - zone.offset(at: before) == sign * difference, "\(text)")
      #expect(zone.period(at: before).end == Int(after.seconds))
      #expect(zone.period(at: after).start == Int(after.seconds))
    }
  }

  @Test func daylightTimeAllYear() throws {
    let zone = try #require(read(TZifFile(version: 0x33, footer: "AAA5BBB,0/0,J365/25")))
    for text in ["2026-01-01T04:59:59Z", "2026-01-01T05:00:00Z", "2026-07-01T00:00:00Z", "2027-01-01T04:30:00Z"] {
      #expect(try offset(zone, at: text) == -14_400, "\(text)")
    }
  }

  @Test(arguments: [
    "A0", "AAA", "AAA25", "AAA0BBB", "AAA0BBB,M3.5.0", "AAA0BBB,M13.1.0,M3.1.0", "AAA0BBB,M3.6.0,M3.1.0",
    "AAA0BBB,M3.0.0,M3.1.0", "AAA0BBB,M3.1.7,M3.1.0", "AAA0BBB,J0,J1", "AAA0BBB,366,1", "AAA0BBB,J366,J1",
    "AAA0BBB,M3.1.0/168,M4.1.0", "AAA0BBB,M3.1.0/1:60,M4.1.0", "<AA>0x", "<AAA0", "AAA0BBB,M3.1.0,M4.1.0,", "AAA--1",
    "AAA1:", "AAA0BBB,M3.1.0/,M4.1.0", "AAA9999999999999999999999", ":Europe/Berlin", "AAA0\u{0}",
  ])
  func malformedRules(footer: String) {
    #expect(read(TZifFile(footer: footer)) == nil)
  }

  @Test func malformedFiles() {
    #expect(read(TZifFile(version: 0)) == nil, "version 1 has 32-bit data only")
    #expect(read(TZifFile(offsets: [])) == nil)
    #expect(read(TZifFile(offsets: [-90_000])) == nil)
    #expect(read(TZifFile(offsets: [93_600])) == nil)
    #expect(read(TZifFile(offsets: [.min])) == nil)
    #expect(read(TZifFile(changes: [(0, 1)])) == nil, "no such type")
    #expect(read(TZifFile(changes: [(5, 0), (5, 0)])) == nil, "not ascending")
    #expect(read(TZifFile(leapSeconds: 1)) == nil)
    #expect(TimeZone(name: "Test", tzif: Array("PK not a zone".utf8)) == nil)
  }

  @Test func everyTruncationIsRefused() {
    let bytes = file.bytes
    for length in bytes.indices {
      #expect(TimeZone(name: "Test", tzif: Array(bytes.prefix(length))) == nil, "\(length)")
    }
  }

  @Test func damageIsRefusedOrHarmless() throws {
    var random = SeededGenerator(3)
    let moments = try [Timestamp.minimumSeconds, -1000, 0, 550, 4_000_000_000, Timestamp.maximumSeconds].map {
      try #require(Timestamp(seconds: $0, nanoseconds: 0))
    }
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = file.bytes
      for _ in 0...Int.random(in: 0...2, using: &random) {
        let values: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, 0x2D, .random(in: 0...255, using: &random)]
        bytes[Int.random(in: 48..<bytes.count, using: &random)] = values.randomElement(using: &random) ?? 0
      }
      guard let zone = TimeZone(name: "Test", tzif: bytes) else { continue }
      accepted += 1
      for moment in moments {
        let local = zone.civilTime(at: moment)
        switch zone.instants(of: local) {
        case .once(let instant): #expect(instant == moment)
        case .twice(let first, let second): #expect(first <= moment && moment <= second)
        case .never, nil: Issue.record("\(local) is shown at \(moment)")
        }
        _ = zone.startOfYear(at: moment)
      }
    }
    #expect(accepted > 1000)
  }
}
