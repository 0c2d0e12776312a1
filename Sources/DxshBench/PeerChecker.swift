import Glibc

/// A checker that `dxsh check` is measured beside, on the same graph in the format that it reads; where it is installed
/// in the virtual environment whose folder, or whose folder of programs, `PEERS` names.
struct PeerChecker {
  let name: String
  /// Stand between its path and that of the file. Whatever else they need is installed or on the net is turned off.
  let arguments: [String]
  let format: GraphFormat
  /// It is given no more steps than this: it fails above, or takes minutes.
  let largest: Int

  static let ruff = PeerChecker(
    name: "ruff", arguments: ["check", "--isolated", "--no-cache", "--exit-zero"], format: .python, largest: 100_000)

  /// Each finds nothing in the graphs, so that nobody pays for printing. Those on GitHub Actions and WDL exit with an
  /// error otherwise. Zizmor refuses 5,000 jobs as "not valid YAML"; miniwdl takes 5 to 15 ms per step of 1,000, and
  /// more for each of 10,000.
  static let all = [
    ruff,
    PeerChecker(name: "ty", arguments: ["check"], format: .python, largest: 10_000),
    PeerChecker(
      name: "actionlint", arguments: ["-shellcheck=", "-pyflakes="], format: .githubActions, largest: 100_000),
    PeerChecker(
      name: "zizmor", arguments: ["--offline", "--no-config", "--no-progress", "-q"], format: .githubActions,
      largest: 1_000),
    PeerChecker(
      name: "miniwdl", arguments: ["check", "--strict", "--suppress", "CommandShellCheck"], format: .wdl,
      largest: 1_000),
  ]

  /// Its program, where it is installed.
  var path: String? {
    guard let folder = getenv("PEERS").map({ String(cString: $0) }) else { return nil }
    return ["\(folder)/bin/\(name)", "\(folder)/\(name)"].first { access($0, X_OK) == 0 }
  }

  /// Seconds of CPU for each step of the graph above the first, so that its start does not count.
  /// - folder: where the graphs are written to
  /// - Returns: nil where it is not installed.
  func perStep(_ shape: Shape, _ count: Int, runs: Int, folder: String) -> Double? {
    guard let all = check(shape, count, runs: runs, twin: "\(folder)/check-\(shape.rawValue)\(count)"),
      let one = check(.loose, 1, runs: 5, twin: "\(folder)/one")
    else { return nil }
    return (all.cpu - one.cpu) / Double(count - 1)
  }

  /// The least that a check of the graph costs, of several runs; of one where that takes more than five seconds.
  /// - twin: where the graph is written to, without an ending
  /// - Returns: nil where it is not installed.
  func check(_ shape: Shape, _ count: Int, runs: Int, twin: String) -> Process? {
    guard let path else { return nil }
    let file = "\(twin).\(format.rawValue)"
    Files.write(format.text(shape, count), to: file)
    let command = [path] + arguments + [file]
    let first = Process.run(command)
    return first.wall > 5 ? first : Process.best(of: runs, command)
  }
}
