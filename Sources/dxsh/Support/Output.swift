import ArgumentParser
import DxshRuntime
import Glibc
import Synchronization

/// Writes to the standard streams, unbuffered and whole.
///
/// Text is shown as `PrintableText.lines` has it; bytes and what is `raw` are written as they are.
enum Output {
  /// Why standard output could not be written, the first time; nothing more is written to it then.
  private static let failure = Mutex<Int32?>(nil)

  static func result(_ text: String) { result(Array(PrintableText.lines(text).utf8)) }
  static func result(_ bytes: [UInt8]) { raw(bytes + [10]) }
  static func error(_ text: String) { raw(error: PrintableText.lines(text) + "\n") }
  static func raw(error text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

  static func raw(_ bytes: [UInt8]) {
    guard !isLost else { return }
    let error = write(bytes, to: STDOUT_FILENO)
    if error != 0 { failure.withLock { $0 = $0 ?? error } }
  }

  /// Whether what is written to standard output reaches nobody any more.
  static var isLost: Bool { failure.withLock { $0 != nil } }

  /// Ends the process with the exit code of a command. Where its output could not be written, that is said, and it has
  /// not succeeded; but who has closed a pipe wants no more, and is told nothing.
  static func exit(_ code: ExitCode) -> Never {
    guard let reason = failure.withLock({ $0 }), reason != EPIPE else { Glibc.exit(code.rawValue) }
    error("dxsh: cannot write standard output: \(String(cString: strerror(reason)))")
    Glibc.exit(code.isSuccess ? 1 : code.rawValue)
  }

  /// Whether colours are wanted on standard error and output: on a terminal, unless `NO_COLOR` says no.
  static func usesColor(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && (getenv("NO_COLOR").map { String(cString: $0).isEmpty } ?? true)
  }

  /// Writes all of it, waiting where the other side is slow; returns 0, or what went wrong.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
      } else if count < 0, errno != EINTR {
        return errno
      }
      rest = rest.dropFirst(max(count, 0))
    }
    return 0
  }
}
