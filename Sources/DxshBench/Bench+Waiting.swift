import Glibc

/// What runs cost that nobody is at: those that wait, and those that have ended.
extension Bench {
  /// `serve` over a store of runs that wait, beside one over an empty store; and how late runs are that become due
  /// all at once.
  static func waiting(_ program: String, _ count: Int, due: Int, _ folder: String) {
    let empty = BenchStore(folder + "/empty", program, "workflow done() {\n}\n")
    let full = BenchStore(folder + "/waiting", program, held("30d"), expecting: 4)
    full.add(count - 1)
    let (small, large) = (idle(program, empty), idle(program, full))
    print(
      "serve with \(count) runs that wait: \(large.wall.milliseconds) until the first that is due has ended",
      terminator: "")
    print(
      ", \(small.wall.milliseconds) with none; idle it takes \((large.kilobytes - small.kilobytes) >> 10) MiB ",
      terminator: "")
    print("more than the \(small.kilobytes >> 10) MiB with none (goal 20)")
    late(program, full, due)
  }

  /// A run that waits so long for a signal that nobody sends.
  private static func held(_ duration: String) -> String {
    "workflow held() {\n  wait told = any { go: signal(\"go\"), over: delay(\(duration)) }\n}\n"
  }

  /// How long `serve` takes from its start until a run that was due has ended, and what it takes then.
  private static func idle(_ program: String, _ store: BenchStore) -> (wall: Double, kilobytes: Int) {
    var walls: [Double] = []
    var sizes: [Int] = []
    for _ in 0..<3 {
      _ = BenchStore(store.folder, program, held("300ms"), expecting: 4)
      usleep(350_000)
      let start = Process.now()
      let process = Process.spawn([program, "serve", "--quiet", "--state", store.folder])
      defer { Process.kill(process) }
      let last = "SELECT count(*) FROM runs WHERE number = (SELECT max(number) FROM runs) AND ended_ms IS NOT NULL"
      while store.integers(last) != [1] { usleep(1000) }
      walls.append(Process.now() - start)
      // What it does after its start.
      sleep(1)
      sizes.append(Process.residentKilobytes(process))
    }
    return (walls.median, sizes.sorted()[sizes.count / 2])
  }

  private static func late(_ program: String, _ store: BenchStore, _ count: Int) {
    _ = BenchStore(store.folder, program, held("10s"), expecting: 4)
    store.add(count - 1)
    guard let due = store.integers("SELECT due_ms FROM runs ORDER BY number DESC LIMIT 1").first else { exit(1) }
    let process = Process.spawn([program, "serve", "--quiet", "--state", store.folder])
    defer { Process.kill(process) }
    while store.integers("SELECT count(*) FROM runs WHERE due_ms = \(due) AND ended_ms IS NULL") != [0] { sleep(1) }
    let lags = store.integers(
      "SELECT ended_ms - \(due) FROM runs WHERE ended_ms >= \(due) ORDER BY 1")
    let (median, late) = (lags[lags.count / 2], lags[lags.count * 99 / 100])
    print("\(lags.count) runs due at once: ended after \(median) ms, p99 \(late) ms (goal 1000)")
  }

  /// A new run in a store of runs that have ended, beside one in an empty store, one after the other.
  static func finished(_ program: String, _ count: Int, _ folder: String) {
    let workflow = "workflow one() -> int {\n  step x = debug.echo(value: 1)\n  output x\n}\n"
    let full = BenchStore(folder + "/finished", program, workflow)
    full.add(count - 1)
    var (small, large): ([Double], [Double]) = ([], [])
    for round in 0..<41 {
      let empty = BenchStore(folder + "/new\(round)", program, workflow)
      let path = full.folder + ".dxsh"
      small.append(Process.run([program, "exec", "--quiet", "--state", empty.folder, path]).wall)
      large.append(Process.run([program, "exec", "--quiet", "--state", full.folder, path]).wall)
      Files.remove(empty.folder)
    }
    let ratio = zip(small, large).map { $1 / $0 }.median
    print(
      "a run beside \(count) that have ended: \(large.median.milliseconds), \(small.median.milliseconds) ",
      terminator: "")
    print("in an empty store, \(ratio.twoDigits) times as long (goal 1.1)")
  }
}
