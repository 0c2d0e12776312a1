import DxshCompiler
import DxshPlan
import DxshRuntime
import DxshTime
import Synchronization

/// A process that goes on with the runs of a store: a real `RunHost` with real engines, whose jobs the simulation runs.
final class SimulatedProcess {
  let number: Int
  let executor = SeededExecutor()
  let store: SimulatedStore
  private let clock: VirtualClock
  private let host: RunHost
  let resources: ResourceManager
  private let hasEnded = Ended()
  /// Until when it does nothing, as after SIGSTOP.
  private(set) var stoppedUntil: Timestamp?

  private final class Ended: Sendable {
    private let flag = Mutex(false)
    var isSet: Bool { flag.withLock { $0 } }
    func set() { flag.withLock { $0 = true } }
  }

  init(
    _ number: Int, _ disk: SimulatedDisk, _ clock: VirtualClock, _ faults: Faults, _ world: World, isOptimized: Bool
  ) {
    self.number = number
    self.clock = clock
    store = SimulatedStore(number, disk, clock, faults)
    let registry = NodeRegistry(world.nodes(of: store))
    let process = ProcessClock(clock: clock, process: number)
    let surroundings = RunHost.Surroundings(
      bind: { plan throws(HostFailure) in
        do {
          return (try BoundPlan((isOptimized ? optimize(plan).plan : plan).validated(), registry: registry), [])
        } catch {
          throw HostFailure("\(error)")
        }
      },
      context: { _, _ in
        NodeContext(clock: process, directory: "/", environment: [:], artifacts: "/dev/null/files", log: { _ in })
      })
    resources = ResourceManager(.init(cpu: Int(World.cores) * 1000, memory: World.memory))
    host = RunHost(
      store: store, clock: process, surroundings: surroundings, resources: resources,
      pause: TimeSpan(nanoseconds: 20_000_000_000)
    ) { run, news in
      if case .quarantined(let why) = news { world.note("\(run) was quarantined: \(why)") }
    }
    disk.beat(number)
    let (host, ended) = (host, hasEnded)
    executor.within {
      Task {
        // A store that fails ends the process; another takes its place.
        try? await host.run()
        ended.set()
      }
    }
  }

  /// Whether it has ended by itself, or has died.
  var isOver: Bool { store.isDead || hasEnded.isSet && executor.isIdle }

  var isStopped: Bool { stoppedUntil != nil }
  var canRun: Bool { !isStopped && !executor.isIdle }

  // MARK: - Stopping

  /// Lets what is under way end, and begins nothing more.
  func drain() {
    let host = host
    executor.within { Task { await host.drain() } }
  }

  func stop(until time: Timestamp) {
    stoppedUntil = time
  }

  /// Lets it go on. It has lost its lease if it was silent for as long, however often it was stopped meanwhile.
  func wake() {
    if store.disk.isSilent(number) { store.noteLapse() }
    stoppedUntil = nil
  }

  /// Ends it at once; what its tasks still do reaches nobody. False when they do not end.
  func kill(_ dice: inout Dice) -> Bool {
    store.die()
    clock.end(number)
    let host = host
    executor.within { Task { await host.drain() } }
    for _ in 0..<200_000 where !executor.runOne(&dice) { return true }
    return false
  }
}
