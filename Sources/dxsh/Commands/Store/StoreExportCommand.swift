import ArgumentParser
import DxshRuntime
import DxshStores
import Glibc

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

/// A file that appears when all of it is written and on the disk, or standard output.
private final class ExportFile {
  private let name: String
  /// The name until then; nil for what is no file, such as standard output.
  private let temporary: String?
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  init(_ name: String) throws(CallFailure) {
    self.name = name == "-" ? "standard output" : name
    var status = stat()
    let isOther = name == "-" || stat(name, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    temporary = isOther ? nil : "\(name).\(getpid())"
    descriptor =
      name == "-"
      ? STDOUT_FILENO
      : open(temporary ?? name, O_WRONLY | O_CLOEXEC | (isOther ? 0 : O_CREAT | O_EXCL), 0o600)
    guard descriptor >= 0 else { throw CallFailure("\(name) cannot be written: \(SourceLoader.reason())") }
  }

  deinit {
    guard let temporary else { return }
    close(descriptor)
    unlink(temporary)
  }

  func write(_ bytes: [UInt8]) throws(RunStoreError) {
    buffer += bytes
    if buffer.count >= 1 << 16 { try flush() }
  }

  func finish() throws(RunStoreError) {
    try flush()
    guard let temporary else { return }
    guard fsync(descriptor) == 0, rename(temporary, name) == 0 else { throw failure() }
  }

  private func flush() throws(RunStoreError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR, errno != EAGAIN { throw failure() }
      rest = rest.dropFirst(max(count, 0))
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure() -> RunStoreError {
    RunStoreError(.unavailable, "\(name) cannot be written: \(SourceLoader.reason())")
  }
}
