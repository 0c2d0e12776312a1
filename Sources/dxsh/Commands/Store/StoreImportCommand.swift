import ArgumentParser
import DxshRuntime
import DxshStores
import Glibc

/// `dxsh store import [FILE]`
struct StoreImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Adds the runs of an exported store to a store.",
    discussion: """
      Each run is added whole or not at all, and those that have not ended are gone on with by whoever serves the \
      store: import only what you would run. Where a line is not right, it stops and names the line (exit code 2); the \
      runs before it are there, and a second call with `--skip-existing` goes on after them.

      EXAMPLES
        dxsh store import runs.jsonl --state /var/lib/reports
        gunzip < runs.jsonl.gz | dxsh store import --skip-existing
      """)

  @ArgumentParser.Argument(help: "The file; - is standard input.")
  var file = "-"

  @Flag(help: "Leave out runs that the store has, and those with a key that one of its runs has.")
  var skipExisting = false

  @OptionGroup var state: StateOptions

  func run() async throws {
    let folder = try state.state ?? state.existingFolder()
    let descriptor = file == "-" ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CallFailure("cannot read \(file): \(SourceLoader.reason())") }
    defer { close(descriptor) }
    let task = try reportingStoreErrors { () throws(RunStoreError) in
      try StoreImport(
        folder: folder, creating: state.state != nil, from: LineReader(descriptor, limit: StoreImport.lineLimit),
        skipExisting: skipExisting)
    }
    do {
      _ = try task.run()
    } catch {
      Output.result(Self.words(task.report))
      let place = file == "-" ? "standard input" : file
      throw CallFailure(error.line.map { "\(place):\($0): \(error.message)" } ?? error.message)
    }
    Output.result(Self.words(task.report))
  }

  private static func words(_ report: StoreImport.Report) -> String {
    "\(Counted.text(report.imported, "run")) imported"
      + (report.skipped == 0 ? "" : ", \(report.skipped) left out")
  }
}
