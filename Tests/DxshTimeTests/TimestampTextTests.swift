import DxshTime
import DxshTestSupport
import Testing

@Suite struct TimestampTextTests {
  @Test(arguments: [
    ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z"),
    ("2026-03-02T08:00:00.25+02:00", "2026-03-02T06:00:00.250Z"),
    ("2026-03-01T23:30:00-00:45", "2026-03-02T00:15:00Z"),
    ("2026-03-02t08:00:00.1234z", "2026-03-02T08:00:00.123400Z"),
    ("2026-03-02T08:00:00.000000001Z", "2026-03-02T08:00:00.000000001Z"),
    ("2026-03-02T08:00:00.000Z", "2026-03-02T08:00:00Z"),
    ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
    ("2024-02-29T12:00:00-23:59", "2024-03-01T11:59:00Z"),
  ])
  func reading(text: String, canonical: String) throws {
    let moment = try #require(Timestamp(text: text))
    #expect(moment.description == canonical)
    #expect(Timestamp(text: canonical) == moment)
  }

  @Test(arguments: [
    "", "2026-03-02", "2026-03-02T08:00:00", "2026-03-02 08:00:00Z", "2026-3-2T08:00:00Z", "2026-02-29T00:00:00Z",
    "2026-03-02T24:00:00Z", "2026-03-02T08:60:00Z", "2026-03-02T08:00:60Z", "2026-03-02T08:00:00.Z",
    "2026-03-02T08:00:00.1234567890Z", "2026-03-02T08:00:00+0200", "2026-03-02T08:00:00+24:00",
    "2026-03-02T08:00:00+02:60", "2026-03-02T08:00:00Zx", "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01", "12026-03-02T08:00:00Z", "+026-03-02T08:00:00Z", "２026-03-02T08:00:00Z",
  ])
  func refusing(text: String) {
    #expect(Timestamp(text: text) == nil)
  }

  @Test func everyMomentReadsBack() throws {
    var random = SeededGenerator(7)
    for _ in 0..<5000 {
      let seconds = Int64.random(in: Timestamp.minimumSeconds...Timestamp.maximumSeconds, using: &random)
      let nanoseconds =
        Int64.random(in: 0..<1000, using: &random) * [1, 1000, 1_000_000][Int.random(in: 0...2, using: &random)]
      let moment = try #require(Timestamp(seconds: seconds, nanoseconds: nanoseconds))
      #expect(Timestamp(text: moment.description) == moment)
    }
  }

  @Test(arguments: [
    ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z"), ("2026-03-02T08:00:00.500Z", "2026-03-02T08:00:00.5Z"),
    ("2026-03-02T08:00:00.120340Z", "2026-03-02T08:00:00.12034Z"),
    ("0001-01-01T01:00:00.000000001+01:00", "0001-01-01T00:00:00.000000001Z"),
  ])
  func asCELWritesIt(text: String, written: String) throws {
    let moment = try #require(Timestamp(text: text))
    #expect(moment.celText == written)
    #expect(Timestamp(text: written) == moment)
  }
}
