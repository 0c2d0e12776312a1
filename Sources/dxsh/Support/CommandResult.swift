import Glibc

/// What another program printed, and how it ended.
struct CommandResult {
  /// Why it could not be started.
  struct Failure: Error {
    let reason: String
  }

  private let status: Int32
  private let output: [UInt8]
  private let errors: [UInt8]

  /// Runs a program that is found in `PATH`, with no input, and waits for its end. What it prints goes through files
  /// without a name, so that nothing can block.
  init(of program: String, _ arguments: [String]) throws(Failure) {
    let files = [Self.unnamedFile(), Self.unnamedFile()]
    defer { for file in files where file >= 0 { close(file) } }
    guard files.allSatisfy({ $0 >= 0 }) else { throw Failure(reason: SourceLoader.reason()) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, files[0], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, files[1], STDERR_FILENO)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, program, &actions, nil, &words, environ)
    guard failure == 0 else { throw Failure(reason: String(cString: strerror(failure))) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    self.status = status
    output = Self.bytes(of: files[0])
    errors = Self.bytes(of: files[1])
  }

  var isSuccess: Bool { status == 0 }
  var lines: [String] { parts(separatedBy: UInt8(ascii: "\n")) }
  /// The first line that it wrote to its standard error.
  var complaint: String {
    let line = errors.prefix { $0 != UInt8(ascii: "\n") }
    return line.isEmpty ? "it ended with the status \((status >> 8) & 0xFF)" : String(decoding: line, as: UTF8.self)
  }

  func parts(separatedBy separator: UInt8) -> [String] {
    output.split(separator: separator).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A file that is gone when it is closed.
  private static func unnamedFile() -> Int32 {
    let folder = Environment.variables["TMPDIR"] ?? "/tmp"
    var name = Array("\(folder)/dxsh-XXXXXX".utf8CString)
    let file = mkstemp(&name)
    guard file >= 0 else { return file }
    unlink(name)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    return file
  }

  private static func bytes(of file: Int32) -> [UInt8] {
    lseek(file, 0, SEEK_SET)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}
