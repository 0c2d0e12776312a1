import DxshTestSupport
import Testing

/// `dxsh schedules next`
struct SchedulesCommandTests {
  private static let calls: [(String, String)] = [
    (
      "--cron '30 2 * * *' --timezone Europe/Berlin --from 2026-03-28T00:00:00+01:00 --count 3",
      """
      2026-03-28T02:30:00+01:00
      2026-03-29T03:00:00+02:00  # for 02:30, which the clocks skip
      2026-03-30T02:30:00+02:00
      """
    ),
    (
      "--cron '30 * * * *' --timezone Europe/Berlin --from 2026-10-25T00:00:00Z --count 3",
      """
      2026-10-25T02:30:00+02:00  # the first 02:30, which comes twice
      2026-10-25T02:30:00+01:00  # the second 02:30, which comes twice
      2026-10-25T03:30:00+01:00
      """
    ),
    ("--cron @yearly --timezone UTC --from 2026-01-01T00:00:00Z --count 1", "2027-01-01T00:00:00Z"),
  ]

  @Test(arguments: calls)
  func times(_ call: String, _ output: String) {
    let result = Program.shell("dxsh schedules next \(call)")
    #expect(result.output.split(separator: "\n").joined(separator: "\n") == output)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
  }

  @Test func forPrograms() {
    let call = "--cron '30  2 * * *' --timezone Europe/Berlin --from 2026-03-28T12:00:00Z --count 1"
    let result = Program.shell("dxsh schedules next \(call) --format json")
    #expect(
      result.output == """
        {
          "cron": "30 2 * * *",
          "timezone": "Europe/Berlin",
          "next": [
            {
              "at": "2026-03-29T03:00:00+02:00",
              "utc": "2026-03-29T01:00:00Z",
              "gap": "2026-03-29T02:30:00"
            }
          ]
        }

        """)
  }

  @Test func theDefaultIsNow() {
    let result = Program.shell("dxsh schedules next --cron '* * * * *' --timezone UTC --count 2")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0 > "2026" && $0.hasSuffix(":00Z") })
  }

  @Test(arguments: [
    ("--cron '0 0 30 2 *' --timezone UTC", 1, "never fires"),
    ("--cron @yearly --timezone UTC --from 9999-06-01T00:00:00Z", 1, "does not fire again before the year 10000"),
    ("--cron '0 25 * * *' --timezone UTC", 2, "the hour 25 is not in 0-23 (column 3)"),
    ("--cron '* * * * *' --timezone Europe/Atlantis", 2, "there is no time zone called `Europe/Atlantis`"),
    ("--cron '* * * * *' --timezone UTC --from today", 2, "`today` is no time in RFC 3339"),
    ("--cron '* * * * *' --timezone UTC --count 0", 2, "--count is 1 to 10000"),
    ("--cron '* * * * *' --timezone UTC --count 10001", 2, "--count is 1 to 10000"),
    ("--cron '* * * * *'", 2, "Give --cron and --timezone, or --batch."),
    ("--batch --cron '* * * * *'", 2, "Give --cron and --timezone, or --batch."),
  ])
  func mistakes(_ call: String, _ code: Int32, _ message: String) {
    let result = Program.shell("dxsh schedules next \(call)")
    #expect(result.exitCode == code)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func aBadLineNeverEndsTheBatch() {
    let lines = """
      {"id": 1, "expr": "0 2 * * *", "tz": "Europe/Berlin", "start": "2026-10-24T00:00:00Z", "count": 2}
      nonsense

      {"id": "two", "expr": "0 2 * *", "tz": "UTC", "start": "2026-10-24T00:00:00Z", "count": 2}
      {"id": 3, "expr": "0 2 30 2 *", "tz": "UTC", "start": "2026-10-24T00:00:00Z", "count": 2}
      {"id": 4, "expr": "@daily", "tz": "Nowhere", "start": "2026-10-24T00:00:00Z", "count": 2}
      {"id": 5, "expr": "@daily", "tz": "UTC", "start": "yesterday", "count": 2}
      {"id": 6, "expr": "@daily", "tz": "UTC", "start": "2026-10-24T00:00:00Z", "count": 10001}
      {"id": 7, "expr": "@daily", "start": "2026-10-24T00:00:00Z", "count": 1}
      [8]
      {"expr": "@daily", "tz": "UTC", "start": "2026-10-24T00:00:00Z", "count": 1}
      """
    let result = Program.shell("dxsh schedules next --batch <<'E'\n\(lines)\nE")
    let answers = result.output.split(separator: "\n").map(String.init)
    #expect(result.exitCode == 0)
    #expect(answers.count == 10)
    #expect(answers[0] == "{\"id\":1,\"next\":[\"2026-10-25T02:00:00+02:00\",\"2026-10-26T02:00:00+01:00\"]}")
    #expect(answers[1].contains("malformed JSON"))
    #expect(answers[2].hasPrefix("{\"id\":\"two\",\"error\":\"a cron expression has 5 fields, this has 4"))
    #expect(answers[3] == "{\"id\":3,\"next\":[]}")
    #expect(answers[4].contains("no time zone"))
    #expect(answers[5].contains("RFC 3339"))
    #expect(answers[6].contains("\\\"count\\\" is a number from 1 to 10000"))
    #expect(answers[7].contains("\\\"tz\\\" is a text"))
    #expect(answers[8].contains("a request is a JSON object"))
    #expect(answers[9] == "{\"id\":null,\"next\":[\"2026-10-25T00:00:00Z\"]}")
  }

  @Test func linesThatAreTooLongAreAnswered() {
    let line = "(printf '{\"id\": 1, \"expr\": \"'; head -c 2000000 /dev/zero | tr '\\0' 1; echo '\"}')"
    let result = Program.shell("ulimit -v 2097152; \(line) | dxsh schedules next --batch")
    #expect(result.output == "{\"id\":null,\"error\":\"the line is longer than 1 MiB\"}\n")
  }
}
