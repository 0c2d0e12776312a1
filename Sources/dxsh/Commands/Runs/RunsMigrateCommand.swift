import ArgumentParser
import DxshRuntime

/// `dxsh runs migrate FILE [RUN…]`
struct RunsMigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Lets open runs go on with the version of their workflow that a file has now.",
    discussion: """
      A run keeps the plan that it was started with until this command gives it another. What has ended keeps its \
      result; what has not is done as the file says. Runs for which that is not possible stay as they are, with a line \
      that says why: `dxsh check --inflight` says the same beforehand. Steps that have another name now say `was` and \
      the old one.

      Exits 0 when every run has the file's version then, 1 when some cannot, 4 when some are under way in another \
      process.

      EXAMPLES
        dxsh runs migrate orders.dxsh
        dxsh runs migrate orders.dxsh 8k2v --dry-run
      """)

  @ArgumentParser.Argument(help: "The file.")
  var file: String

  @ArgumentParser.Argument(help: "The runs' identifiers, or the beginnings of them. Default: all open runs.")
  var runs: [String] = []

  @Flag(help: "Say what would become of the runs, and change nothing.")
  var dryRun = false

  @OptionGroup var state: StateOptions

  func run() async throws {
    let compilation = try PlanChoice.compilation(of: file)
    let store = try state.existingStore(besideFolder: Folder.of(file))
    let inflight = try await InflightRuns(of: compilation, in: store, only: runs)
    for prefix in runs { _ = try await store.find(prefix) }
    var rows: [[String]] = []
    var (isRefused, isBusy) = (false, false)
    for run in inflight.runs {
      let summary = run.stored.summary
      let change = dryRun ? try await inflight.change(of: run) : try await inflight.move(run)
      if let change {
        isRefused = isRefused || change.verdict != .compatible
        let done = change.verdict == .compatible && !dryRun ? "moved" : change.verdict.words
        rows.append([summary.id, summary.workflow, "\(done): \(change.words)"])
      } else {
        isBusy = true
        rows.append([summary.id, summary.workflow, "under way in another process: try again when it waits"])
      }
    }
    if !rows.isEmpty { Output.result(Table.render(rows)) }
    if isRefused { throw ExitCode(1) }
    if isBusy { throw ExitCode(4) }
  }
}
