import Glibc

/// Writes a file anew so that nobody ever sees half of it: beside it, then in its place. The permissions stay.
enum FileReplacement {
  static func replace(_ path: String, with bytes: [UInt8]) throws(CallFailure) {
    // A symbolic link stays one.
    guard let resolved = realpath(path, nil) else { throw failure(path) }
    defer { free(resolved) }
    let target = String(cString: resolved)
    var status = stat()
    guard stat(target, &status) == 0 else { throw failure(path) }
    guard access(target, W_OK) == 0 else { throw failure(path) }
    var temporary = Array((target + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&temporary)
    guard descriptor >= 0 else { throw failure(path) }
    let isWritten = write(bytes, to: descriptor) && fchmod(descriptor, status.st_mode & 0o7777) == 0
    let isClosed = close(descriptor) == 0
    guard isWritten, isClosed, rename(temporary, target) == 0 else {
      let failure = failure(path)
      unlink(temporary)
      throw failure
    }
  }

  /// The same, where there may be no file yet.
  static func write(_ bytes: [UInt8], to path: String) throws(CallFailure) {
    if access(path, F_OK) == 0 { return try replace(path, with: bytes) }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    let isWritten = write(bytes, to: descriptor)
    guard close(descriptor) == 0, isWritten else { throw failure(path) }
  }

  /// The same for a file that may not be there; it is made beside its place too.
  static func put(_ bytes: [UInt8], in path: String) throws(CallFailure) {
    if access(path, F_OK) == 0 { return try replace(path, with: bytes) }
    var temporary = Array((path + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&temporary)
    guard descriptor >= 0 else { throw failure(path) }
    let isWritten = write(bytes, to: descriptor) && fchmod(descriptor, 0o644) == 0
    guard close(descriptor) == 0, isWritten, rename(temporary, path) == 0 else {
      let failure = failure(path)
      unlink(temporary)
      throw failure
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func failure(_ path: String) -> CallFailure {
    CallFailure("cannot write \(path): \(SourceLoader.reason())")
  }
}
