import Glibc

/// The built program as a child of the test, which may kill it.
package struct ChildProgram {
  package let process: Int32

  /// Starts `dxsh` with standard output and error to `/dev/null`, or to files.
  /// - directory: where it runs
  /// - marker: a folder's path that it and all its children have as TMPDIR, so that `waitForOrphans` finds them
  package init(_ arguments: [String], in directory: String, marker: String, output: String = "/dev/null") {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, output + ".errors", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var command = (["env", "-C", directory, Program.path] + arguments).map { strdup($0) } + [nil]
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    var environment = [strdup("PATH=\(path)"), strdup("TMPDIR=\(marker)"), nil]
    defer {
      posix_spawn_file_actions_destroy(&actions)
      for text in command + environment { free(text) }
    }
    var process = pid_t()
    let failure = posix_spawn(&process, "/usr/bin/env", &actions, nil, &command, &environment)
    precondition(failure == 0, "cannot start \(Program.path): \(String(cString: strerror(failure)))")
    self.process = process
  }

  package func kill() { _ = Glibc.kill(process, SIGKILL) }

  /// Returns when it stands still.
  package func stop() {
    _ = Glibc.kill(process, SIGSTOP)
    var information = siginfo_t()
    while waitid(P_PID, id_t(process), &information, WSTOPPED | WEXITED | WNOWAIT) < 0, errno == EINTR {}
  }

  /// Waits for its end; the exit code, or 128 and the signal's number.
  package func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  /// Whether it has ended; it is not waited for.
  package var hasEnded: Bool {
    var information = siginfo_t()
    return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information.si_signo == SIGCHLD
  }

  /// Waits until no process has the marker any more: children of a killed program go on without it.
  /// - except: a process that is not waited for
  package static func waitForOrphans(_ marker: String, except: Int32 = 0) {
    let wanted = Array("TMPDIR=\(marker)".utf8)[...]
    let isOne = { (process: String) in variables(of: process).contains(wanted) || isBeginning(process) }
    while processes().contains(where: { $0 != "\(except)" && isOne($0) }) { sched_yield() }
  }

  /// Whether it is in the middle of becoming another program: whose it is cannot be seen then (proc(5), `stat`: it has
  /// memory, and its environment ends nowhere).
  private static func isBeginning(_ process: String) -> Bool {
    guard Repository.bytes(of: "/proc/\(process)/environ")?.isEmpty == true,
      let status = Repository.read("/proc/\(process)/stat"), let name = status.lastIndex(of: ")")
    else { return false }
    let fields = status[name...].split(separator: " ")
    return fields.count > 49 && fields[21] != "0" && fields[49] == "0"
  }

  private static func variables(of process: String) -> [ArraySlice<UInt8>] {
    (Repository.bytes(of: "/proc/\(process)/environ") ?? []).split(separator: 0)
  }

  private static func processes() -> [String] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.utf8.first.map({ $0 >= 0x30 && $0 <= 0x39 }) == true { found.append(name) }
    }
    return found
  }
}
