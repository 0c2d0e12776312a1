import Glibc

/// What it costs that a run outlives its process: beside a floor that only writes and syncs, and per step.
extension Bench {
  /// A chain is bound by the disk: no step may start before what it needs is durable. It stands beside a program that
  /// appends and syncs as often, round by round, since disks change their mind. Neither opening the store nor planning
  /// the file is a part of either.
  static func durableChain(_ program: String, _ count: Int, _ folder: String) {
    let kinds = [
      (name: "idempotent", clause: "", goal: " (goal: at least 0.8)"),
      (name: "once", clause: " with assume(once, reason: \"the bench\")", goal: ", an intent before each"),
    ]
    var floors: [Double] = []
    var costs: [[StepCost]] = kinds.map { _ in [] }
    for _ in 0..<5 {
      floors.append(Floor.appends(count, in: folder))
      for (number, kind) in kinds.enumerated() {
        costs[number].append(ofSteps(program, count, clause: kind.clause, [], folder))
      }
    }
    print("floor: \(Int(Double(count) / floors.median)) appends of \(Floor.size) bytes with fdatasync a second")
    for (kind, costs) in zip(kinds, costs) {
      // Each beside the floor of its own round.
      let ratios = [\StepCost.abovePlan, \.aboveCheck].map { cost in
        zip(floors, costs).map { $0 / $1[keyPath: cost] }.median.twoDigits
      }
      let rate = Int(Double(count) / costs.map(\.abovePlan).median)
      print("durable chain of \(count), \(kind.name): \(rate) steps a second, ", terminator: "")
      print("\(ratios[0]) of the floor above plan\(kind.goal), \(ratios[1]) above check")
    }
  }

  /// The seconds that the steps of a run take.
  struct StepCost {
    /// Above `dxsh plan`, which also prints the plan: somewhat too little.
    var abovePlan: Double
    /// Above `dxsh check`, so with the making of the plan: somewhat too much.
    var aboveCheck: Double
  }

  /// What the steps of a chain take, without what a run of one step takes.
  static func ofSteps(
    _ program: String, _ count: Int, clause: String = "", _ options: [String], _ folder: String
  ) -> StepCost {
    let costs = [1, count].map { count in
      let path = "\(folder)/chain-of-\(count).dxsh"
      Files.write(Shape.chain.workflow(count, clause: clause), to: path)
      let (plan, check) = (
        Process.best(of: 3, [program, "plan", path]), Process.best(of: 3, [program, "check", path])
      )
      let run = durably(program, [path] + options, folder)
      return StepCost(abovePlan: run.wall - plan.wall, aboveCheck: run.wall - check.wall)
    }
    return StepCost(
      abovePlan: costs[1].abovePlan - costs[0].abovePlan, aboveCheck: costs[1].aboveCheck - costs[0].aboveCheck)
  }

  static func durableFan(_ program: String, _ count: Int, _ folder: String) {
    let path = folder + "/loose.dxsh"
    Files.write(Shape.loose.workflow(count), to: path)
    perStep("durable fan of \(count)", program, [path], count, folder)
  }

  static func durableLoop(_ program: String, _ count: Int, _ folder: String) {
    let path = folder + "/durable-loop.dxsh"
    Files.write(loopWorkflow, to: path)
    let input = folder + "/durable-items.json"
    Files.write(items(count), to: input)
    perStep("durable for over \(count)", program, [path, "--input", "@" + input], count, folder)
  }

  private static func perStep(
    _ name: String, _ program: String, _ arguments: [String], _ count: Int, _ folder: String
  ) {
    let plan = Process.best(of: 3, [program, "plan", arguments[0]])
    let runs = (0..<3).map { _ in durably(program, arguments, folder) }
    let cpu = ((runs.map(\.cpu).min() ?? 0) - plan.cpu) / Double(count)
    let wall = ((runs.map(\.wall).min() ?? 0) - plan.wall) / Double(count)
    print("\(name): \(cpu.microseconds) of CPU per step above plan (goal 25), ", terminator: "")
    print("\(wall.microseconds) of wall time, \((runs.map(\.peak).max() ?? 0) >> 10) MiB, ", terminator: "")
    guard let syncs = syncs(program, arguments, folder) else {
      print("syncs not counted: strace is not installed, or may not trace")
      return
    }
    let each = Double(syncs) / Double(count)
    print("\(syncs) syncs, \((each * 1e5).rounded() / 1e5) per step (goal 0.02)")
  }

  /// Runs a workflow with a store of its own, which is then removed.
  private static func durably(_ program: String, _ arguments: [String], _ folder: String) -> Process {
    let state = folder + "/state"
    defer { Files.remove(state) }
    return Process.run([program, "exec", "--quiet", "--state", state] + arguments)
  }

  /// How often a run asks the disk to be done with it; nil when that cannot be counted.
  private static func syncs(_ program: String, _ arguments: [String], _ folder: String) -> Int? {
    guard Process.output(of: "strace -qq -e trace=fdatasync /bin/true 2>&1 || echo none").isEmpty else { return nil }
    let (state, counts) = (folder + "/state", folder + "/strace")
    defer { Files.remove(state) }
    _ = Process.run(
      ["strace", "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", counts, program, "exec", "--quiet"]
        + ["--state", state] + arguments)
    // A call that another thread interrupts is on two lines; the first has the parenthesis.
    return Files.read(counts).split(separator: "\n").count { $0.contains("sync(") }
  }
}

/// What a durable step cannot be cheaper than: a record at the end of a file, and the disk's word that it is there.
enum Floor {
  /// Bytes of a record.
  static let size = 256

  /// The seconds that it takes to append so many records to a new file, each synced before the next.
  static func appends(_ count: Int, in folder: String) -> Double {
    let path = folder + "/floor"
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
    guard file >= 0 else { exit(1) }
    defer {
      close(file)
      unlink(path)
    }
    let record = [UInt8](repeating: 0x78, count: size)
    let start = Process.now()
    for _ in 0..<count {
      guard write(file, record, record.count) == record.count, fdatasync(file) == 0 else { exit(1) }
    }
    return Process.now() - start
  }
}
