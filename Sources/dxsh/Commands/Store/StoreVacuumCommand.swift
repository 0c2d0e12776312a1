import ArgumentParser
import DxshRuntime
import DxshStores
import DxshTime

/// `dxsh store vacuum`
struct StoreVacuumCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vacuum",
    abstract: "Removes runs that ended long ago, and gives their room back.",
    discussion: """
      A run is kept as long as --keep says after its end, and as long as it is among the last runs of its workflow \
      that ended, as many as --keep-last says; without these options what `[retention]` in the nearest dxsh.toml in \
      the state folder or above says, else 30 days and 100 runs. Runs that have not ended stay, and those that a \
      process is at. `dxsh serve` does the same every hour. A key of `--id` is free again when its run is removed.

      EXAMPLES
        dxsh store vacuum --dry-run
        dxsh store vacuum --keep 7d --keep-last 10
      """)

  @Option(help: ArgumentHelp("How long after its end a run is kept.", valueName: "duration"))
  var keep: String?

  @Option(help: ArgumentHelp("How many runs of each workflow are kept however old.", valueName: "count"))
  var keepLast: Int?

  @Flag(help: "Only say how many runs of each workflow would go.")
  var dryRun = false

  @OptionGroup var state: StateOptions

  func validate() throws {
    if let keep, TimeSpan(text: keep).map({ $0.isNegative }) ?? true {
      throw ValidationError("--keep takes a duration such as 30d")
    }
    if let keepLast, keepLast < 0 { throw ValidationError("--keep-last takes 0 or more") }
  }

  func run() async throws {
    let folder = try state.existingFolder()
    var retention = try Self.retention(ofStateFolder: folder)
    if let keep = keep.flatMap({ TimeSpan(text: $0) }) { retention.keep = keep }
    if let keepLast { retention.keepLast = keepLast }
    do throws(RunStoreError) {
      let store = try SQLiteRunStore(folder: folder, creating: false)
      if dryRun {
        let found = try await store.removable(by: retention, at: SystemClock().now())
        for (workflow, runs) in found { Output.result("\(workflow): \(Counted.text(runs, "run"))") }
        Output.result("\(Counted.text(found.reduce(0) { $0 + $1.runs }, "run")) would be removed")
      } else {
        let report = try await store.vacuum(retention, at: SystemClock().now())
        Output.result(Self.words(report))
      }
    } catch {
      throw CallFailure(error.message)
    }
  }

  static func words(_ report: VacuumReport) -> String {
    "removed \(Counted.text(report.runs, "run")), \(Counted.text(report.plans, "plan")), "
      + "\(Counted.text(report.values, "large value")) and \(Counted.text(report.files, "file")); "
      + "\(report.bytes >> 10) KiB given back"
      + (report.rates == 0 ? "" : "; \(Counted.text(report.rates, "rate")) forgotten, which nothing asked for in a day")
  }

  /// What the nearest project file in the state folder or above says.
  static func retention(ofStateFolder folder: String) throws(CallFailure) -> Retention {
    var files = ProjectFiles()
    return try files.project(ofFolder: Folder.absolute(folder))?.retention ?? Retention()
  }
}
