import Glibc

/// What a finished process cost.
struct Process {
  /// Seconds.
  let wall: Double
  /// Seconds in user and system mode.
  let cpu: Double
  /// The largest resident size, in KiB.
  let peak: Int

  /// The least of each figure over several runs, after one that does not count. Ends the bench when the command fails.
  static func best(of runs: Int, _ command: [String]) -> Process {
    _ = run(command)
    let all = (0..<runs).map { _ in run(command) }
    return Process(
      wall: all.map(\.wall).min() ?? 0, cpu: all.map(\.cpu).min() ?? 0, peak: all.map(\.peak).max() ?? 0)
  }

  /// Runs a command once. Ends the bench when it does not exit with the status that is expected.
  static func run(_ command: [String], expecting expected: Int32 = 0) -> Process {
    let start = now()
    let process = spawn(command, isLoud: expected == 0)
    var status: Int32 = 0
    var usage = rusage()
    wait4(process, &status, 0, &usage)
    let wall = now() - start
    guard status == expected << 8 else {
      print("\(command.joined(separator: " ")) failed")
      exit(1)
    }
    return Process(wall: wall, cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime), peak: usage.ru_maxrss)
  }

  /// Starts a command whose output nobody wants; its errors neither, unless it is loud.
  static func spawn(_ command: [String], isLoud: Bool = true) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    if !isLoud { posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) }
    var arguments = command.map { strdup($0) } + [nil]
    defer {
      posix_spawn_file_actions_destroy(&actions)
      arguments.forEach { free($0) }
    }
    var process = pid_t()
    guard posix_spawnp(&process, command[0], &actions, nil, &arguments, environ) == 0 else {
      print("cannot start \(command[0])")
      exit(1)
    }
    return process
  }

  /// Ends a process at once and waits for its end.
  static func kill(_ process: pid_t) {
    Glibc.kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }

  /// What a process that runs takes of memory, in KiB (proc(5), `VmRSS`).
  static func residentKilobytes(_ process: pid_t) -> Int {
    let line = Files.read("/proc/\(process)/status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first }.flatMap { Int($0) }
      ?? 0
  }

  /// What a shell command prints.
  static func output(of command: String) -> String {
    guard let pipe = popen(command, "r") else { return "" }
    defer { pclose(pipe) }
    return Files.rest(of: pipe)
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}

extension Double {
  var oneDigit: String { "\((self * 10).rounded() / 10)" }
  var milliseconds: String { "\((self * 1e4).rounded() / 10) ms" }
  var microseconds: String { "\((self * 1e7).rounded() / 10) µs" }
  var seconds: String { "\((self * 1e2).rounded() / 100) s" }
  var twoDigits: String { "\((self * 100).rounded() / 100)" }
}

extension [Double] {
  /// The middle one of an odd number of them.
  var median: Double { sorted()[count / 2] }
}

/// Files that the bench makes.
enum Files {
  /// A Python that may have `cel-expr-python`: the environment's CEL_PYTHON, or `python3`.
  static let python = getenv("CEL_PYTHON").map { String(cString: $0) } ?? "python3"

  /// Where they are; removed when the bench exits, however it does.
  static let folder: String = {
    var template = Array("/tmp/dxsh-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { exit(1) }
    atexit { Files.remove(Files.folder) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { exit(1) }
    fputs(text, file)
    fclose(file)
  }

  static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    return rest(of: file)
  }

  /// What can still be read from it.
  static func rest(of file: UnsafeMutablePointer<FILE>) -> String {
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func remove(_ folder: String) {
    _ = system("rm -rf '\(folder)'")
  }
}
