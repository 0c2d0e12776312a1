import ArgumentParser
import DxshNodes
import DxshRuntime
import DxshStores
import DxshTime
import Glibc

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
      Exits 0; with `--once` 4 where the store fails.

      EXAMPLES
        dxsh serve
        dxsh serve --state /var/lib/reports --max-runs 64
        dxsh serve --once
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

  @OptionGroup var state: StateOptions
  @OptionGroup var durability: DurabilityOptions

  func validate() throws {
    guard maxRuns >= 1 else { throw ValidationError("--max-runs takes at least 1") }
    guard (1...86_400).contains(lease) else { throw ValidationError("--lease takes 1 to 86400 seconds") }
  }

  func run() async throws {
    let (store, folder) = try state.servedStore(
      lease: TimeSpan(nanoseconds: Int64(lease) * 1_000_000_000), durability.durability)
    let retention = try StoreVacuumCommand.retention(ofStateFolder: folder)
    let upkeep = StoreUpkeep(store, retention, clock: SystemClock()) { [quiet] report in Self.say(report, quiet: quiet)
    }
    let host = RunHost(
      store: store, clock: SystemClock(), surroundings: Self.surroundings(artifacts: store.artifacts, quiet: quiet),
      limit: maxRuns,
      tell: { [quiet, once] run, report in
        // The call itself fails then, with the same sentence.
        if once, case .storeFailed = report { return }
        Self.say(run, report, quiet: quiet)
      })
    Interrupts.watch(
      first: { Task { await host.drain() } },
      second: {
        LiveProcessGroups.killAll()
        _exit(130)
      })
    let looking = Task { [once] in if once { await upkeep.lookOnce() } else { await upkeep.run() } }
    do {
      try await host.run(untilIdle: once)
      if !once { looking.cancel() }
      await looking.value
    } catch {
      looking.cancel()
      throw CallFailure("the store failed: \(error.message); what was recorded is kept", code: 4)
    }
  }

  private static func surroundings(artifacts: String, quiet: Bool) -> RunHost.Surroundings {
    RunHost.Surroundings(
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
          log: { text in if !quiet { Output.error("\(run): \(text)") } })
      })
  }

  private static func say(_ run: String, _ report: RunHost.Report, quiet: Bool) {
    switch report {
    case .begun: break
    case .stopped(let stop): if !quiet { Output.error("\(run): \(words(stop))") }
    case .quarantined(let why): Output.error("\(run): cannot be gone on with: \(why)")
    case .taken: if !quiet { Output.error("\(run): another process goes on with it") }
    case .storeFailed(let error):
      Output.error("the store failed: \(error.message); what was recorded is kept, and the store is tried again")
    case .storeWorks: if !quiet { Output.error("the store works again") }
    }
  }

  private static func say(_ report: StoreUpkeep.Report, quiet: Bool) {
    switch report {
    case .removed(let removed): if !quiet { Output.error(StoreVacuumCommand.words(removed)) }
    case .failed(let error): Output.error("old runs could not be removed: \(error.message); that is tried again")
    }
  }

  private static func words(_ stop: EngineStop) -> String {
    switch stop {
    case .ended(.failed(let failure)):
      "failed" + (failure.path.isEmpty ? "" : " at \(failure.path)") + ": \(failure.kind): \(failure.message)"
    case .ended(let outcome): outcome.status.rawValue
    case .paused(let paths): "is paused: somebody has to settle \(paths.joined(separator: ", "))"
    case .waiting(let waits): "waits for " + waits.map(\.words).joined(separator: ", and for ")
    case .left: "is left for another process"
    }
  }
}
