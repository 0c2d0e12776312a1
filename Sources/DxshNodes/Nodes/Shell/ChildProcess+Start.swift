import CDxshProcess
import DxshRuntime
import Glibc

extension ChildProcess {
  /// A program that has been started.
  private struct Started: ~Copyable {
    /// Its process number, which is its session's and its group's too.
    let leader: pid_t
    /// Where this process reads what it writes.
    let output: OwnedDescriptor
    let error: OwnedDescriptor
  }

  /// Throws `spawn` for what the system refuses, and for what it would refuse in words that no author understands, or
  /// silently cut short.
  /// - Returns: the program under way, and who looks after it until it is removed there
  func start() throws(NodeFailure) -> (RunningProcess, ProcessWatch) {
    try checkDirectory()
    try checkTexts()
    let program = try executable()
    let watch: ProcessWatch
    do throws(SystemError) { watch = try .get() } catch { throw failure(for: error) }
    return (try begin(started(program), watch), watch)
  }

  private func started(_ program: String) throws(NodeFailure) -> Started {
    do throws(SystemError) {
      let output = try Pipe()
      let error = try Pipe()
      let leader = try spawn(program, StandardInput.open(holding: input), output.writer, error.writer)
      return Started(leader: leader, output: output.reader, error: error.reader)
    } catch {
      throw failure(for: error)
    }
  }

  /// From here on it may have done something.
  private func begin(_ started: consuming Started, _ watch: ProcessWatch) throws(NodeFailure) -> RunningProcess {
    let group = ProcessGroup(leader: started.leader)
    LiveProcessGroups.insert(group)
    do throws(SystemError) {
      let exit = try OwnedDescriptor(dxsh_pidfd_open(group.leader))
      let process = RunningProcess(
        self, group, exit: exit.release(), output: started.output.release(), error: started.error.release())
      if let meter { GroupMeasuring.shared.add(group, meter) }
      try watch.add(process)
      return process
    } catch {
      GroupMeasuring.shared.remove(group)
      kill(-group.leader, SIGKILL)
      waitpid(group.leader, nil, 0)
      LiveProcessGroups.remove(group)
      throw NodeFailure(
        "spawn", "\(name) was started, could not be looked after, and was ended: \(error)", isOutcomeUnknown: true)
    }
  }

  /// Starts the program with these as its standard input, output and error; returns its process number, which is its
  /// session's and its group's too.
  private func spawn(
    _ program: String, _ input: borrowing OwnedDescriptor, _ output: borrowing OwnedDescriptor,
    _ error: borrowing OwnedDescriptor
  ) throws(SystemError) -> pid_t {
    let (input, output, error) = (input.number, output.number, error.number)
    var process: pid_t = 0
    let status = withCStrings([program, directory.absolute]) { paths in
      withCStrings(command) { arguments in
        withCStrings(environment.map { "\($0)=\($1)" }) { environment in
          var start = dxsh_start_t(
            program: paths[0], arguments: arguments, environment: environment, directory: paths[1], input: input,
            output: output, error: error)
          return dxsh_start(&start, &process)
        }
      }
    }
    if status != 0 { throw SystemError(status) }
    return process
  }

  /// A name is looked for on the program's own `PATH`; a path is relative to its directory.
  private func executable() throws(NodeFailure) -> String {
    let program = command[0]
    if program.utf8.contains(0x2F) { return try FilePlace(program, in: directory.absolute).absolute }
    guard let found = found(program) else { throw failure(for: SystemError(ENOENT)) }
    return found
  }

  /// Where the `PATH` has a program, as execvp(3) looks for it.
  private func found(_ program: String) -> String? {
    let folders = environment["PATH"] ?? "/bin:/usr/bin"
    for folder in folders.split(separator: ":", omittingEmptySubsequences: false) {
      guard let place = try? FilePlace(folder.isEmpty ? "." : String(folder), in: directory.absolute) else { continue }
      let path = place.absolute + "/" + program
      if !isFolder(path), access(path, X_OK) == 0 { return path }
    }
    return nil
  }

  private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What the system would cut short or misread.
  private func checkTexts() throws(NodeFailure) {
    for argument in command where argument.utf8.contains(0) {
      throw NodeFailure("spawn", "cannot run \(name): the argument \"\(argument)\" holds a NUL")
    }
    for (key, value) in environment {
      let isName = key.utf8.first.map { $0 &- 0x30 > 9 } ?? false
      guard isName, !key.utf8.contains(0x3D), !key.utf8.contains(0) else {
        throw NodeFailure("spawn", "cannot run \(name): \"\(key)\" is no name of an environment variable")
      }
      guard !value.utf8.contains(0) else {
        throw NodeFailure("spawn", "cannot run \(name): the environment variable \(key) holds a NUL")
      }
    }
  }

  private func checkDirectory() throws(NodeFailure) {
    guard isFolder(directory.absolute) else {
      throw NodeFailure("spawn", "cannot run \(name): there is no folder \"\(directory.given)\" to run it in")
    }
    guard access(directory.absolute, X_OK) == 0 else {
      throw NodeFailure("spawn", "cannot run \(name): it may not run in the folder \"\(directory.given)\"")
    }
  }

  /// Why the program did not start.
  private func failure(for error: SystemError) -> NodeFailure {
    let reason =
      switch error.number {
      case ENOENT, ENOTDIR, EACCES: reasonWhyNotFound(error)
      case ENOEXEC: "it is no program; a script begins with a line such as #!/bin/sh"
      case E2BIG: "its arguments and environment are too long"
      case EMFILE: "too many files are open; allow this process more of them (`ulimit -n`), or fewer steps at once"
      case ENOSYS: "Linux 5.3 or newer is needed"
      default: error.description
      }
    return NodeFailure("spawn", "cannot run \(name): \(reason)")
  }

  /// The system has one error number for several reasons.
  private func reasonWhyNotFound(_ error: SystemError) -> String {
    guard command[0].utf8.contains(0x2F), let place = try? FilePlace(command[0], in: directory.absolute) else {
      return "there is no such program on the PATH"
    }
    guard access(place.absolute, F_OK) == 0 else { return "there is no such file" }
    if isFolder(place.absolute) { return "it is a folder" }
    guard access(place.absolute, X_OK) == 0 else { return "the file may not be executed" }
    let program = "the program that its first line names"
    return error.number == EACCES ? "\(program) may not be executed" : "\(program) does not exist"
  }
}

/// Calls `body` with the texts as C has them, and a null pointer behind them.
private func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let copies = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
  defer {
    for index in texts.indices { free(copies[index]) }
    copies.deallocate()
  }
  for (index, text) in texts.enumerated() { (copies + index).initialize(to: strdup(text)) }
  (copies + texts.count).initialize(to: nil)
  return body(copies)
}
