import DxshCompiler
import DxshSyntax
import DxshTestSupport
import DxshTime
import Testing

/// What the checker says about schedules, besides that they are not run.
struct ScheduleTests {
  private static func diagnostics(_ file: SourceFile, _ time: TimeContext = CheckFixtureTests.time) -> [Diagnostic] {
    compile(file, library: NodeLibrary([:]), time: time).diagnostics.filter { $0.code != .notSupported }
  }

  /// Each code with the text that it underlines.
  private static func found(_ text: String, name: String = "test.dxsh") -> String {
    let file = SourceFile(id: FileID(0), name: name, text: text)
    return diagnostics(file).map { "\($0.code.rawValue) \(file.text($0.range))" }.joined(separator: "; ")
  }

  private static let schedules: [(fields: String, found: String)] = [
    ("cron: \"0 5 * * *\", timezone: \"UTC\"", ""),
    ("cron: \"0 25 * * *\", timezone: \"UTC\"", "E0401 25"),
    ("cron: ' 0\\t0 ? * *', timezone: \"UTC\"", "E0401 ' 0\\t0 ? * *'"),
    ("cron: \"0 0 0 * * *\", timezone: \"UTC\"", "E0401 *"), ("cron: \"\", timezone: \"UTC\"", "E0401 \"\""),
    ("cron: [\"0 5 * * *\", \"@dayly\"], timezone: \"UTC\"", "E0401 @dayly"),
    ("cron: \"0 0 31 FEB *\", timezone: \"UTC\"", "E0402 0 0 31 FEB *"),
    ("cron: \"0 0 31 FEB MON\", timezone: \"UTC\", days: any", ""),
    ("cron: \"0 0 31 FEB MON\", timezone: \"UTC\", days: all", "E0402 0 0 31 FEB MON"),
    ("cron: \"0 5 * * *\"", "E0403 s"), ("every: 15m", ""),
    ("cron: \"0 5 * * *\", timezone: \"Europe/Berln\"", "E0403 Europe/Berln"),
    ("cron: \"0 5 * * *\", timezone: \"+02:00\"", "E0403 +02:00"),
    ("cron: \"0 25 * * *\", timezone: \"Mars\"", "E0401 25; E0403 Mars"),
    ("cron: \"30 2 * * *\", timezone: \"America/New_York\"", "E0404 30 2 * * *"),
    ("cron: \"30 2 * * *\", timezone: \"America/New_York\", gap: shift", ""),
    ("cron: \"30 1 * * *\", timezone: \"America/New_York\"", "E0405 30 1 * * *"),
    ("cron: \"30 1 * * *\", timezone: \"America/New_York\", twice: second", ""),
    ("cron: \"30 2 * * *\", timezone: \"Europe/Berlin\"", "E0404 30 2 * * *; E0405 30 2 * * *"),
    ("cron: \"0 2 * * MON-FRI\", timezone: \"Europe/Berlin\"", ""),
    ("cron: \"*/30 2 * * *\", timezone: \"Europe/Berlin\"", ""),
    ("cron: \"*/40 5 * * *\", timezone: \"UTC\"", "W0408 */40"),
    ("cron: \"0 */5 * * */2\", timezone: \"UTC\"", "W0408 */5; W0408 */2"),
    ("cron: \"0 5 13 * FRI\", timezone: \"UTC\"", "W0409 13 * FRI"),
    ("cron: \"0 5 13 * FRI\", timezone: \"UTC\", days: any", ""),
    ("cron: \"0 5 ${x} * *\", timezone: zone", ""),
  ]

  @Test(arguments: schedules)
  func literals(fields: String, found: String) {
    let text = "const x = 1\nconst zone = \"UTC\"\nworkflow w() {\n  schedule s { \(fields) }\n}\n"
    #expect(Self.found(text) == found)
  }

  private static let yaml: [(fields: String, found: String)] = [
    ("cron: 0 25 * * *", "E0401 25"), ("cron: '0 0 32 * *'", "E0401 32"),
    ("cron: \"0\\t25 * * *\"", "E0401 \"0\\t25 * * *\""),
    ("cron: >-\n          0 0 * 13 *", "E0401 13"), ("cron: [0 5 * * *, 0 5 30 2 *]", "E0402 0 5 30 2 *"),
    ("cron: 0 5 * * *\n        timezone: Europe/Berln", "E0403 Europe/Berln"),
  ]

  @Test(arguments: yaml)
  func yamlHasTheSamePlaces(fields: String, found: String) {
    let zone = fields.contains("timezone") ? "" : "\n        timezone: UTC"
    let text = "workflows:\n  w:\n    schedules:\n      s:\n        \(fields)\(zone)\n    do: []\n"
    #expect(Self.found(text, name: "test.dxsh.yaml") == found)
  }

  @Test(arguments: [
    ("Europe/Berln", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"),
    ("Europe/New York", "America/New_York"), ("utc", "UTC"), ("Buenos_Aires", "America/Argentina/Buenos_Aires"),
  ])
  func zonesAreGuessed(text: String, meant: String) throws {
    let source = "workflow w() {\n  schedule s { cron: \"0 5 * * *\", timezone: \"\(text)\" }\n}\n"
    let file = SourceFile(id: FileID(0), name: "test", text: source)
    let diagnostic = try #require(Self.diagnostics(file).first)
    #expect(diagnostic.help == "did you mean `\(meant)`?")
    #expect(diagnostic.fix?.edits.map(\.replacement) == [meant])
    #expect(diagnostic.fix?.edits.map { file.text($0.range) } == [text])
  }

  @Test func datesAndTimesAreShown() {
    let text = "workflow w() {\n  schedule s { cron: \"30 2 * * *\", timezone: \"Europe/Berlin\" }\n}\n"
    let found = Self.diagnostics(SourceFile(id: FileID(0), name: "test", text: text))
    #expect(
      found.map(\.message) == [
        "the clocks of Europe/Berlin skip 02:30 on 2026-03-29, 2027-03-28 and 2028-03-26",
        "the clocks of Europe/Berlin show twice 02:30 on 2026-10-25, 2027-10-31 and 2028-10-29",
      ])
    #expect(found.first?.help?.contains("2026-03-29T03:00:00+02:00") == true)
    #expect(found.last?.help?.contains("2026-10-25T02:30:00+02:00 and not at 2026-10-25T02:30:00+01:00") == true)
  }

  @Test func withoutAClockNothingIsSaidOfChanges() {
    let text = "workflow w() {\n  schedule s { cron: \"30 2 * * *\", timezone: \"Europe/Berlin\" }\n}\n"
    #expect(Self.diagnostics(SourceFile(id: FileID(0), name: "test", text: text), .none).isEmpty)
  }

  @Test(arguments: ["E0401", "E0402", "E0403", "E0404", "E0405", "W0408", "W0409"])
  func fixtures(code: String) throws {
    let folder = "Tests/Fixtures/check/codes/\(code)"
    let wrong = try CheckFixtureTests.compile(folder + "/fails.dxsh").diagnostics.map(\.code.rawValue)
    #expect(wrong == (code.hasPrefix("E") ? [code] : ["E0020", code]))
    let right = try CheckFixtureTests.compile(folder + "/passes.dxsh").diagnostics.map(\.code.rawValue)
    #expect(right == ["E0020"])
  }
}
