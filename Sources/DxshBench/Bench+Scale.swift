import DxshSQLite
import Glibc

/// How what a step costs grows, and what many runs and many processes cost beside their floors.
extension Bench {
  // MARK: - Growth

  /// Chains in memory, each ten times as long as the one before: what a step costs in all, above a process that does
  /// nothing, and what running costs above checking the same file, which running does first.
  static func scale(_ program: String, _ folder: String) {
    let empty = Process.best(of: 9, [program, "version"])
    var first: Double?
    for count in [1_000, 10_000, 100_000, 1_000_000] {
      let path = "\(folder)/scale\(count).dxsh"
      Files.write(Shape.chain.workflow(count), to: path)
      defer { unlink(path) }
      let rounds = max(2, min(9, 100_000 / count))
      let costs = [["check"], ["plan"], ["exec", "--ephemeral", "--quiet"]].map { command in
        Process.best(of: rounds, [program] + command + [path])
      }
      let perStep = (costs[2].cpu - empty.cpu) / Double(count)
      let growth = (perStep / (first ?? perStep) - 1) * 100
      first = first ?? perStep
      let above = costs.map { ((costs[2].cpu - $0.cpu) / Double(count)).microseconds }
      print("chain of \(count) in memory: \(perStep.microseconds) of CPU per step, check included, ", terminator: "")
      print("\(growth.oneDigit) % more than of 1000 (goal 20); ", terminator: "")
      print("\(above[0]) above check (goal 3), \(above[1]) above plan, \(costs[2].peak >> 10) MiB", terminator: "")
      print(count == 100_000 ? " (goal 120 MB, 114 MiB)" : "")
    }
  }

  // MARK: - Many runs

  /// Runs of ten steps that become due all at once, beside one run of a chain: together they share the disk's syncs.
  static func runs(_ program: String, _ count: Int, _ folder: String) {
    let chain = folder + "/runs-chain.dxsh"
    Files.write(Shape.chain.workflow(1_000), to: chain)
    let length = 10
    var lines = ["workflow ten() -> int {", "  wait go = any { told: signal(\"go\"), over: delay(4s) }"]
    for step in 0..<length {
      lines.append("  step s\(step) = debug.echo(value: \(step == 0 ? "0" : "s\(step - 1)")) after go")
    }
    lines += ["  output s\(length - 1)", "}", ""]
    var ratios: [Double] = []
    var rates: [Double] = []
    for round in 0..<3 {
      let state = "\(folder)/runs-state"
      let alone = Process.run([program, "exec", "--quiet", "--state", state, chain]).wall / 1_000
      Files.remove(state)
      let store = BenchStore("\(folder)/runs\(round)", program, lines.joined(separator: "\n"), expecting: 4)
      store.add(count - 1)
      guard let due = store.integers("SELECT due_ms FROM runs ORDER BY number DESC LIMIT 1").first else { exit(1) }
      let process = Process.spawn([program, "serve", "--quiet", "--state", store.folder])
      while store.integers("SELECT count(*) FROM runs WHERE ended_ms IS NULL") != [0] { usleep(200_000) }
      Process.kill(process)
      let ended = store.integers("SELECT max(ended_ms) FROM runs").first ?? due
      Files.remove(store.folder)
      let perStep = Double(ended - due) / 1e3 / Double(count * length)
      rates.append(1 / perStep)
      ratios.append(alone / perStep)
    }
    print("\(count) runs of \(length) steps, due at once: \(Int(rates.median)) steps a second, ", terminator: "")
    print("\(ratios.median.oneDigit) times the rate of a chain of 1000 (goal 10)")
  }

  /// In the mode that outlives the process alone, beside a program that commits as often, one row at a time.
  static func processMode(_ program: String, _ count: Int, _ folder: String) {
    let ratios = (0..<5).map { _ in
      let floor = Floor.commits(count, in: folder)
      let cost = ofSteps(program, count, ["--durability", "process"], folder)
      return (abovePlan: cost.abovePlan / floor, aboveCheck: cost.aboveCheck / floor)
    }
    let (abovePlan, aboveCheck) = (ratios.map(\.abovePlan).median, ratios.map(\.aboveCheck).median)
    print(
      "durable chain of \(count) in mode process: above plan \(abovePlan.twoDigits) times as long as ", terminator: "")
    print("so many commits of SQLite (WAL, NORMAL; goal 1.5), above check \(aboveCheck.twoDigits)")
  }

  // MARK: - Processes

  /// Steps that each run `true`, two at a time, beside ninja.
  static func processes(_ program: String, _ count: Int, _ folder: String) {
    guard Process.output(of: "command -v ninja").isEmpty == false else {
      return print("\(count) processes: not measured beside ninja, which is not installed")
    }
    let path = folder + "/processes.dxsh"
    var lines = ["workflow many() {"]
    for step in 0..<count { lines.append("  step s\(step) = shell.run(command: [\"true\"])") }
    Files.write((lines + ["}", ""]).joined(separator: "\n"), to: path)
    let build = folder + "/build.ninja"
    let edges = (0..<count).map { "build s\($0): t" }.joined(separator: "\n")
    Files.write("rule t\n  command = true\n\(edges)\n", to: build)
    let plan = Process.best(of: 3, [program, "plan", path])
    var ratios: [Double] = []
    var walls: [Double] = []
    for _ in 0..<5 {
      let ninja = Process.run(["ninja", "-j2", "--quiet", "-C", folder])
      unlink(folder + "/.ninja_log")
      unlink(folder + "/.ninja_deps")
      let own = Process.run([program, "exec", "--ephemeral", "--quiet", "--max-parallel", "2", path])
      ratios.append((own.wall - plan.wall) / ninja.wall)
      walls.append(own.wall)
    }
    print("\(count) processes, two at a time: \((walls.median / Double(count)).microseconds) each, ", terminator: "")
    print("above plan \(ratios.median.twoDigits) times as long as ninja -j2 (goal 1.1)")
  }
}

extension Floor {
  /// The seconds that it takes to commit so many rows to a new database, each in a transaction of its own.
  static func commits(_ count: Int, in folder: String) -> Double {
    let path = folder + "/commits.sqlite"
    defer { for ending in ["", "-wal", "-shm"] { unlink(path + ending) } }
    do {
      let database = try SQLiteConnection(path, .create, busyTimeout: 0)
      try database.execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE rows (number INTEGER PRIMARY KEY, bytes)")
      let insert = try database.prepare("INSERT INTO rows (bytes) VALUES (zeroblob(\(size)))")
      let start = Process.now()
      for _ in 0..<count {
        _ = try insert.step()
        insert.reset()
      }
      return Process.now() - start
    } catch {
      print("the database of the bench: \(error)")
      exit(1)
    }
  }
}
