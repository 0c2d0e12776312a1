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

  private static func run(_ command: [String]) -> Process {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    let start = now()
    var process = pid_t()
    guard posix_spawn(&process, command[0], &actions, nil, &arguments, environ) == 0 else {
      print("cannot start \(command[0])")
      exit(1)
    }
    posix_spawn_file_actions_destroy(&actions)
    var status: Int32 = 0
    var usage = rusage()
    wait4(process, &status, 0, &usage)
    let wall = now() - start
    guard status == 0 else {
      print("\(command.joined(separator: " ")) failed")
      exit(1)
    }
    return Process(wall: wall, cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime), peak: usage.ru_maxrss)
  }

  private static func now() -> Double {
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
}

/// Files that the bench makes.
enum Files {
  static func temporaryFolder() -> String {
    var template = Array("/tmp/dxsh-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { exit(1) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { exit(1) }
    fputs(text, file)
    fclose(file)
  }

  static func remove(_ folder: String) {
    _ = system("rm -rf '\(folder)'")
  }
}
