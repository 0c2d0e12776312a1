import DxshRuntime
import Glibc
import Subprocess
import SystemPackage

extension ChildProcess {
  /// What the system is asked for. Throws `spawn` for what it would refuse in words that no author understands, or
  /// silently cut short.
  func configuration() throws(NodeFailure) -> Configuration {
    try checkDirectory()
    try checkTexts()
    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: patience)
    ]
    let executable = try executable()
    return Configuration(
      executable: executable,
      arguments: Arguments(executablePathOverride: command[0], remainingValues: Array(command.dropFirst())),
      environment: .custom(
        Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })),
      workingDirectory: FilePath(directory.absolute), platformOptions: options)
  }

  /// A name is looked for on the program's own `PATH`; a path is relative to its directory.
  private func executable() throws(NodeFailure) -> Executable {
    let program = command[0]
    guard program.utf8.contains(0x2F) else { return found(program).map { .path(FilePath($0)) } ?? .name(program) }
    return .path(FilePath(try FilePlace(program, in: directory.absolute).absolute))
  }

  /// Where the `PATH` has a program, as execvp(3) looks for it. The library would start a process for each folder.
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
  }

  /// Why the program did not start, or could not be watched.
  func failure(for error: SubprocessError) -> NodeFailure {
    NodeFailure("spawn", "cannot run \(name): \(reason(for: error))")
  }

  private func reason(for error: SubprocessError) -> String {
    switch (error.code, error.underlyingError) {
    case (.executableNotFound, _), (.spawnFailed, .noSuchFileOrDirectory?), (.spawnFailed, .notDirectory?),
      (.spawnFailed, .permissionDenied?):
      return reasonWhyNotFound
    case (.spawnFailed, .execFormatError?):
      return "it is no program; a script begins with a line such as #!/bin/sh"
    case (.spawnFailed, .argListTooLong?):
      return "its arguments and environment are too long"
    case (.failedToChangeWorkingDirectory, _):
      return "it may not run in the folder \"\(directory.given)\""
    case (_, let underlying?): return underlying.description
    case (_, nil): return "\(error)"
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
