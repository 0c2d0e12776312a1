import ArgumentParser
import DxshExpressions
import DxshRuntime
import DxshTime

/// `dxsh runs explain RUN`
struct RunsExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says why a run does not go on, and what to do.",
    discussion: """
      From the store alone: no process need be at the run. One cause a line, the most important first, and under it \
      the commands that help. Of each kind of cause ten are shown; json shows all.

      EXAMPLES
        dxsh runs explain 8k2v
        dxsh runs explain 8k2v --format json
      """)

  /// Of each kind.
  private static let limit = 10

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @Option(help: "text or json.")
  var format: RunOutputOptions.Format = .text

  @OptionGroup var state: StateOptions

  func run() async throws {
    let store = try state.existingStore()
    let inspection = try await Inspection.of(try await store.find(run), in: store)
    let now = SystemClock().now()
    let isStopped = inspection.owner.map {
      $0.isAlive && $0.host == ProcessState.host && ProcessState.isStopped($0.process)
    }
    let causes = inspection.causes(at: now, isStopped: isStopped ?? false, options: state.given)
    switch format {
    case .json: Output.result(try JSONWriter.write(json(inspection.run, causes, now), indented: true))
    case .text: Output.result(text(inspection.run, causes))
    }
  }

  private func text(_ run: RunSummary, _ causes: [RunCause]) -> String {
    var lines = ["\(run.id) (\(run.workflow)): \(run.words)"]
    if causes.isEmpty { lines.append("nothing holds it up") }
    for kind in causes.map(\.kind).unique {
      let alike = causes.filter { $0.kind == kind }
      for cause in alike.prefix(Self.limit) {
        lines.append("- \(PrintableText.line(cause.text))")
        lines += cause.commands.map { "    \(PrintableText.line($0))" }
      }
      if alike.count > Self.limit {
        lines.append("- and \(alike.count - Self.limit) more like that (\(kind.rawValue))")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static let shape = RecordShape(["run", "workflow", "status", "now", "causes"])

  private func json(_ run: RunSummary, _ causes: [RunCause], _ now: Timestamp) -> Value {
    .record(
      RecordValue(
        Self.shape,
        [
          .text(run.id), .text(run.workflow), .text(run.status.rawValue), .timestamp(now),
          .list(causes.map(\.json)),
        ]))
  }
}

extension RunCause {
  private static let shape = RecordShape([
    "kind", "text", "step", "since", "until", "attempt", "attempts", "signals", "behind", "holders", "process",
    "commands",
  ])
  private static let signalShape = RecordShape(["name", "key"])
  private static let behindShape = RecordShape(["count", "first"])
  private static let holderShape = RecordShape(["run", "step"])
  private static let processShape = RecordShape(["number", "host", "started", "alive"])

  fileprivate var json: Value {
    let signals = signals.map { signal in
      Value.record(RecordValue(Self.signalShape, [.text(signal.name), signal.key.map(Value.text) ?? .none]))
    }
    let behind = behind.map { behind in
      Value.record(
        RecordValue(Self.behindShape, [.int(Int64(behind.count)), .list(behind.first.map(Value.text))]))
    }
    let holders = holders.map { holder in
      Value.record(RecordValue(Self.holderShape, [.text(holder.run), .text(holder.step)]))
    }
    let process = owner.map { owner in
      Value.record(
        RecordValue(
          Self.processShape,
          [.int(owner.process), .text(owner.host), .timestamp(owner.startedAt), .bool(owner.isAlive)]))
    }
    return .record(
      RecordValue(
        Self.shape,
        [
          .text(kind.rawValue), .text(text), step.map(Value.text) ?? .none, since.map(Value.timestamp) ?? .none,
          until.map(Value.timestamp) ?? .none, attempt.map { .int(Int64($0)) } ?? .none,
          attempts.map { .int(Int64($0)) } ?? .none, .list(signals), behind ?? .none, .list(holders),
          process ?? .none,
          .list(commands.map(Value.text)),
        ]))
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, where it comes first.
  fileprivate var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
