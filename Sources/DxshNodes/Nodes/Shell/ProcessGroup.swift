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
    let hasEnded = await Task {
      let clock = ContinuousClock()
      let deadline = clock.now + patience
      while hasMembers {
        if clock.now >= deadline { return false }
        try? await clock.sleep(for: .milliseconds(10))
      }
      return true
    }.value
    if !hasEnded { kill(-leader, SIGKILL) }
  }

  /// In bytes, what the processes of each of these groups have in memory together; what they share counts for each.
  static func memory(of leaders: some Collection<pid_t>) -> [pid_t: Int64] {
    let leaders = Set(leaders)
    let pageSize = Int64(sysconf(Int32(_SC_PAGESIZE)))
    var memory: [pid_t: Int64] = [:]
    forEachRunning { fields in
      guard fields.count > 21, let group = pid_t(fields[2]), leaders.contains(group) else { return true }
      memory[group, default: 0] += (Int64(fields[21]) ?? 0) * pageSize
      return true
    }
    return memory
  }

  /// Whether a process of the group still runs. Those that have ended and that nobody has asked for their exit code
  /// (in a container often nobody does) are in the group, but do not count.
  private var hasMembers: Bool {
    guard kill(-leader, 0) == 0 else { return false }
    var isFound = false
    let hasSeenAll = Self.forEachRunning { fields in
      isFound = fields[2] == "\(leader)"
      return !isFound
    }
    return isFound || !hasSeenAll
  }

  /// Visits the processes that run, as long as `visit` says so. Of each it is given what `/proc/N/stat` says behind the
  /// name (proc(5)): its state, its parent, its group, … False when this process may open no more files.
  @discardableResult
  private static func forEachRunning(_ visit: ([Substring]) -> Bool) -> Bool {
    guard let processes = opendir("/proc") else { return false }
    defer { closedir(processes) }
    while let entry = readdir(processes) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let number = pid_t(name) else { continue }
      let descriptor = open("/proc/\(number)/stat", O_RDONLY | O_CLOEXEC)
      if descriptor < 0, errno == EMFILE || errno == ENFILE { return false }
      if descriptor >= 0, let fields = fields(closing: descriptor), !visit(fields) { break }
    }
    return true
  }

  /// Of a process that runs: `N (name) state parent group …`, where the name may hold anything.
  private static func fields(closing descriptor: Int32) -> [Substring]? {
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0, let nameEnd = buffer[..<count].lastIndex(of: 0x29) else { return nil }
    let fields = String(decoding: buffer[(nameEnd + 1)..<count], as: UTF8.self).split(separator: " ")
    return fields.count > 2 && fields[0] != "Z" && fields[0] != "X" ? fields : nil
  }
}
