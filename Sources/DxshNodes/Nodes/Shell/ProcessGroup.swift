import Glibc

/// The processes that a program and its children are, unless one of them leaves the group by itself.
struct ProcessGroup: Sendable {
  /// The number of the process that founded the group, which is the group's. No other process gets it while the
  /// group has members, even after its founder has ended.
  let leader: pid_t

  /// Ends what is left of the group after its founder has: SIGTERM, and SIGKILL to what is still there after
  /// `patience`. Goes on when the task is cancelled, and waits for at most that time.
  func end(patience: Duration) async {
    guard hasMembers else { return }
    kill(-leader, SIGTERM)
    await Task {
      let clock = ContinuousClock()
      let deadline = clock.now + patience
      while hasMembers, clock.now < deadline {
        try? await clock.sleep(for: .milliseconds(10))
      }
    }.value
    if hasMembers { kill(-leader, SIGKILL) }
  }

  /// Whether a process of the group still runs. Those that have ended and that nobody has asked for their exit code
  /// (in a container often nobody does) are in the group, but do not count.
  private var hasMembers: Bool {
    guard kill(-leader, 0) == 0 else { return false }
    guard let processes = opendir("/proc") else { return true }
    defer { closedir(processes) }
    while let entry = readdir(processes) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let number = pid_t(name), runs(number) { return true }
    }
    return false
  }

  /// By `/proc/N/stat` (proc(5)): `N (name) state parent group …`, where the name may hold anything.
  private func runs(_ process: pid_t) -> Bool {
    let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0, let nameEnd = buffer[..<count].lastIndex(of: 0x29) else { return false }
    let fields = String(decoding: buffer[(nameEnd + 1)..<count], as: UTF8.self).split(separator: " ")
    return fields.count > 2 && fields[2] == "\(leader)" && fields[0] != "Z" && fields[0] != "X"
  }
}
