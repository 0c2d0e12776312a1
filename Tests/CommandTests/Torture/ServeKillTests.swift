import DxshTestSupport
import Glibc
import Testing

/// `kill -9` and SIGSTOP of processes that have 20 runs under way on one store. `make torture` sets DXSH_SERVE_ROUNDS;
/// without it a few rounds are run. DXSH_KILL_SEED names the only round to be made.
@Suite(.serialized) struct ServeKillTests {
  static let isTorture = number("DXSH_SERVE_ROUNDS") != nil
  static let seeds = number("DXSH_KILL_SEED").map { [$0] } ?? Array(0..<(number("DXSH_SERVE_ROUNDS") ?? 5))
  static let stops = isTorture ? Array(seeds.prefix(seeds.count / 10 + 1)) : Array(seeds.prefix(1))

  private static func number(_ variable: String) -> UInt64? {
    getenv(variable).flatMap { UInt64(String(cString: $0)) }
  }

  @Test(arguments: seeds)
  func noEffectIsLostOrRepeated(_ seed: UInt64) async throws {
    let (plan, runs) = (KillPlan(seed: seed), ManyRuns())
    var findings = ManyRuns.Findings()
    try await carryOut(plan, on: runs, &findings)
    let left = runs.goingOn
    try await report(runs, findings, "\(plan); \(left) runs were left")
  }

  private func carryOut(_ plan: KillPlan, on runs: ManyRuns, _ findings: inout ManyRuns.Findings) async throws {
    var kills = plan.kills[...]
    if plan.leavesAtOnce {
      runs.leaveAll()
    } else if let first = kills.popFirst() {
      let programs = runs.keys.map(runs.begin)
      first.wait(runs) { programs.allSatisfy(\.hasEnded) }
      end(programs)
    }
    let marker = runs.folder.path + "/other"
    let second = plan.hasSecond ? runs.serve(["--max-runs", "10"], name: "second", marker: marker) : nil
    for (number, moment) in kills.enumerated() {
      // A person looks after each kill, so that the runs get further than to their first step of unknown outcome.
      try await runs.settle(&findings)
      let program = runs.serve(["--once", "--max-runs", "20"], name: "first-\(number)")
      moment.wait(runs) { program.hasEnded }
      end([program])
    }
    guard let second else { return }
    kill(second.process, plan.killsSecond ? SIGKILL : SIGTERM)
    let code = second.wait()
    // One that has only just begun, and has said nothing yet, may be told to end before it listens.
    let isSilent = Repository.read(runs.folder.path + "/second.errors")?.isEmpty != false
    let expected = plan.killsSecond ? 128 + SIGKILL : code == 128 + SIGTERM && isSilent ? code : 0
    #expect(code == expected, "\(plan)")
    ChildProgram.waitForOrphans(marker)
  }

  private func end(_ programs: [ChildProgram]) {
    for program in programs { program.kill() }
    for program in programs { _ = program.wait() }
  }

  /// A process that stands still for longer than its lease loses its runs to another, and changes nothing when it goes
  /// on.
  @Test(arguments: stops)
  func aStoppedProcessChangesNothing(_ seed: UInt64) async throws {
    var random = SeededGenerator(seed ^ 0x57_0B)
    let runs = ManyRuns()
    runs.leaveAll()
    // Once it has gone on with some.
    let moment = KillPlan.Moment(
      lines: runs.progress + Int.random(in: 1...(ManyRuns.lineCount / 2), using: &random),
      spins: Int.random(in: 0..<2_000_000, using: &random))
    let stopped = runs.serve(["--lease", "1"], name: "stopped")
    moment.wait(runs) { stopped.hasEnded || runs.goingOn == 0 }
    // One that stands still in the middle of a write holds everybody up until it goes on.
    stopped.stop()
    while runs.isLocked, !stopped.hasEnded {
      let next = KillPlan.Moment(lines: runs.progress + 1, spins: moment.spins)
      kill(stopped.process, SIGCONT)
      next.wait(runs) { stopped.hasEnded || runs.goingOn == 0 }
      stopped.stop()
    }
    let hadRuns = runs.goingOn > 0
    let other = runs.serve(["--lease", "1"], name: "other.out", marker: runs.folder.path + "/other")
    while runs.goingOn > 0, !other.hasEnded { sched_yield() }
    ChildProgram.waitForOrphans(runs.marker, except: stopped.process)
    let journals = runs.journals
    kill(stopped.process, SIGCONT)
    // It says so of each run that it had; then it is told to end.
    let said = runs.folder.path + "/stopped.errors"
    let sentence = "another process goes on with it"
    while hadRuns, Repository.read(said)?.contains(sentence) != true, !stopped.hasEnded { sched_yield() }
    for program in [stopped, other] { kill(program.process, SIGTERM) }
    let codes = [stopped.wait(), other.wait()]
    let message = "seed \(seed), stopped at \(moment.lines) lines and \(moment.spins) spins"
    // One that was begun when nothing was left to do may be told to end before it listens.
    #expect(codes == [0, 0] || !hadRuns && codes == [0, 128 + SIGTERM], "\(message)")
    #expect(runs.journals == journals, "\(message)")
    try await report(runs, ManyRuns.Findings(), message)
  }

  /// Brings all to its end; keeps the folder of a round that failed.
  private func report(_ runs: ManyRuns, _ before: ManyRuns.Findings, _ what: String) async throws {
    var findings = before
    try await runs.finish(&findings)
    let repeated = runs.lines.values.reduce(0) { $0 + $1 - 1 }
    if Self.isTorture {
      print("\(what); \(findings.indeterminate) steps were settled, \(repeated) of those that may be were repeated")
    }
    if findings.violations.isEmpty { return }
    let kept = "\(Repository.root)/.build/torture-\(getpid())-\(runs.folder.path.split(separator: "-").last ?? "")"
    _ = Program.shell("cp -r '\(runs.folder.path)' '\(kept)'")
    Issue.record(
      """
      \(what)
      \(findings.violations.joined(separator: "\n"))
      The folder is kept as \(kept); again: DXSH_KILL_SEED=… make torture, with that seed
      """)
  }
}
