import ArgumentParser
import DxshRuntime
import DxshStores

/// `dxsh store export [FILE]`
struct StoreExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes all runs of a store as JSON lines.",
    discussion: """
      docs/store.md describes the lines; `dxsh store import` of this and every later version reads them. The runs are \
      those of one moment, also while others go on with them. The contents of values of type `file` are not among the \
      lines: copy the folder `files` of the state folder too.

      EXAMPLES
        dxsh store export runs.jsonl
        dxsh store export --state /var/lib/reports | gzip > runs.jsonl.gz
      """)

  @ArgumentParser.Argument(help: "The file; - is standard output.")
  var file = "-"

  @OptionGroup var state: StateOptions

  func run() async throws {
    let folder = try state.existingFolder()
    let sink = try ExportFile(file)
    let count = try reportingStoreErrors { () throws(RunStoreError) in
      let count = try StoreExport.run(folder: folder) { line throws(RunStoreError) in try sink.write(line) }
      try sink.finish()
      return count
    }
    Output.error("\(count) run\(count == 1 ? "" : "s") exported")
  }
}
