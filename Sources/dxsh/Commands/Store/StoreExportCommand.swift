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
      lines: copy the folder `files` of the state folder too. A file that is there is replaced only if it is an export.

      EXAMPLES
        dxsh store export runs.jsonl
        dxsh store export --state /var/lib/reports | gzip > runs.jsonl.gz
      """)

  @ArgumentParser.Argument(help: "The file; - is standard output.")
  var file = "-"

  @OptionGroup var state: StateOptions

  func run() async throws {
    let folder = try state.existingFolder()
    if file != "-" {
      try OutputPlace.check(file, outside: folder, holding: "export", beginning: #"{"dxsh_store":"#)
    }
    let sink = try FileReplacement(file, mode: 0o600)
    let count = try reportingStoreErrors { () throws(RunStoreError) in
      try StoreExport.run(folder: folder) { line throws(RunStoreError) in
        do throws(CallFailure) {
          try sink.write(line)
        } catch {
          throw RunStoreError(.unavailable, error.message)
        }
      }
    }
    try sink.finish()
    Output.error("\(Counted.text(count, "run")) exported")
  }
}
