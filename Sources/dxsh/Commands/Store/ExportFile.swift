import DxshRuntime
import Glibc

/// A file that appears when all of it is written and on the disk, or standard output.
final class ExportFile {
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
