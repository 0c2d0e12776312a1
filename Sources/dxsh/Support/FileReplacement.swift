import Glibc

/// Writes a file anew so that nobody ever sees half of it, whatever happens: beside it, onto the disk, then in its
/// place.
///
/// A file that is replaced hands on its permissions; through a symbolic link the file that it leads to is replaced.
/// What is no file, such as a pipe or `/dev/null`, is written to as it is; `-` is standard output.
final class FileReplacement {
  private let name: String
  private let target: String
  /// The name until then; nil for what is no file.
  private let temporary: String?
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// - mode: the permissions of a file that was not there, as far as the umask allows
  init(_ path: String, mode: mode_t = 0o666) throws(CallFailure) {
    name = path == "-" ? "standard output" : path
    target = Folder.target(of: path)
    var status = stat()
    let isThere = path == "-" || stat(target, &status) == 0
    guard path != "-", !isThere || status.st_mode & S_IFMT == S_IFREG else {
      temporary = nil
      descriptor = path == "-" ? STDOUT_FILENO : open(target, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Self.failure(name) }
      return
    }
    guard !isThere || access(target, W_OK) == 0 else { throw Self.failure(name) }
    // Short enough for any file system, whatever the target is called.
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = "\(Folder.of(target))/.dxsh-\(unique)"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isThere ? 0o600 : mode)
    guard descriptor >= 0 else { throw Self.failure(name) }
    self.temporary = temporary
    if isThere, fchmod(descriptor, status.st_mode & 0o7777) != 0 { throw Self.failure(name) }
  }

  deinit {
    if descriptor > STDERR_FILENO { close(descriptor) }
    if let temporary { unlink(temporary) }
  }

  func write(_ bytes: [UInt8]) throws(CallFailure) {
    buffer += bytes
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Without it, the file stays as it was.
  func finish() throws(CallFailure) {
    try flush()
    guard let temporary else { return }
    guard fsync(descriptor) == 0, rename(temporary, target) == 0 else { throw Self.failure(name) }
  }

  static func write(_ bytes: [UInt8], to path: String) throws(CallFailure) {
    let file = try FileReplacement(path)
    try file.write(bytes)
    try file.finish()
  }

  private func flush() throws(CallFailure) {
    if descriptor == STDOUT_FILENO {
      Output.raw(buffer)
    } else {
      let reason = Output.write(buffer, to: descriptor)
      errno = reason
      if reason != 0 { throw Self.failure(name) }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private static func failure(_ name: String) -> CallFailure {
    CallFailure("cannot write \(name): \(SourceLoader.reason())")
  }
}
