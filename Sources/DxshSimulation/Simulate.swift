import DxshRuntime
import Glibc
import Synchronization

/// `DxshSimulation COUNT [FIRST]`: simulates seeds; the first that breaks an invariant is printed and ends it with 1.
/// `DxshSimulation --seconds N`: as many as there is time for, beginning with a random one.
/// `DxshSimulation --seed N`: one, with its workflows and what became of them.
@main
struct Simulate {
  static func main() {
    hashAlike()
    SeedOfTrap.watch()
    let arguments = CommandLine.arguments.dropFirst()
    switch (arguments.first, arguments.dropFirst().first.flatMap(UInt64.init)) {
    case ("--seed", let seed?):
      SeedOfTrap.note(seed)
      let report = Simulation.run(seed)
      show(report, withText: true)
      if !report.violations.isEmpty { exit(1) }
    case ("--seconds", let seconds?): carryOut(from: UInt64.random(in: 0...UInt64(UInt32.max)), count: nil, seconds)
    case (let count?, let first): carryOut(from: first ?? 0, count: UInt64(count) ?? 1000, .max)
    default: carryOut(from: 0, count: 1000, .max)
    }
  }

  /// Starts the program again so that the order of sets and dictionaries is the same in every run.
  private static func hashAlike() {
    if getenv("SWIFT_DETERMINISTIC_HASHING") != nil { return }
    setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
    var arguments = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", arguments)
    fatalError("the program cannot be started again: \(errno)")
  }

  /// On all cores, until the count, the time, or a failure.
  private static func carryOut(from first: UInt64, count: UInt64?, _ seconds: UInt64) {
    let started = now()
    let seeds = SeedQueue(from: first, to: count.map { first &+ $0 } ?? .max) { now() - started < seconds }
    for _ in 1..<max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) { seeds.workBeside() }
    seeds.work()
    let result = seeds.result()
    // What a seed comes to may depend on the seeds before it, as their tasks end late: all of it is shown at once.
    for report in result.failed { show(report, withText: true) }
    let found = result.failed.isEmpty ? "no invariant broken" : "broken"
    print(
      "simulated \(result.count) seeds from \(first) in \(now() - started) s: \(result.faults) faults, "
        + "\(result.moved) runs moved, \(result.refused) moves refused, \(result.jobs) jobs, \(found)")
    if !result.failed.isEmpty { exit(1) }
  }

  private static func show(_ report: Simulation.Report, withText: Bool) {
    if withText {
      print(report.text)
      for line in report.journals { print(line) }
    }
    print("seed \(report.seed): \(report.faults) faults, \(report.jobs) jobs")
    for violation in report.violations { print("  \(violation)") }
    if !report.violations.isEmpty { print("  again: DxshSimulation --seed \(report.seed)") }
  }

  /// In seconds, of a clock that does not jump.
  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec)
  }
}

/// Seeds that several threads simulate.
private final class SeedQueue: Sendable {
  struct Progress {
    var next: UInt64
    var failed: [Simulation.Report] = []
    var count = 0
    var faults = 0
    var moved = 0
    var refused = 0
    var jobs = 0
    /// How many threads are at it.
    var working = 0
  }

  private let progress: Mutex<Progress>
  private let end: UInt64
  private let hasTime: @Sendable () -> Bool

  init(from first: UInt64, to end: UInt64, hasTime: @escaping @Sendable () -> Bool) {
    progress = Mutex(Progress(next: first))
    self.end = end
    self.hasTime = hasTime
  }

  /// Returns when nothing is left, or something has failed.
  func work() {
    while let seed = takeNext() {
      SeedOfTrap.note(seed)
      let report = Simulation.run(seed)
      progress.withLock { progress in
        progress.count += 1
        progress.faults += report.faults
        progress.moved += report.moves.done
        progress.refused += report.moves.refused
        progress.jobs += report.jobs
        if !report.violations.isEmpty { progress.failed.append(report) }
      }
    }
  }

  /// The same in a thread of its own.
  func workBeside() {
    progress.withLock { $0.working += 1 }
    let hasStarted = DetachedThread.start { [self] in
      work()
      progress.withLock { $0.working -= 1 }
    }
    if !hasStarted { progress.withLock { $0.working -= 1 } }
  }

  /// Waits for the threads.
  func result() -> Progress {
    while progress.withLock({ $0.working > 0 }) { sched_yield() }
    return progress.withLock { $0 }
  }

  private func takeNext() -> UInt64? {
    progress.withLock { progress in
      guard progress.failed.isEmpty, progress.next < end, hasTime() else { return nil }
      progress.next += 1
      return progress.next - 1
    }
  }
}
