import DxshPlan
import DxshRuntime
import DxshTime

/// A run whose file changes.
struct MovingRun {
  let run: String
  /// The versions that it is not moved to yet, the next first; empty when it is.
  var targets: [PlannedMove.Target]
  var at: Timestamp
  /// How often somebody tries still.
  var tries = 12
  var mover: SimulatedMover?

  init(_ planned: PlannedMove) {
    run = planned.run
    targets = planned.targets
    at = planned.at
  }

  /// When somebody tries next; nil while somebody does, and when nobody will.
  var next: Timestamp? { mover == nil && !targets.isEmpty && tries > 0 ? at : nil }
}

/// Somebody moves runs to other versions of their files, whatever befalls the processes that carry them out.
extension Simulation {
  /// Starts whose time has come.
  mutating func beginMoving() {
    for index in moving.indices {
      guard let at = moving[index].next, at <= clock.now, let target = moving[index].targets.first else { continue }
      // Where a move has taken place, and nobody heard of it, it is seen.
      let entry = disk.entry(moving[index].run)
      if entry?.state.status.isFinal == true || entry?.run.planHash == target.plan.hash {
        if entry?.run.planHash == target.plan.hash { moves.done += 1 }
        moving[index].targets = []
        continue
      }
      moving[index].tries -= 1
      processCount += 1
      // It makes a few calls of the store.
      let faults = Faults(Dice(dice.next()), count: dice.roll(3), isHasty: false)
      moving[index].mover = SimulatedMover(
        processCount, moving[index].run, to: target, disk, clock, faults, world, isOptimized: isOptimized)
    }
  }

  mutating func goOnMoving(_ index: Int) {
    guard let mover = moving[index].mover else { return }
    mover.runOne(&dice)
    guard let result = mover.result else { return }
    mover.end(&dice)
    moving[index].mover = nil
    moving[index].at = clock.now.after(milliseconds: dice.roll(30_000))
    switch result {
    case .moved:
      moves.done += 1
      moving[index].targets = []
    case .refused:
      moves.refused += 1
      // The file is corrected, or the run goes on for a while.
      if moving[index].targets.count > 1, dice.once(in: 2) { moving[index].targets.removeFirst() }
    case .busy:
      // Somebody has the process that is at it come to an end.
      if dice.once(in: 3), let process = processes.first(where: { disk.owns($0.number, moving[index].run) }) {
        process.drain()
      }
    case .failed: break
    }
  }

  /// A process is gone: what it had is free for a while.
  mutating func moveSoon() {
    for index in moving.indices where moving[index].next != nil {
      if dice.once(in: 2) { moving[index].at = clock.now }
    }
  }

  mutating func endMoving() {
    for index in moving.indices {
      moving[index].mover?.end(&dice)
      moving[index].mover = nil
    }
  }
}
