import ArgumentParser
import DxshCompiler
import DxshExpressions
import DxshNodes
import DxshPlan
import DxshRuntime
import DxshSyntax
import Glibc

/// `dxsh exec FILE [WORKFLOW] …`
struct ExecCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Runs a workflow and prints its output as JSON.",
    discussion: """
      Progress goes to standard error, the output to standard output. Exits 0 when the run succeeded, 1 when it \
      failed, 2 when the call is wrong, 130 when it was cancelled. Ctrl-C cancels: what runs is ended and awaited; \
      a second one ends at once.

      EXAMPLES
        dxsh exec report.dxsh -p day=2026-03-01
        dxsh exec report.dxsh nightly --input '{"day": "2026-03-01"}'
        dxsh exec report.dxsh --input @input.json --max-parallel 4 --quiet
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @ArgumentParser.Argument(help: "The file; - is standard input.")
  var file: String

  @ArgumentParser.Argument(help: "The workflow, when the file has several.")
  var workflow: String?

  @Option(name: .customShort("p"), help: ArgumentHelp("A parameter.", valueName: "name=value"))
  var parameters: [String] = []

  @Option(help: ArgumentHelp("The parameters as a JSON object.", valueName: "JSON|@file|-"))
  var input: String?

  @Flag(help: "Keep nothing of the run on disk; so far, no run is kept.")
  var ephemeral = false

  @Option(help: "How many calls may be in flight at once.")
  var maxParallel = Interpreter.defaultWidth

  @Option(help: "text prints the output; json prints status, output and error.")
  var format: Format = .text

  @Flag(help: "Say nothing on standard error but errors.")
  var quiet = false

  func run() async throws {
    guard maxParallel >= 1 else { throw CallFailure("--max-parallel takes at least 1") }
    let plan = try PlanChoice.plan(in: file, workflow: workflow)
    let values = try RunInput.values(for: plan, assignments: parameters, document: input)
    let validated: ValidatedPlan
    do {
      validated = try optimize(plan).plan.validated()
    } catch {
      throw CallFailure("the plan of \(plan.workflow) is not valid: \(error.message) (\(error.path))", code: 1)
    }
    let outcome = try await execute(validated, values)
    try report(outcome)
  }

  private func execute(_ plan: ValidatedPlan, _ values: [Value]) async throws -> RunOutcome {
    let clock = SystemClock()
    let progress = quiet ? nil : Progress(clock: clock, isLive: isatty(STDERR_FILENO) == 1)
    let context = NodeContext(
      clock: clock, directory: Self.folder(of: file), environment: Self.environment(),
      log: { text in if let progress { progress.say(text) } })
    let engine: Engine
    do {
      engine = try Engine(
        plan, input: values, runID: "ephemeral", nodes: Composition.nodes, context: context,
        store: InMemoryRunStore(recording: false), options: RunOptions(maxParallel: maxParallel), observer: progress)
    } catch {
      return .failed(error)
    }
    Interrupts.watch(
      first: { engine.cancel() },
      second: {
        LiveProcessGroups.killAll()
        _exit(130)
      })
    let drawing = Task { await progress?.redraw() }
    let outcome: Result<RunOutcome, RunStoreError>
    do {
      outcome = .success(try await engine.run())
    } catch {
      outcome = .failure(error)
    }
    drawing.cancel()
    await drawing.value
    return try outcome.get()
  }

  private func report(_ outcome: RunOutcome) throws {
    switch outcome {
    case .succeeded(let value):
      if format == .json {
        Output.result(try JSONWriter.write(.envelope("succeeded", output: value, error: nil), indented: true))
      } else if !value.isNone {
        Output.result(try JSONWriter.write(value, indented: true))
      }
    case .failed(let failure):
      if format == .json {
        Output.result(try JSONWriter.write(.envelope("failed", output: .none, error: failure), indented: true))
      }
      let place = failure.path.isEmpty ? "" : " at \(failure.path)"
      Output.error("the run failed\(place): \(failure.kind): \(failure.message)")
      throw ExitCode(1)
    case .cancelled:
      if format == .json {
        Output.result(try JSONWriter.write(.envelope("cancelled", output: .none, error: nil), indented: true))
      }
      Output.error("the run was cancelled")
      throw ExitCode(130)
    }
  }

  /// The folder of a file; of standard input, this one.
  private static func folder(of file: String) -> String {
    guard file != "-", let slash = file.lastIndex(of: "/") else { return "." }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  private static func environment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
      entry += 1
    }
    return result
  }
}

extension Value {
  /// What `--format json` prints.
  fileprivate static func envelope(_ status: String, output: Value, error: RunFailure?) -> Value {
    let shape = RecordShape(["status", "output", "error"])
    let errorShape = RecordShape(["kind", "message", "path", "attempt"])
    let failure = error.map { error in
      Value.record(
        RecordValue(
          errorShape, [.text(error.kind), .text(error.message), .text(error.path), .int(Int64(error.attempt))]))
    }
    return .record(RecordValue(shape, [.text(status), output, failure ?? .none]))
  }
}
