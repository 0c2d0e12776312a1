import ArgumentParser
import DxshExpressions
import DxshRuntime
import DxshTime

/// `dxsh runs show RUN`
struct RunsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows a run and its steps.",
    discussion: """
      Steps that the journal does not speak of yet are not listed.

      EXAMPLES
        dxsh runs show 8k2v
        dxsh runs show 8k2v --format json
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @Option(help: "text or json.")
  var format: RunOutputOptions.Format = .text

  @OptionGroup var state: StateOptions

  func run() async throws {
    let store = try state.existingStore()
    let stored = try await store.find(run)
    let steps: [StepRecord]
    let history: RunHistory
    do {
      history = try RunHistory(try await store.journal(of: stored.summary.id))
      steps = history.steps(of: try stored.decodedPlan(), isClaimed: stored.summary.isClaimed)
    } catch {
      throw CallFailure("the run \(stored.summary.id): \(error.message)")
    }
    switch format {
    case .json: Output.result(try JSONWriter.write(json(stored.summary, steps, history), indented: true))
    case .text: Output.result(text(stored.summary, steps, history))
    }
  }

  private func text(_ run: RunSummary, _ steps: [StepRecord], _ history: RunHistory) -> String {
    var lines = ["run       \(run.id)", "workflow  \(run.workflow)", "status    \(run.words)"]
    if let key = run.key { lines.append("key       \(PrintableText.line(key))") }
    lines.append("started   \(run.startedAt)")
    let reopenings = history.standing.reopenings
    if reopenings > 0 { lines.append("reopened  \(reopenings == 1 ? "once" : "\(reopenings) times")") }
    if let ended = run.endedAt { lines.append("ended     \(ended)") }
    if let pause = history.pause { lines.append("paused    \(pause.since)\(pause.words)") }
    lines.append("durable   \(run.durability.words)")
    if case .failed(let failure)? = history.outcome {
      let place = failure.path.isEmpty ? "" : "\(failure.path): "
      lines.append("error     " + PrintableText.line("\(place)\(failure.kind): \(failure.message)"))
    }
    if steps.isEmpty { return lines.joined(separator: "\n") }
    let rows = steps.map { step in
      [
        step.path, step.words,
        String(step.attempts), step.endedAt?.description ?? "", step.message ?? "",
      ]
    }
    return lines.joined(separator: "\n") + "\n\n"
      + Table.render([["STEP", "STATUS", "ATTEMPTS", "ENDED", "MESSAGE"]] + rows)
  }

  private static let shape = RecordShape(["run", "steps", "output", "error", "reopened"])
  private static let stepShape = RecordShape([
    "path", "status", "attempts", "started", "ended", "message", "degraded", "cached",
  ])

  private func json(_ run: RunSummary, _ steps: [StepRecord], _ history: RunHistory) -> Value {
    var (output, message) = (Value.none, Value.none)
    switch history.outcome {
    case .succeeded(let value)?: output = value
    case .failed(let failure)?: message = .text("\(failure.kind): \(failure.message)")
    case .cancelled?, nil: break
    }
    let rows = steps.map { step in
      Value.record(
        RecordValue(
          Self.stepShape,
          [
            .text(step.path), .text(step.status.rawValue), .int(Int64(step.attempts)),
            step.startedAt.map(Value.timestamp) ?? .none, step.endedAt.map(Value.timestamp) ?? .none,
            step.message.map(Value.text) ?? .none, .bool(step.isDegraded), .bool(step.isCached),
          ]))
    }
    return .record(
      RecordValue(
        Self.shape, [run.json(history.pause), .list(rows), output, message, .int(Int64(history.standing.reopenings))]))
  }
}

extension StepRecord {
  fileprivate var words: String {
    isDegraded ? "\(status.rawValue) (degraded)" : isCached ? "\(status.rawValue) (cached)" : status.rawValue
  }
}

extension Durability {
  fileprivate var words: String {
    switch self {
    case .full: "full"
    case .process: "process (not on the disk: a power cut may take the last of it)"
    case .none: "none (a power cut may damage it)"
    }
  }
}
