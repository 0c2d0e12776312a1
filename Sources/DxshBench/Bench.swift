import Glibc

/// Measures the built program. Every figure is a ratio or a difference within this run, of whole processes: their CPU
/// time where the work is the program's own, wall time where it waits for a disk or a server. It stands beside its
/// goal; asserted is only what does not depend on the machine.
@main
struct Bench {
  static func main() {
    let program = CommandLine.arguments.dropFirst().first ?? ""
    let folder = Files.folder
    let parts: [(name: String, measure: () -> Void)] = [
      ("parsing", parsing), ("expressions", evaluate), ("json", json), ("cron", cron),
      ("check", { check(program, folder) }), ("optimize", optimizing), ("steps", { steps(program, folder) }),
      ("durable", { durable(program, folder) }), ("resume", { resume(program, 100_000, folder) }),
      ("waiting", { waiting(program, 100_000, due: 10_000, folder) }),
      ("finished", { finished(program, 1_000_000, folder) }), ("http", { http(program, 400, folder) }),
      ("schedule", { schedule(program, folder) }), ("scale", { scale(program, folder) }),
      ("runs", { runs(program, 1_000, folder) }), ("process-mode", { processMode(program, 1_000, folder) }),
      ("processes", { processes(program, 1_000, folder) }),
    ]
    let names = CommandLine.arguments.dropFirst(2)
    guard CommandLine.arguments.count >= 2, names.allSatisfy({ name in parts.contains { $0.name == name } }) else {
      print("usage: dxsh-bench PATH-OF-DXSH [\(parts.map(\.name).joined(separator: "|"))]…")
      exit(2)
    }
    for part in parts where names.isEmpty || names.contains(part.name) { part.measure() }
  }

  private static func steps(_ program: String, _ folder: String) {
    startUp(program)
    for shape in [Shape.chain, .fan, .layers] {
      for count in [100, 1_000, 10_000] { steps(program, shape, count, folder) }
    }
    loop(program, 1_000_000, folder)
  }

  private static func durable(_ program: String, _ folder: String) {
    durableChain(program, 1_000, folder)
    durableFan(program, 10_000, folder)
    durableLoop(program, 100_000, folder)
  }

  private static func startUp(_ program: String) {
    let own = Process.best(of: 20, [program, "version"])
    let floor = Process.best(of: 20, ["/bin/true"])
    print("start-up: dxsh version \(own.wall.milliseconds), true \(floor.wall.milliseconds), ", terminator: "")
    print("\((own.wall / floor.wall).oneDigit) times as long (goal: within 6 ms)")
  }

  private static func steps(_ program: String, _ shape: Shape, _ count: Int, _ folder: String) {
    let path = "\(folder)/\(shape.rawValue)\(count).dxsh"
    Files.write(shape.workflow(count), to: path)
    let empty = Process.best(of: 5, [program, "version"])
    let check = Process.best(of: 5, [program, "check", path])
    let plan = Process.best(of: 5, [program, "plan", path])
    let run = Process.best(of: 5, [program, "exec", "--ephemeral", "--quiet", path])
    let perStep = (check.cpu - empty.cpu) / Double(count)
    let abovePlan = (run.cpu - plan.cpu) / Double(count)
    let aboveCheck = (run.cpu - check.cpu) / Double(count)
    print("\(shape.rawValue) of \(count): check \(perStep.microseconds) of CPU per step (goal 20), ", terminator: "")
    print("\(check.peak >> 10) MiB; exec \(abovePlan.microseconds) per step above plan (goal 5), ", terminator: "")
    print("\(aboveCheck.microseconds) above check, \(run.peak >> 10) MiB")
  }

  private static func loop(_ program: String, _ count: Int, _ folder: String) {
    let path = folder + "/loop.dxsh"
    Files.write(loopWorkflow, to: path)
    let one = folder + "/one.json"
    let many = folder + "/many.json"
    Files.write("{\"items\": [0]}", to: one)
    Files.write(items(count), to: many)
    let small = Process.best(of: 3, [program, "exec", "--ephemeral", "--quiet", path, "--input", "@" + one])
    let large = Process.best(of: 3, [program, "exec", "--ephemeral", "--quiet", path, "--input", "@" + many])
    let perItem = (large.cpu - small.cpu) / Double(count)
    print("for over \(count): \(perItem.microseconds) of CPU per item (goal 3), \(large.peak >> 10) MiB")
  }

  /// Does nothing for each of its `items`.
  static let loopWorkflow = """
    workflow every(items: list<int>) -> int {
      for item in items {
        step echo = debug.echo(value: item)
      }
      output echo.size()
    }

    """

  /// The parameters of a workflow that takes a list of that many `items`.
  static func items(_ count: Int) -> String {
    "{\"items\": [" + (0..<count).map(String.init).joined(separator: ",") + "]}"
  }
}
