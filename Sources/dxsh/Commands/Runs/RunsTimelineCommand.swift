import ArgumentParser
import DxshExpressions
import DxshRuntime
import DxshTime

/// `dxsh runs timeline RUN`
struct RunsTimelineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline",
    abstract: "Draws when each step of a run was at what.",
    discussion: """
      A line for each step: # for an attempt, which ends with x when it failed, ~ when it was cancelled, ? when nobody \
      knows how it ended and > when it is not over; o for a poll whose answer was not what is waited for, . for a \
      wait, - for what lies between. Lines with * are the critical path: each of them made the next one ready. \
      Iterations of a loop share a line when they are more than eight.

      EXAMPLES
        dxsh runs timeline 8k2v
        dxsh runs timeline 8k2v --width 120 --all
        dxsh runs timeline 8k2v --predicted
        dxsh runs timeline 8k2v --format json
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @Option(help: "In columns; by default those of the terminal, else 80.")
  var width: Int?

  @Flag(help: "A line for each iteration, however many there are.")
  var all = false

  @Flag(help: "First draw how the run was to be expected, as `dxsh plan --schedule` does.")
  var predicted = false

  @OptionGroup var machine: MachineOptions

  @Option(help: "text or json.")
  var format: RunOutputOptions.Format = .text

  @OptionGroup var state: StateOptions

  func validate() throws {
    if predicted, format != .text { throw ValidationError("--predicted is text, and goes with no other --format") }
    guard (40...10_000).contains(width ?? 80) else { throw ValidationError("--width takes 40 to 10000 columns") }
  }

  func run() async throws {
    let store = try state.existingStore()
    let inspection = try await Inspection.of(try await store.find(run), in: store)
    let timeline = RunTimeline(inspection.history, inspection.situation, now: SystemClock().now())
    switch format {
    case .json: Output.result(try JSONWriter.write(json(inspection, timeline), indented: true))
    case .text:
      let run = inspection.run
      Output.result("\(run.id) (\(run.workflow)): \(run.words), started \(run.startedAt)")
      if inspection.situation == nil, let why = inspection.obstacle {
        Output.error("what waited for what cannot be said: \(PrintableText.line(why))")
      }
      if predicted {
        Output.result(try PlanSchedule.text(of: inspection.plan, on: machine, width: width, showsAll: all) + "\n")
      }
      Output.result(TimelineText(timeline, width: width ?? PlanSchedule.terminalWidth, showsAll: all).text)
    }
  }

  // MARK: - JSON

  private static let shape = RecordShape(["run", "started", "until", "duration", "critical_path", "steps"])
  private static let stepShape = RecordShape(["path", "ready", "critical", "spans"])
  private static let spanShape = RecordShape(["kind", "attempt", "from", "to", "duration"])

  private func json(_ inspection: RunInspection, _ timeline: RunTimeline) -> Value {
    let rows = timeline.rows.map { row in
      let spans = row.spans.map { span in
        Value.record(
          RecordValue(
            Self.spanShape,
            [
              .text(span.kind.rawValue), span.attempt.map { .int(Int64($0)) } ?? .none, .timestamp(span.from),
              .timestamp(span.to), .duration(span.to.since(span.from)),
            ]))
      }
      return Value.record(
        RecordValue(
          Self.stepShape,
          [.text(row.path), row.readyAt.map(Value.timestamp) ?? .none, .bool(row.isCritical), .list(spans)]))
    }
    return .record(
      RecordValue(
        Self.shape,
        [
          inspection.run.json(inspection.history.pause), .timestamp(timeline.startedAt), .timestamp(timeline.endedAt),
          .duration(timeline.endedAt.since(timeline.startedAt)), .list(timeline.criticalPath.map(Value.text)),
          .list(rows),
        ]))
  }
}
