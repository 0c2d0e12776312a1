import Glibc

/// How long it takes to go on with a run that has come far.
extension Bench {
  /// A run of that many steps is killed while its last one blocks, and resumed: what is done is read and folded, and
  /// then the run stops, since nobody knows whether the last step took place.
  static func resume(_ program: String, _ count: Int, _ folder: String) {
    let path = folder + "/resume.dxsh"
    Files.write(
      """
      workflow held(items: list<int>) -> int {
        for item in items {
          step echo = debug.echo(value: item)
        }
        step hold = shell.script(script: ": > begun; while [ -e begun ]; do sleep 0.05; done; : > gone") after echo
        step end = debug.echo(value: echo.size()) after hold
        output end
      }

      """, to: path)
    let input = folder + "/resume.json"
    Files.write(items(count), to: input)
    let state = folder + "/state"
    defer { Files.remove(state) }
    let process = Process.spawn([program, "exec", "--quiet", "--state", state, path, "--input", "@" + input])
    wait(for: folder + "/begun", of: process)
    Process.kill(process)
    let listed = Process.output(of: "'\(program)' runs list --state '\(state)' --format json")
    guard let run = listed.split(separator: "\"").drop(while: { $0 != "run" }).dropFirst(2).first.map(String.init)
    else {
      print("the run that was killed is not listed")
      exit(1)
    }
    // The script has outlived its run.
    unlink(folder + "/begun")
    wait(for: folder + "/gone", of: nil)
    let runs = (0..<3).map { _ in
      Process.run([program, "resume", "--quiet", "--state", state, run], expecting: 4)
    }
    let (wall, peak) = (runs.map(\.wall).min() ?? 0, runs.map(\.peak).max() ?? 0)
    print("resume of \(count) settled steps: \(wall.seconds) (goal 0.3), \(peak >> 10) MiB")
  }

  /// Waits for a file. Ends the bench when the process that is to write it ends before.
  private static func wait(for file: String, of process: pid_t?) {
    while access(file, F_OK) != 0 {
      if let process, waitpid(process, nil, WNOHANG) != 0 {
        print("the run to be resumed ended too early")
        exit(1)
      }
      usleep(1000)
    }
  }
}
