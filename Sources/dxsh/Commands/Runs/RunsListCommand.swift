import ArgumentParser
import DxshExpressions
import DxshRuntime
import DxshTime

/// `dxsh runs list`
struct RunsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists runs, the newest first.",
    discussion: """
      A run that is `running` without a process was left by one that died: `dxsh resume` goes on with it.

      EXAMPLES
        dxsh runs list --limit 5
        dxsh runs list --state reports/.dxsh --format json
      """)

  @Option(help: "At most so many.")
  var limit = 50

  @Option(help: "text or json.")
  var format: RunOutputOptions.Format = .text

  @OptionGroup var state: StateOptions

  func validate() throws {
    guard limit >= 1 else { throw ValidationError("--limit takes at least 1") }
  }

  func run() async throws {
    let store = try state.existingStore()
    let runs: [RunSummary]
    var pauses: [String: RunPause] = [:]
    do {
      runs = try await store.runs(limit: limit)
      for run in runs where run.status == .paused {
        pauses[run.id] = try RunHistory(try await store.journal(of: run.id)).pause
      }
    } catch {
      throw CallFailure(error.message)
    }
    switch format {
    case .json:
      Output.result(try JSONWriter.write(.list(runs.map { $0.json(pauses[$0.id]) }), indented: true))
    case .text:
      let header = ["RUN", "WORKFLOW", "STATUS", "STARTED", "ENDED"]
      Output.result(Table.render([header] + runs.map { $0.cells(pauses[$0.id]) }))
    }
  }
}

extension RunSummary {
  private static let shape = RecordShape([
    "run", "workflow", "key", "status", "process", "started", "ended", "durability", "paused",
  ])
  private static let pauseShape = RecordShape(["since", "reason"])

  /// - pause: by a person
  func json(_ pause: RunPause?) -> Value {
    let paused = pause.map { pause in
      Value.record(RecordValue(Self.pauseShape, [.timestamp(pause.since), pause.reason.map(Value.text) ?? .none]))
    }
    return .record(
      RecordValue(
        Self.shape,
        [
          .text(id), .text(workflow), key.map(Value.text) ?? .none, .text(status.rawValue), .bool(isClaimed),
          .timestamp(startedAt), endedAt.map(Value.timestamp) ?? .none, .text(durability.rawValue), paused ?? .none,
        ]))
  }

  /// - pause: by a person
  func cells(_ pause: RunPause?) -> [String] {
    [id, workflow, words + (pause?.words ?? ""), startedAt.description, endedAt?.description ?? ""]
  }

  /// The status, and whether somebody has to do something about it.
  var words: String {
    status == .running && !isClaimed ? "running (no process)" : status.rawValue
  }
}

extension RunPause {
  /// The reason after a colon, for people; empty where none was given.
  var words: String { reason.map { ": \(PrintableText.line($0))" } ?? "" }
}
