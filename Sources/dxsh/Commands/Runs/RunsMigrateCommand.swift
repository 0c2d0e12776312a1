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

      Exits 0 when every run has the file's version then, 1 when some cannot, 2 when one that is named has ended or is \
      of a workflow that the file does not have, 4 when some are under way in another process.

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
    var named: [String: StoredRun] = [:]
    for prefix in runs {
      let run = try await store.find(prefix)
      named[run.summary.id] = run
    }
    let inflight = try await InflightRuns(of: compilation, in: store, only: runs.isEmpty ? nil : Set(named.keys))
    var rows: [[String]] = []
    var (isRefused, isBusy, isWrong) = (false, false, false)
    for run in inflight.runs {
      let summary = run.stored.summary
      let change: RunChange?
      do throws(CallFailure) {
        change = dryRun ? try await inflight.change(of: run) : try await inflight.move(run)
      } catch {
        // What became of the others is said all the same.
        isRefused = true
        rows.append([summary.id, summary.workflow, error.message])
        continue
      }
      if let change {
        isRefused = isRefused || change.verdict != .compatible
        let done = change.verdict == .compatible && !dryRun ? "moved" : change.verdict.words
        rows.append([summary.id, summary.workflow, "\(done): \(change.words)"])
      } else {
        isBusy = true
        rows.append([summary.id, summary.workflow, "under way in another process: try again when it waits"])
      }
    }
    for run in inflight.runs { named[run.stored.summary.id] = nil }
    for run in named.values.sorted(by: { $0.summary.id < $1.summary.id }) {
      let (words, isMistake) = Self.reason(run, inflight.planHash(of: run.summary.workflow))
      rows.append([run.summary.id, run.summary.workflow, words])
      isWrong = isWrong || isMistake
    }
    if !rows.isEmpty { Output.result(Table.render(rows)) }
    if isWrong { throw ExitCode(2) }
    if isRefused { throw ExitCode(1) }
    if isBusy { throw ExitCode(4) }
  }

  /// Why a run that was named stays as it is, and whether to name it was a mistake.
  /// - hash: of the plan that the file has of its workflow
  private static func reason(_ run: StoredRun, _ hash: String?) -> (words: String, isMistake: Bool) {
    guard let hash else { return ("is of the workflow \(run.summary.workflow), which the file does not have", true) }
    if run.planHash == hash, !run.summary.status.isFinal { return ("has this version", false) }
    return ("has ended", true)
  }
}
