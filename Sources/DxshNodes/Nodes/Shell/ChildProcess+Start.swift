import CDxshProcess
import DxshRuntime
import Glibc

extension ChildProcess {
  /// Throws `spawn` for what the system refuses, and for what it would refuse in words that no author understands, or
  /// silently cut short.
  func start() throws(NodeFailure) -> RunningProcess {
    try checkDirectory()
    try checkTexts()
    let program = try executable()
    do throws(SystemError) {
      return try start(program)
    } catch {
      throw NodeFailure("spawn", "cannot run \(name): \(reason(for: error))")
    }
  }

  private func start(_ program: String) throws(SystemError) -> RunningProcess {
    guard let watch = ProcessWatch.shared else { throw SystemError(EAGAIN) }
    let output = try Pipe()
    let error = try Pipe()
    let leader = try spawn(program, StandardInput.open(holding: input), output.writer, error.writer)
    do throws(SystemError) {
      let exit = try OwnedDescriptor(dxsh_pidfd_open(leader))
      let process = RunningProcess(
        self, ProcessGroup(leader: leader), exit: exit.release(), output: output.reader.release(),
        error: error.reader.release())
      try watch.add(process)
      return process
    } catch {
      kill(-leader, SIGKILL)
      waitpid(leader, nil, 0)
      throw error
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
    // What is found nowhere is left to the system, to say so.
    guard program.utf8.contains(0x2F) else { return found(program) ?? program }
    return try FilePlace(program, in: directory.absolute).absolute
  }

  /// Where the `PATH` has a program, as execvp(3) looks for it.
  private func found(_ program: String) -> String? {
    guard let folders = environment["PATH"] else { return nil }
    for folder in folders.split(separator: ":", omittingEmptySubsequences: false) {
      guard let place = try? FilePlace(folder.isEmpty ? "." : String(folder), in: directory.absolute) else { continue }
      let path = place.absolute + "/" + program
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 { return path }
    }
    return nil
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
    var status = stat()
    guard stat(directory.absolute, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw NodeFailure("spawn", "cannot run \(name): there is no folder \"\(directory.given)\" to run it in")
    }
    guard access(directory.absolute, X_OK) == 0 else {
      throw NodeFailure("spawn", "cannot run \(name): it may not run in the folder \"\(directory.given)\"")
    }
  }

  /// Why the program did not start, or could not be watched.
  private func reason(for error: SystemError) -> String {
    switch error.number {
    case ENOENT, ENOTDIR, EACCES: reasonWhyNotFound
    case ENOEXEC: "it is no program; a script begins with a line such as #!/bin/sh"
    case E2BIG: "its arguments and environment are too long"
    case ENOSYS: "Linux 5.3 or newer is needed"
    default: error.description
    }
  }

  /// The system has one error number for several reasons.
  private var reasonWhyNotFound: String {
    guard command[0].utf8.contains(0x2F), let place = try? FilePlace(command[0], in: directory.absolute) else {
      return "there is no such program on the PATH"
    }
    guard access(place.absolute, F_OK) == 0 else { return "there is no such file" }
    guard access(place.absolute, X_OK) == 0 else { return "the file may not be executed" }
    return "the program that its first line names does not exist"
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
