import ArgumentParser
import DxshCompiler
import DxshExpressions
import DxshNodes
import DxshPlan
import DxshRuntime
import Glibc

/// How a run is carried out and reported; the same for `exec`, `resume` and `runs settle`.
struct RunOutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "How many calls may be in flight at once.")
  var maxParallel = Interpreter.defaultWidth

  @Option(help: "text prints the output; json prints run, status, output and error.")
  var format: Format = .text

  @Flag(help: "Say nothing on standard error but errors.")
  var quiet = false

  func validate() throws {
    guard maxParallel >= 1 else { throw CallFailure("--max-parallel takes at least 1") }
  }
}

/// A run in this process, from where its journal ends.
struct RunSession {
  let id: String
  let plan: Plan
  let history: RunHistory
  let store: any RunStore
  /// Keeps other processes from the run; nil for one that nothing is kept of.
  let claim: RunClaim?
  let directory: String
  let options: RunOutputOptions

  /// A run of a store, as its journal stands; not claimed.
  static func reading(
    _ run: StoredRun, in store: any RunStore, _ options: RunOutputOptions
  ) async throws -> RunSession {
    do {
      return RunSession(
        id: run.summary.id, plan: try run.decodedPlan(),
        history: try RunHistory(try await store.journal(of: run.summary.id)), store: store, claim: nil,
        directory: run.directory, options: options)
    } catch {
      throw CallFailure("the run \(run.summary.id): \(error.message)")
    }
  }

  /// The run once more, claimed for this process, with its journal as it stands now that no other process adds to it.
  func claimed() async throws -> RunSession {
    let claim: RunClaim?
    do {
      claim = try await store.claim(id)
    } catch {
      throw CallFailure("the run \(id): \(error.message)")
    }
    guard let claim else { throw CallFailure("the run \(id) is under way in another process", code: 4) }
    return try await rereading(with: claim)
  }

  /// The run once more, with what has been added to its journal.
  func rereading() async throws -> RunSession { try await rereading(with: claim) }

  private func rereading(with claim: RunClaim?) async throws -> RunSession {
    do {
      return RunSession(
        id: id, plan: plan, history: try RunHistory(try await store.journal(of: id)), store: store, claim: claim,
        directory: directory, options: options)
    } catch {
      throw CallFailure("the run \(id): \(error.message)")
    }
  }

  /// Reports a run that has ended; claims and carries out any other.
  func finishOrGoOn() async throws {
    if let outcome = history.outcome { return try report(.ended(outcome)) }
    try await claimed().carryOut()
  }

  /// Goes on with the run and reports how it stopped; throws the exit code when that is not 0.
  func carryOut() async throws {
    let validated: ValidatedPlan
    do {
      validated = try optimize(plan).plan.validated()
    } catch {
      throw CallFailure("the plan of \(plan.workflow) is not valid: \(error.message) (\(error.path))", code: 1)
    }
    try report(try await execute(validated))
  }

  private func execute(_ plan: ValidatedPlan) async throws -> EngineStop {
    let clock = SystemClock()
    let progress = options.quiet ? nil : Progress(clock: clock, isLive: isatty(STDERR_FILENO) == 1)
    let context = NodeContext(
      clock: clock, directory: directory, environment: Environment.variables,
      log: { text in if let progress { progress.say(text) } })
    let secrets = try Secrets.values(for: plan.plan)
    let engine: Engine
    do {
      engine = try Engine(
        plan, history: history, secrets: secrets, runID: id, nodes: Composition.nodes, context: context, store: store,
        options: RunOptions(maxParallel: options.maxParallel), observer: progress)
    } catch {
      return .ended(.failed(error))
    }
    if claim != nil { progress?.say("run \(id)") }
    Interrupts.watch(
      first: { engine.cancel() },
      second: {
        LiveProcessGroups.killAll()
        _exit(130)
      })
    let drawing = Task { await progress?.redraw() }
    let stop: Result<EngineStop, any Error>
    do {
      stop = .success(try await engine.run())
    } catch {
      stop = .failure(storeFailure(error))
    }
    drawing.cancel()
    await drawing.value
    return try stop.get()
  }

  /// The run is not over when its store fails: what was recorded is there, and it can be gone on with.
  private func storeFailure(_ error: RunStoreError) -> CallFailure {
    // Children may still be running; nobody would hear of their ends.
    LiveProcessGroups.killAll()
    let remedy =
      switch error.kind {
      case .taken: "this process stops"
      case .full, .unavailable: "what was recorded is kept: when that is mended, go on with `dxsh resume \(id)`"
      case .damaged, .newer, .unknownRun: "the run stops here"
      }
    return CallFailure("the store failed: \(error.message); \(remedy)", code: 4)
  }

  // MARK: - Reporting

  func report(_ stop: EngineStop) throws {
    switch stop {
    case .ended(let outcome): try RunReport(id: id, options: options).ended(outcome)
    case .paused(let paths): try RunReport(id: id, options: options).paused(paths)
    }
  }
}

/// Prints how a run stopped, and throws the exit code when that is not 0.
struct RunReport {
  let id: String
  let options: RunOutputOptions

  func ended(_ outcome: RunOutcome) throws {
    switch outcome {
    case .succeeded(let value):
      if options.format == .json {
        try envelope(outcome.status, output: value)
      } else if !value.isNone {
        Output.result(try JSONWriter.write(value, indented: true))
      }
    case .failed(let failure):
      try envelope(outcome.status, error: failure)
      let place = failure.path.isEmpty ? "" : " at \(failure.path)"
      Output.error("the run failed\(place): \(failure.kind): \(failure.message)")
      throw ExitCode(outcome.status == .rejected ? 3 : 1)
    case .cancelled:
      try envelope(outcome.status)
      Output.error("the run was cancelled")
      throw ExitCode(130)
    }
  }

  func paused(_ paths: [String]) throws {
    try envelope(.paused)
    let steps = paths.map { "  \($0)" }.joined(separator: "\n")
    Output.error(
      """
      the run \(id) is paused: it is not known whether \(paths.count == 1 ? "this step" : "these steps") took place:
      \(steps)
      find out, and say `dxsh runs settle \(id) \(paths[0]) done`, `retry` or `fail`
      """)
    throw ExitCode(4)
  }

  private func envelope(_ status: RunStatus, output: Value = .none, error: RunFailure? = nil) throws {
    guard options.format == .json else { return }
    let shape = RecordShape(["run", "status", "output", "error"])
    let errorShape = RecordShape(["kind", "message", "path", "attempt"])
    let failure = error.map { error in
      Value.record(
        RecordValue(
          errorShape, [.text(error.kind), .text(error.message), .text(error.path), .int(Int64(error.attempt))]))
    }
    let fields = [.text(id), .text(status.rawValue), output, failure ?? .none]
    Output.result(try JSONWriter.write(.record(RecordValue(shape, fields)), indented: true))
  }
}
