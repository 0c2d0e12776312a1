import DxshCompiler
import DxshPlan
import DxshRuntime
import DxshTime
import Synchronization

/// A process that moves a run to another version of its file, as `dxsh runs migrate` does; the store may fail it, and
/// it may die in it.
final class SimulatedMover {
  enum Result {
    case moved, refused
    /// Another process has the run.
    case busy
    /// It has died, or the store failed.
    case failed
  }

  private final class Found: Sendable {
    private let value = Mutex<Result?>(nil)
    var result: Result? { value.withLock { $0 } }
    func put(_ result: Result) { value.withLock { $0 = result } }
  }

  private let number: Int
  private let executor = SeededExecutor()
  private let store: SimulatedStore
  private let clock: VirtualClock
  private let found = Found()

  /// - faults: what befalls it alone
  init(
    _ number: Int, _ run: String, to target: PlannedMove.Target, _ disk: SimulatedDisk, _ clock: VirtualClock,
    _ faults: Faults, _ world: World, isOptimized: Bool
  ) {
    self.number = number
    self.clock = clock
    let store = SimulatedStore(number, disk, clock, faults)
    self.store = store
    let process = ProcessClock(clock: clock, process: number)
    let surroundings = Self.surroundings(NodeRegistry(world.nodes(of: store)), process, isOptimized: isOptimized)
    let move = RunMove(of: run, to: target.plan, target.names, surroundings)
    disk.beat(number)
    let found = found
    executor.within {
      Task {
        do throws(RunStoreError) {
          let change = try await move.carryOut(in: store, clock: process)
          found.put(change.map { $0.verdict == .compatible ? .moved : .refused } ?? .busy)
          // Nobody has done anything since.
          for violation in change.map({ target.broken($0, disk.entry(run), by: number) }) ?? [] {
            world.note("\(run): \(violation)")
          }
        } catch {
          found.put(.failed)
        }
      }
    }
  }

  private static func surroundings(
    _ registry: NodeRegistry, _ clock: ProcessClock, isOptimized: Bool
  ) -> RunInspection.Surroundings {
    let context = NodeContext(
      clock: clock, directory: "/", environment: [:], artifacts: "/dev/null/files", log: { _ in })
    return RunInspection.Surroundings(
      inspect: { plan, history, run throws(HostFailure) in
        do {
          let bound = try BoundPlan((isOptimized ? optimize(plan).plan : plan).validated(), registry: registry)
          let engine = Engine(bound, history: history, runID: run, context: context, store: InMemoryRunStore())
          return try await engine.inspect()
        } catch {
          throw HostFailure("\(error)")
        }
      },
      obstacle: { _ in nil }, readsResult: { plan, path in plan.readsResult(of: path) })
  }

  var canRun: Bool { !executor.isIdle }

  /// It says that it lives.
  func beat() { store.disk.beat(number) }

  func runOne(_ dice: inout Dice) { _ = executor.runOne(&dice) }

  /// What came of it; nil while it is at it.
  var result: Result? { store.isDead ? .failed : executor.isIdle ? found.result : nil }

  /// Whatever it still does reaches nobody.
  func end(_ dice: inout Dice) {
    store.die()
    clock.end(number)
    for _ in 0..<100_000 where !executor.runOne(&dice) { return }
  }
}

extension PlannedMove.Target {
  /// 25 and 26 of `Invariants`, when a process has moved a run here, or was refused that.
  fileprivate func broken(_ change: RunChange, _ entry: SimulatedDisk.Entry?, by process: Int) -> [String] {
    guard let entry else { return ["does not exist"] }
    let isMoved = change.verdict == .compatible
    let words = change.findings.map(\.message).joined(separator: "; ")
    var broken: [String] = []
    if entry.writers.count(where: { $0 == process }) != (isMoved ? 1 : 0) {
      broken.append(isMoved ? "moved without a batch" : "written by who was refused to move it")
    }
    if isMoved, entry.run.planHash != plan.hash { broken.append("moved, and has another plan") }
    let events = isMoved ? entry.names.unmoved ?? [] : entry.events
    if isMoved, let obstacle = version.obstacles.first(where: { $0.stands(events, entry) }) {
      broken.append("moved although \(obstacle)")
    }
    // Of a run that is failing, what was undone would be done again.
    let isFailing = events.contains { $0.path == "doom" }
    if !isMoved, version.isHarmless, !isFailing, !change.findings.allSatisfy(\.isCareful) {
      broken.append("not moved: \(words)")
    }
    return broken
  }
}

extension FileVersion.Obstacle {
  /// - events: before the move
  fileprivate func stands(_ events: [RecordedEvent], _ entry: SimulatedDisk.Entry) -> Bool {
    switch self {
    case .always: true
    // What was undone before the run was reopened will be done again, or not.
    case .tookPlace(let path):
      StandingEvents(events).indices.contains { events[$0].path == path && events[$0].isCompletion }
    case .waits(let path): !entry.isCancelled && !events.contains { $0.path == path || $0.path == "doom" }
    }
  }
}

extension RunChange.Finding {
  /// Said by `Trial`, which is careful: where an optimizer has moved a pure step out of a loop, or the call of a
  /// workflow was repeated, it does not always see that what was done is wanted.
  fileprivate var isCareful: Bool { verdict == .needsMigration && message.hasSuffix("end first") }
}
