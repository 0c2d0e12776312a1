/// Checking whole files with an import, by the steps that they have; beside the other checkers that are installed, on
/// the same graphs.
extension Bench {
  static func check(_ program: String, _ folder: String) {
    Files.write(sharedFile, to: folder + "/shared.dxsh")
    oneStep(program, folder)
    for shape in [Shape.chain, .fan, .layers] {
      for count in [1_000, 10_000, 100_000] { check(program, shape, count, folder) }
    }
  }

  private static func oneStep(_ program: String, _ folder: String) {
    let path = folder + "/one.dxsh"
    Files.write(workflow(.loose, 1), to: path)
    let own = Process.best(of: 20, [program, "check", path])
    print("check of one step, cold: \(own.wall.milliseconds)", terminator: "")
    if let other = PeerChecker.ruff.check(.loose, 1, runs: 20, twin: folder + "/one") {
      print(
        ", ruff \(other.wall.milliseconds): \((own.wall / other.wall).oneDigit) times as long (goal 1.5)",
        terminator: "")
    }
    print("")
  }

  private static func check(_ program: String, _ shape: Shape, _ count: Int, _ folder: String) {
    let path = "\(folder)/check-\(shape.rawValue)\(count).dxsh"
    let text = workflow(shape, count)
    Files.write(text, to: path)
    let runs = count > 10_000 ? 3 : 5
    let empty = Process.best(of: 5, [program, "version"])
    let own = Process.best(of: runs, [program, "check", path])
    let perStep = (own.cpu - empty.cpu) / Double(count)
    let speed = Double(text.utf8.count) / 1e6 / own.wall
    let memory = Double(own.peak - empty.peak) * 1024 / Double(count) / 1e3
    print(
      "check, \(shape.rawValue) of \(count): \(perStep.microseconds) of CPU per step (goal 10, at most 20), ",
      terminator: "")
    print(
      "\(own.wall.seconds), \(speed.oneDigit) MB/s, \(own.peak >> 10) MiB, \(memory.oneDigit) kB per step",
      terminator: "")
    for peer in PeerChecker.all where peer.path != nil { print(beside(peer, shape, count, folder), terminator: "") }
    print("")
    // The same once more after a change of one line: nothing is kept between checks.
    Files.write(text.replacing("value: 0)", with: "value: 1)"), to: path)
    let again = Process.best(of: runs, [program, "check", path])
    print("  after a change of one line \(again.wall.seconds)")
  }

  private static func beside(_ peer: PeerChecker, _ shape: Shape, _ count: Int, _ folder: String) -> String {
    guard count <= peer.largest else { return "; \(peer.name) only up to \(peer.largest)" }
    let perStep = peer.perStep(shape, count, runs: count > 10_000 ? 3 : 5, folder: folder)
    return perStep.map { "; \(peer.name) \($0.microseconds)" } ?? ""
  }

  private static let sharedFile = """
    /// What something costs.
    type Price = { net: double, rate: double, note: string? }

    const limit = 1000

    func gross(price: Price) -> double = price.net * (1.0 + price.rate)

    """

  /// The graph, with expressions as authors write them beside it.
  private static func workflow(_ shape: Shape, _ count: Int) -> String {
    var lines = shape.workflow(count, clause: " with timeout(30s), retry(3, backoff: fixed(1s))")
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[0] = "import \"./shared.dxsh\" { Price, gross, limit }\n\n" + lines[0]
    var step = 0
    for index in lines.indices where lines[index].hasPrefix("  step ") {
      if step.isMultiple(of: 4) {
        lines[index] +=
          "\n  let price\(step): Price = { net: double(s\(step)), rate: 0.19, note: \"no. ${s\(step)}\" }"
          + "\n  assert gross(price\(step)) >= 0.0 && s\(step) < limit, \"${s\(step)} is over ${limit}\""
      }
      step += 1
    }
    return lines.joined(separator: "\n")
  }
}
