import ArgumentParser
import DxshExpressions
import DxshTime

/// `dxsh schedules next`
struct SchedulesNextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next",
    abstract: "Prints when a cron expression fires next, in RFC 3339 with the zone's offset.",
    discussion: """
      Where a change of the clocks touched a time, a note behind it says how. docs/cron.md has the rule.
      Exits 1 when the expression never fires, 2 when it, the zone or another option is wrong.

      With --batch each line of standard input is {"id", "expr", "tz", "start", "count"}, and is answered by
      {"id", "next": ["…"]} or {"id", "error": "…"}.

      EXAMPLES
        dxsh schedules next --cron '30 2 * * *' --timezone Europe/Berlin
        dxsh schedules next --cron '0 9 L * *' --timezone Asia/Tokyo --from 2026-01-01T00:00:00Z --count 3
        dxsh schedules next --batch < cases.jsonl
      """)

  /// How many times may be asked for at once.
  static let counts = 1...10_000

  @Option(help: "Five fields, or an alias such as @daily.")
  var cron: String?

  @Option(help: "A zone of the IANA database such as Europe/Berlin.")
  var timezone: String?

  @Option(help: "Times strictly after this one, in RFC 3339. Default: now.")
  var from: String?

  @Option(help: "How many times, 1 to 10000.")
  var count = 5

  @Option(help: "text or json.")
  var format: RunOutputOptions.Format = .text

  @Flag(help: "Answer one JSON object a line from standard input, each with one.")
  var batch = false

  func validate() throws {
    guard batch ? cron == nil && timezone == nil && from == nil : cron != nil && timezone != nil else {
      throw ValidationError("Give --cron and --timezone, or --batch.")
    }
    guard Self.counts.contains(count) else { throw ValidationError("--count is 1 to 10000.") }
  }

  func run() throws {
    if batch { return SchedulesBatch().run() }
    guard let cron, let timezone else { return }
    let start = try from.map { text throws(CallFailure) in try FireQuestion.moment(text) } ?? SystemClock().now()
    let question = try FireQuestion(expression: cron, zone: timezone, start: start)
    if question.expression.neverFires {
      throw CallFailure("`\(cron)` never fires: no day of any year matches", code: 1)
    }
    let fires = question.fires(count)
    guard !fires.isEmpty else { throw CallFailure("`\(cron)` does not fire again before the year 10000", code: 1) }
    switch format {
    case .text: Output.result(fires.map { question.line($0) }.joined(separator: "\n"))
    case .json: Output.result(try JSONWriter.write(question.json(fires), indented: true))
    }
  }
}

extension FireQuestion {
  /// One time for people.
  fileprivate func line(_ fire: Timestamp) -> String {
    let text = zone.text(of: fire)
    guard let change = expression.clockChange(ofFireAt: fire, in: zone) else { return text }
    let local = String(change.local.description.dropFirst(11).prefix(5))
    switch change.kind {
    case .gap: return "\(text)  # for \(local), which the clocks skip"
    case .overlap(let first, _):
      return "\(text)  # the \(fire == first ? "first" : "second") \(local), which comes twice"
    }
  }

  /// `{ cron, timezone, next: [{ at, utc, gap, overlap }] }`
  fileprivate func json(_ fires: [Timestamp]) -> Value {
    let shape = RecordShape(["at", "utc", "gap", "overlap"])
    let next = fires.map { fire -> Value in
      var gap = Value.none
      var overlap = Value.none
      if let change = expression.clockChange(ofFireAt: fire, in: zone) {
        switch change.kind {
        case .gap: gap = .text(change.local.description)
        case .overlap(let first, _): overlap = .text(fire == first ? "first" : "second")
        }
      }
      return .record(RecordValue(shape, [.text(zone.text(of: fire)), .timestamp(fire), gap, overlap]))
    }
    return .record(
      RecordValue(
        RecordShape(["cron", "timezone", "next"]),
        [.text(expression.description), .text(zone.name), .list(next)]))
  }
}
