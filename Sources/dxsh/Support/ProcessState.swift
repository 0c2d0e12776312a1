import Glibc

/// What the system says of other processes of this host.
enum ProcessState {
  /// The name of this host.
  static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether a process stands still, as after SIGSTOP: by `/proc/N/stat` (proc(5)), `N (name) state …`, where the name
  /// may hold anything.
  static func isStopped(_ process: Int64) -> Bool {
    let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0, let end = buffer[..<count].lastIndex(of: UInt8(ascii: ")")), end + 2 < count else { return false }
    return buffer[end + 2] == UInt8(ascii: "T") || buffer[end + 2] == UInt8(ascii: "t")
  }
}
