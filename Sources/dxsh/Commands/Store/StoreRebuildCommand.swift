import ArgumentParser
import DxshRuntime
import DxshStores
import Glibc

/// `dxsh store rebuild`
struct StoreRebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Makes what is shown of runs what their journals say.",
    discussion: """
      A copy of the store is made first, in the same folder, if anything has to be mended. A run that has not ended \
      and whose row is wrong is due at once: the next `dxsh serve` or `dxsh resume` finds out what it waits for. \
      Exits 1 while something else is wrong with the store, 4 while another process is at its runs.

      EXAMPLES
        dxsh store rebuild
        dxsh store rebuild --state /var/lib/reports
      """)

  @OptionGroup var state: StateOptions

  func run() async throws {
    let folder = try state.existingFolder()
    let report = try reportingStoreErrors { () throws(RunStoreError) in
      try StoreRebuild.run(folder: folder, backup: Self.freeName(in: folder))
    }
    if let backup = report.backup { Output.result("the store as it was: \(backup)") }
    Output.result("\(Counted.text(report.runs, "run")), \(report.mended) mended")
    for finding in report.rest { Output.error(finding.description) }
    if !report.rest.isEmpty { throw ExitCode(1) }
  }

  /// A path in the folder where nothing is yet.
  private static func freeName(in folder: String) -> String {
    let stem = "\(folder)/store-before-rebuild"
    var (path, number) = ("\(stem).sqlite", 1)
    while access(path, F_OK) == 0 {
      number += 1
      path = "\(stem)-\(number).sqlite"
    }
    return path
  }
}
