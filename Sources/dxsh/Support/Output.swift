import Glibc

/// Writes to the standard streams, unbuffered and whole.
enum Output {
  static func result(_ text: String) { write(Array(text.utf8) + [10], to: STDOUT_FILENO) }
  static func result(_ bytes: [UInt8]) { write(bytes + [10], to: STDOUT_FILENO) }
  static func error(_ text: String) { write(Array(text.utf8) + [10], to: STDERR_FILENO) }
  static func raw(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }
  static func raw(error text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

  /// Whether colours are wanted on standard error and output: on a terminal, unless `NO_COLOR` says no.
  static func usesColor(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && (getenv("NO_COLOR").map { String(cString: $0).isEmpty } ?? true)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return
      }
      rest = rest.dropFirst(count)
    }
  }
}
