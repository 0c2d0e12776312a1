import DxshRuntime
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

  /// Tells how much memory the group uses, from time to time, until the task is cancelled.
  func measure(_ meter: UseMeter) async {
    let clock = ContinuousClock()
    var pause = Duration.milliseconds(20)
    while !Task.isCancelled {
      try? await clock.sleep(for: pause)
      if Task.isCancelled { return }
      meter.note(memory: memory)
      pause = min(pause * 2, .milliseconds(500))
    }
  }

  /// In bytes, what its processes have in memory together; what they share counts for each.
  private var memory: Int64 {
    var pages: Int64 = 0
    _ = forEachMember { fields in
      if fields.count > 21 { pages += Int64(fields[21]) ?? 0 }
      return true
    }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Whether a process of the group still runs. Those that have ended and that nobody has asked for their exit code
  /// (in a container often nobody does) are in the group, but do not count.
  private var hasMembers: Bool {
    guard kill(-leader, 0) == 0 else { return false }
    return !forEachMember { _ in false }
  }

  /// Visits the processes of the group that run, until one is enough; false where one was. Of each it is given what
  /// `/proc/N/stat` says behind the name (proc(5)): its state, its parent, its group, …
  private func forEachMember(_ visit: ([Substring]) -> Bool) -> Bool {
    guard let processes = opendir("/proc") else { return false }
    defer { closedir(processes) }
    while let entry = readdir(processes) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let number = pid_t(name), let fields = fields(of: number), !visit(fields) { return false }
    }
    return true
  }

  /// Of a process of the group that runs: `N (name) state parent group …`, where the name may hold anything.
  private func fields(of process: pid_t) -> [Substring]? {
    let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0, let nameEnd = buffer[..<count].lastIndex(of: 0x29) else { return nil }
    let fields = String(decoding: buffer[(nameEnd + 1)..<count], as: UTF8.self).split(separator: " ")
    let isMember = fields.count > 2 && fields[2] == "\(leader)" && fields[0] != "Z" && fields[0] != "X"
    return isMember ? fields : nil
  }
}
