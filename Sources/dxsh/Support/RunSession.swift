import DxshNodes
import DxshPlan
import DxshRuntime
import Glibc

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

  /// A run of a store. One that has not ended is claimed for this process before its journal is read, so that no other
  /// adds to it meanwhile.
  static func opening(
    _ run: StoredRun, in store: any RunStore, _ options: RunOutputOptions
  ) async throws -> RunSession {
    let id = run.summary.id
    let claim: RunClaim?
    let (plan, history): (Plan, RunHistory)
    do throws(RunStoreError) {
      plan = try run.decodedPlan()
      claim = run.summary.status.isFinal ? nil : try await store.claim(id)
      history = try RunHistory(try await store.journal(of: id))
    } catch {
      throw CallFailure("the run \(id): \(error.message)")
    }
    guard claim != nil || history.outcome != nil else {
      throw CallFailure("the run \(id) is under way in another process", code: 4)
    }
    return RunSession(
      id: id, plan: plan, history: history, store: store, claim: claim, directory: run.directory, options: options)
  }

  /// A run of a store that has ended, claimed for this process.
  static func openingEnded(
    _ run: StoredRun, in store: any RunStore, _ options: RunOutputOptions
  ) async throws -> RunSession {
    let id = run.summary.id
    do throws(RunStoreError) {
      let (plan, claim) = (try run.decodedPlan(), try await store.claim(id))
      let history = try RunHistory(try await store.journal(of: id))
      guard claim != nil, history.outcome != nil else { throw .taken(id) }
      return RunSession(
        id: id, plan: plan, history: history, store: store, claim: claim, directory: run.directory, options: options)
    } catch {
      throw CallFailure("the run \(id): \(error.message)", code: error.kind == .taken ? 4 : 2)
    }
  }

  /// The run with one more batch in its journal.
  func adding(_ events: [RecordedEvent]) -> RunSession { with(history.adding(events)) }

  /// The run with another history.
  func with(_ history: RunHistory) -> RunSession {
    RunSession(
      id: id, plan: plan, history: history, store: store, claim: claim, directory: directory, options: options)
  }

  /// Reports a run that has ended; carries out any other.
  func finishOrGoOn() async throws {
    if let outcome = history.outcome { return try report(.ended(outcome)) }
    try await carryOut(RunnablePlan(plan))
  }

  /// Goes on with the run and reports how it stopped; throws the exit code when that is not 0.
  func carryOut(_ runnable: RunnablePlan) async throws {
    try report(try await execute(runnable))
  }

  private func execute(_ runnable: RunnablePlan) async throws -> EngineStop {
    let clock = SystemClock()
    let progress = options.quiet ? nil : Progress(clock: clock, isLive: isatty(STDERR_FILENO) == 1)
    let engine = engine(runnable, progress)
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
    await store.logs?.flush()
    drawing.cancel()
    await drawing.value
    return try stop.get()
  }

  /// What carries the run out.
  func engine(_ runnable: RunnablePlan, _ progress: Progress? = nil) -> Engine {
    let context = NodeContext(
      clock: SystemClock(), directory: directory, environment: Environment.variables,
      artifacts: store.artifacts, log: { text in if let progress { progress.say(text) } })
    return Engine(
      runnable.bound, history: history, secrets: runnable.secrets, runID: id, context: context, store: store,
      options: RunOptions(
        maxParallel: options.maxParallel, leaving: options.wait ? .never : .whenSignalled,
        resources: options.machine.resources, order: options.firstCome ? .arrival : .ranked),
      observer: progress, claim: claim)
  }

  /// The run is not over when its store fails: what was recorded is there, and it can be gone on with.
  private func storeFailure(_ error: RunStoreError) -> CallFailure {
    // Children may still be running; nobody would hear of their ends.
    LiveProcessGroups.killAll()
    let resume = "dxsh resume \(id)\(options.state.given(for: store))"
    let remedy =
      switch error.kind {
      case .taken: "this process stops"
      case .full, .unavailable: "what was recorded is kept: when that is mended, go on with `\(resume)`"
      case .damaged, .newer, .unknownRun, .ended: "the run stops here"
      }
    return CallFailure("the store failed: \(error.message); \(remedy)", code: 4)
  }

  // MARK: - Reporting

  func report(_ stop: EngineStop) throws {
    let report = RunReport(id, in: store, options)
    switch stop {
    case .ended(let outcome): try report.ended(outcome)
    case .paused(let paths): try report.paused(paths)
    case .pausedByHand(let pause): try report.paused(pause)
    case .waiting(let waits): try report.waiting(waits, isKept: claim != nil)
    case .left: preconditionFailure("nobody asks a run of the command line to leave")
    }
  }
}
