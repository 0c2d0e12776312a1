import ArgumentParser
import DxshRuntime
import DxshStores

/// `dxsh store migrate`
struct StoreMigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Brings the tables of a store to the format of this version.",
    discussion: """
      Every command that opens a store for its runs does so, also to show them; earlier versions cannot read it then. \
      `dxsh store check` and `dxsh store export` change nothing, and want it to be done. With `--check`, it changes \
      nothing and exits 1 when there is something to do.

      EXAMPLES
        dxsh store migrate
        dxsh store migrate --check --state /var/lib/reports
      """)

  @Flag(help: "Change nothing.")
  var check = false

  @OptionGroup var state: StateOptions

  func run() async throws {
    let path = StoreFolder.database(in: try state.existingFolder())
    let (found, current) = (
      try reportingStoreErrors { () throws(RunStoreError) in
        try StoreSchema.version(of: path)
      }, StoreSchema.current
    )
    if found == current { return Output.result("\(path) has format \(current), which is this version's") }
    if check {
      Output.result("\(path) has format \(found), and this version \(current)")
      throw ExitCode(1)
    }
    _ = try reportingStoreErrors { () throws(RunStoreError) in try StoreSchema.open(path) }
    Output.result("\(path) is brought from format \(found) to \(current)")
  }
}
