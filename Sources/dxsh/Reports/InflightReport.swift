import DxshRuntime
import DxshStores
import Glibc

/// What becomes of open runs when they go on with files as they are now, for `dxsh check --inflight`.
enum InflightReport {
  /// Returns whether all of them could.
  static func print(_ files: [String], _ state: StateOptions) async throws -> Bool {
    var areCompatible = true
    for file in files {
      // No run has been started beside the file.
      let database = StoreFolder.database(in: Folder.of(file) + "/.dxsh")
      if state.state == nil, access(database, F_OK) != 0 { continue }
      let inflight = try await InflightRuns(
        of: try Composition.compile(file), in: try state.existingStore(besideFolder: Folder.of(file)))
      if inflight.runs.isEmpty { continue }
      var rows: [[String]] = []
      for run in inflight.runs {
        let change = try await inflight.change(of: run)
        areCompatible = areCompatible && change.verdict == .compatible
        let summary = run.stored.summary
        rows.append(["  " + summary.id, summary.workflow, summary.words, "\(change.verdict.words): \(change.words)"])
      }
      let count = Counted.text(rows.count, "open run has", "open runs have")
      Output.result("\(file): \(count) another version\n" + Table.render(rows))
    }
    return areCompatible
  }
}
