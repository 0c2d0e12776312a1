import ArgumentParser
import DxshNodes
import DxshRuntime
import DxshStores
import DxshTelemetry
import DxshTime
import Glibc
import Logging

/// `dxsh serve`
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Goes on with all runs of a state folder when they have something to do.",
    discussion: """
      Runs whose time has come, that were sent a signal, and those whose process has died. Several processes may serve \
      one folder. SIGTERM and Ctrl-C let the calls that are under way end and begin nothing more; a second one ends at \
      once. A folder that `--state` names is made where there is none. Where the store fails, it is tried again \
      after 1 to 30 seconds. Every hour it removes runs that ended long ago, as `dxsh store vacuum` does. \
      --metrics names a file for Prometheus' textfile collector, written every 10 seconds and at the end. \
      Exits 0; with `--once` 4 where the store fails.

      EXAMPLES
        dxsh serve
        dxsh serve --state /var/lib/reports --max-runs 64
        dxsh serve --once
        dxsh serve --log-format json --log-level debug --metrics /var/lib/node_exporter/dxsh.prom
      """)

  @Option(help: "How many runs may be under way at once.")
  var maxRuns = 256

  @Option(
    help: ArgumentHelp(
      "How long another process may be silent before its runs are taken, in seconds; the same for all processes.",
      valueName: "seconds"))
  var lease = 15

  @Flag(help: "Exit when nothing is due.")
  var once = false

  @Flag(help: "Say nothing on standard error but errors.")
  var quiet = false

  @Option(help: "text or json: an object a line, with at, level, message, run, workflow, step and attempt.")
  var logFormat: LineLogHandler.Format = .text

  @Option(
    help: "debug tells of each step; info of runs; warning and error of trouble. By default info, with --quiet error.")
  var logLevel: LogLevel?

  @Option(help: ArgumentHelp("Where to write what was counted and measured.", valueName: "file"))
  var metrics: String?

  @OptionGroup var machine: MachineOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var durability: DurabilityOptions

  func validate() throws {
    guard (1...1_000_000).contains(maxRuns) else { throw ValidationError("--max-runs takes 1 to 1000000") }
    guard (1...86_400).contains(lease) else { throw ValidationError("--lease takes 1 to 86400 seconds") }
  }

  enum LogLevel: String, ExpressibleByArgument, CaseIterable { case debug, info, warning, error }

  func run() async throws {
    let (opened, folder) = try state.servedStore(
      lease: TimeSpan(nanoseconds: Int64(lease) * 1_000_000_000), durability.durability)
    let logger = logger
    opened.logs?.inTrouble { logger.error("\($0)") }
    let export = try metrics.map { try MetricsExport($0, besideStateFolder: folder) }
    let retention = try StoreVacuumCommand.retention(ofStateFolder: folder)
    let upkeep = StoreUpkeep(opened, retention, clock: SystemClock()) { report in Self.say(report, logger) }
    var store: any RunStore = opened
    if let export {
      try export.write()
      store = MeasuredStore(store, export.metrics)
    }
    let names = WorkflowNames()
    let host = RunHost(
      store: store, clock: SystemClock(),
      surroundings: Self.surroundings(artifacts: store.artifacts, export?.metrics, logger, names), limit: maxRuns,
      resources: machine.resources,
      tell: { [once] run, report in
        export?.metrics.note(report)
        // The call itself fails then, with the same sentence.
        if once, case .storeFailed = report { return }
        Self.say(report, logger.of(run, names[run]), store: logger)
        if case .begun = report { return }
        names.forget(run)
      })
    Interrupts.watch(
      first: { Task { await host.drain() } },
      second: {
        LiveProcessGroups.killAll()
        _exit(130)
      })
    let looking = Task { [once] in if once { await upkeep.lookOnce() } else { await upkeep.run() } }
    let exporting = export.map { export in Task { [store] in await export.keepWriting(store, logger) } }
    let result: Result<Void, RunStoreError>
    do throws(RunStoreError) {
      try await host.run(untilIdle: once)
      result = .success(())
    } catch {
      result = .failure(error)
    }
    if case .success = result, once {} else { looking.cancel() }
    await looking.value
    exporting?.cancel()
    await exporting?.value
    await store.logs?.flush()
    guard case .failure(let error) = result else { return }
    let failure = CallFailure("the store failed: \(error.message); what was recorded is kept", code: 4)
    guard logFormat == .json else { throw failure }
    logger.error("\(failure.message)")
    throw failure.code
  }

  /// With `--quiet`, nothing but errors, whatever the level.
  private var logger: Logger {
    let level: Logger.Level =
      switch quiet ? .error : logLevel ?? .info {
      case .debug: .debug
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
    let format = logFormat
    return Logger(label: "dxsh") { _ in
      LineLogHandler(format, level: level, now: { SystemClock().now() }, write: { Output.raw(error: $0 + "\n") })
    }
  }

  private static func surroundings(
    artifacts: String, _ metrics: RunMetrics?, _ logger: Logger, _ names: WorkflowNames
  ) -> RunHost.Surroundings {
    let observes = metrics != nil || logger.logLevel <= .debug
    return RunHost.Surroundings(
      bind: { plan throws(HostFailure) in
        do throws(CallFailure) {
          let runnable = try RunnablePlan(plan)
          return (runnable.bound, runnable.secrets)
        } catch {
          throw HostFailure(error.message)
        }
      },
      context: { run, directory in
        NodeContext(
          clock: SystemClock(), directory: directory, environment: Environment.variables, artifacts: artifacts,
          log: { text in logger.of(run, names[run]).info("\(text)") })
      },
      observer: { run in
        names.note(run)
        return observes ? RunWitness(run, metrics, logger) : nil
      })
  }

  /// - own: for what is about the run
  private static func say(_ report: RunHost.Report, _ own: Logger, store logger: Logger) {
    switch report {
    case .begun: own.debug("is taken up")
    case .stopped(let stop): own.info("\(words(stop))")
    case .quarantined(let why): own.error("cannot be gone on with: \(why)")
    case .taken: own.warning("another process goes on with it")
    case .storeFailed(let error):
      logger.error(
        "the store failed: \(error.message); what was recorded is kept, and the store is tried again")
    case .storeWorks: logger.info("the store works again")
    }
  }

  private static func say(_ report: StoreUpkeep.Report, _ logger: Logger) {
    switch report {
    case .removed(let removed): logger.info("\(StoreVacuumCommand.words(removed))")
    case .failed(let error): logger.error("old runs could not be removed: \(error.message); that is tried again")
    }
  }

  private static func words(_ stop: EngineStop) -> String {
    switch stop {
    case .ended(.failed(let failure)):
      "failed" + (failure.path.isEmpty ? "" : " at \(failure.path)") + ": \(failure.kind): \(failure.message)"
    case .ended(let outcome): outcome.status.rawValue
    case .paused(let paths): "is paused: somebody has to settle \(paths.joined(separator: ", "))"
    case .pausedByHand(let pause): "is paused" + (pause.reason.map { ": \($0)" } ?? "")
    case .waiting(let waits): words(waits, at: SystemClock().now())
    case .left: "is left for another process"
    }
  }

  private static func words(_ waits: [WaitingStep], at now: Timestamp) -> String {
    let (calls, others) = (waits.filter { $0.call != nil }, waits.filter { $0.call == nil })
    let all = others.isEmpty ? [] : ["waits for " + others.map { $0.words(at: now) }.joined(separator: ", and for ")]
    return (all + calls.map { "\($0.path) \($0.words(at: now))" }).joined(separator: "; ")
  }
}

extension LineLogHandler.Format: ExpressibleByArgument {}
