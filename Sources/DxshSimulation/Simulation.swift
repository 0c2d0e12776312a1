import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshSyntax
import DxshTime

/// Some runs of random workflows on one store, with one or two processes and whatever befalls them; the same in every
/// run of a seed, as long as hashes are (SWIFT_DETERMINISTIC_HASHING=1).
package struct Simulation {
  /// What came of it.
  package struct Report: Sendable {
    package let seed: UInt64
    /// What did not hold, in words; empty if all did.
    package let violations: [String]
    /// How many faults there were.
    package let faults: Int
    /// How many runs were moved to another version of their file, and how often one was refused that.
    package var moves = (done: 0, refused: 0)
    /// How many jobs were run.
    package let jobs: Int
    /// The workflows.
    package let text: String
    /// What their journals say where something did not hold, an event a line.
    package var journals: [String] = []
  }

  static let start = Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch
  /// What runs longer is stuck, and a run whose journal gets longer goes round in circles.
  private static let limit = (jobs: 2_000_000, seconds: 3 * 86_400, events: 4000)

  struct Planned {
    let at: Timestamp
    let run: String
    let message: RunMessage
  }

  var dice: Dice
  let clock = VirtualClock(Self.start)
  let disk: SimulatedDisk
  let world: World
  let faults: Faults
  let ids: [String]
  let invariants: Invariants
  let isOptimized: Bool
  /// What is sent from outside, the next last.
  var planned: [Planned]
  var processes: [SimulatedProcess] = []
  private var restarts: [Timestamp] = []
  var processCount = 0
  /// The runs whose files change.
  var moving: [MovingRun]
  /// How many were moved, and how often one was refused that.
  var moves = (done: 0, refused: 0)
  private var jobs = 0
  private let isDisturbed: Bool
  /// Signals that were sent to runs that had ended.
  var undelivered: [Planned] = []

  /// What happens with a seed.
  package static func run(_ seed: UInt64) -> Report {
    var dice = Dice(seed)
    let workflows = (0..<(1 + dice.roll(2))).map { _ in RandomWorkflow(Dice(dice.next())) }
    var text = workflows.map(\.text).joined(separator: "\n")
    var runs: [(RandomWorkflow, Plan)] = []
    var move: PlannedMove?
    do throws(RandomWorkflow.Mistakes) {
      for workflow in workflows { runs.append((workflow, try RandomWorkflow.plan(of: workflow.text).plan)) }
      // With dice of its own: where no file changes, all is as it is without them.
      move = try PlannedMove(of: workflows, Dice(seed ^ 2))
    } catch {
      return Report(seed: seed, violations: error.messages, faults: 0, jobs: 0, text: text)
    }
    let isOptimized = !dice.once(in: 3)
    var reference = Simulation(runs, Dice(dice.next()), isOptimized: isOptimized, isDisturbed: false)
    var violations = reference.carryOut().map { "undisturbed: \($0)" }
    let outcomes = reference.ids.map { reference.outcome(of: $0) }
    violations += reference.check(outcomes).map { "undisturbed: \($0)" }
    guard violations.isEmpty else {
      return Report(
        seed: seed, violations: violations, faults: 0, jobs: reference.jobs, text: text, journals: reference.journals)
    }
    let healed: [RunOutcome?]
    if runs.contains(where: \.0.fails) {
      var reference = Simulation(runs, Dice(dice.next()), isOptimized: isOptimized, isDisturbed: false)
      for id in reference.ids { reference.world.heal(id) }
      violations = reference.carryOut().map { "healed: \($0)" }
      healed = reference.ids.map { reference.outcome(of: $0) }
    } else {
      healed = outcomes
    }
    let disturbance = dice.next()
    if let move { text += "\n" + move.text }
    var disturbed = Simulation(runs, Dice(disturbance), isOptimized: isOptimized, isDisturbed: true, move)
    var disturbedViolations = disturbed.carryOut()
    if disturbed.faults.hit == 0 {
      // Its runs were cancelled before the first fault came: in this one it comes at once.
      disturbed = Simulation(
        runs, Dice(disturbance), isOptimized: isOptimized, isDisturbed: true, move, isHasty: true)
      disturbedViolations = disturbed.carryOut()
    }
    violations += disturbedViolations
    violations += disturbed.check(outcomes)
    violations += disturbed.checkInspection(Dice(seed &+ 1))
    if violations.isEmpty { violations = disturbed.reopen(expecting: healed).map { "reopened: \($0)" } }
    if disturbed.faults.hit == 0 { violations.append("nothing went wrong") }
    return Report(
      seed: seed, violations: violations, faults: disturbed.faults.hit, moves: disturbed.moves,
      jobs: reference.jobs + disturbed.jobs, text: text, journals: violations.isEmpty ? [] : disturbed.journals)
  }

  /// - isHasty: whether the first fault comes at the first call of the store
  private init(
    _ runs: [(RandomWorkflow, Plan)], _ dice: Dice, isOptimized: Bool, isDisturbed: Bool, _ move: PlannedMove? = nil,
    isHasty: Bool = false
  ) {
    var dice = dice
    disk = SimulatedDisk(clock, renamings: move?.renamings ?? [:])
    moving = move.map { [MovingRun($0)] } ?? []
    self.isOptimized = isOptimized
    self.isDisturbed = isDisturbed
    faults = Faults(Dice(dice.next()), count: isDisturbed ? 1 + dice.roll(8) : 0, isHasty: isHasty)
    ids = runs.indices.map { "r\($0)" }
    var known: [String: [String: Invariants.Run]] = [:]
    planned = []
    for (id, (workflow, written)) in zip(ids, runs) {
      let move = move.flatMap { $0.run == id ? $0 : nil }
      let plan = move?.before ?? written
      known[id] = move?.known(workflow) ?? [plan.hash: Invariants.Run(workflow, plan)]
      let encoded = plan.encoded()
      disk.add(
        NewRun(
          id: id, workflow: plan.workflow, key: nil, plan: encoded, planHash: SHA256Digest(of: encoded).hexadecimal,
          directory: "/", startedAt: Self.start,
          firstBatch: RunHistory(input: [], startedAt: Self.start).firstBatch))
      var time = Self.start
      for signal in workflow.signals {
        time = time.after(milliseconds: dice.roll(60_000))
        planned.append(Planned(at: time, run: id, message: .signal(signal.name, signal.value)))
      }
      if isDisturbed, dice.once(in: 3) {
        // Somebody pauses it, perhaps twice, for seconds or for hours.
        let paused = Self.start.after(seconds: dice.roll(100))
        let resumed = paused.after(seconds: dice.roll(dice.once(in: 3) ? 9_000 : 60))
        if dice.once(in: 3) { planned.append(Planned(at: paused, run: id, message: .pause(reason: nil))) }
        planned.append(Planned(at: paused, run: id, message: .pause(reason: "random")))
        planned.append(Planned(at: resumed, run: id, message: .resume))
        if dice.once(in: 4) {
          planned.append(Planned(at: paused.after(seconds: dice.roll(20)), run: id, message: .cancel))
        }
      }
      if isDisturbed, dice.once(in: 10) {
        planned.append(Planned(at: Self.start.after(seconds: dice.roll(200)), run: id, message: .cancel))
      }
    }
    // Signals of one time stay in their order.
    planned = planned.enumerated().sorted { ($0.element.at, $0.offset) > ($1.element.at, $1.offset) }.map(\.element)
    invariants = Invariants(known, disk)
    world = World(Dice(dice.next()), disk, invariants, isUnreliable: isDisturbed)
    self.dice = dice
  }

  // MARK: - The course of things

  /// Until all runs have ended; returns what did not hold on the way.
  mutating func carryOut() -> [String] {
    restarts = isDisturbed && dice.once(in: 2) ? [Self.start, Self.start] : [Self.start]
    var broken: [String] = []
    while !ids.allSatisfy({ disk.entry($0)?.state.status.isFinal == true }) {
      begin()
      let able = processes.filter(\.canRun)
      let movers = moving.indices.filter { moving[$0].mover?.canRun == true }
      let count = able.count + movers.count
      // Now and then time passes although there is something to do.
      if let chosen = count == 0 || dice.once(in: 400) ? nil : dice.roll(count) {
        jobs += 1
        if chosen < able.count {
          _ = able[chosen].executor.runOne(&dice)
          befall(able[chosen], &broken)
        } else {
          goOnMoving(movers[chosen - able.count])
        }
      } else if !(count == 0 && settlePaused()), !advance(onlySoon: count > 0), count == 0 {
        let states = ids.map { "\($0) is \(disk.entry($0)?.state.status.rawValue ?? "gone")" }
        broken.append("nothing more happens: \(states.joined(separator: ", ")), \(processes.count) processes")
        break
      }
      if jobs.isMultiple(of: 1024), disk.longestJournal > Self.limit.events {
        broken.append("a journal has more than \(Self.limit.events) events, after \(jobs) jobs")
        break
      }
      if jobs > Self.limit.jobs || Self.start.after(seconds: Self.limit.seconds) < clock.now {
        let processes = processes.map { process in
          let (held, waiting) = process.resources.counts
          return "process \(process.number) has \(held) reservations, and \(waiting) wait"
        }
        let seats = disk.shared.seats.map { seat in
          "\(seat.run) \(seat.isHeld ? "has" : "waits for") a seat at \(seat.path), of process \(seat.owner ?? 0)"
        }
        let states = (processes + seats).joined(separator: "; ")
        broken.append("stuck after \(jobs) jobs, at \(clock.now); \(states)")
        break
      }
    }
    for process in processes where !process.kill(&dice) { broken.append("a process does not end") }
    processes = []
    endMoving()
    return broken + world.violations + disk.shared.violations
  }

  /// Starts processes whose time has come.
  private mutating func begin() {
    for time in restarts where time <= clock.now {
      processCount += 1
      processes.append(
        SimulatedProcess(processCount, disk, clock, faults, world, isOptimized: isOptimized))
    }
    restarts.removeAll { $0 <= clock.now }
    beginMoving()
  }

  /// What happens to a process between two jobs.
  private mutating func befall(_ process: SimulatedProcess, _ broken: inout [String]) {
    if !process.isOver, faults.ofJob() {
      if dice.once(in: 2) {
        process.store.die()
      } else {
        process.stop(until: clock.now.after(seconds: dice.roll(60)))
      }
    }
    guard process.isOver else { return }
    if !process.kill(&dice) { broken.append("a process does not end") }
    processes.removeAll { $0 === process }
    restarts.append(clock.now.after(milliseconds: dice.roll(40_000)))
    moveSoon()
  }

  /// Lets time go on to where something happens; false when nothing will.
  /// - onlySoon: not by much, as calls that are under way have to be in time
  private mutating func advance(onlySoon: Bool) -> Bool {
    let times =
      [clock.nextDeadline, planned.last?.at] + restarts + processes.map(\.stoppedUntil) + moving.map(\.next)
    guard let next = times.compactMap(\.self).min(), !onlySoon || next <= clock.now.after(seconds: 60) else {
      return false
    }
    // Those that are not stopped have been alive all the time.
    clock.advance(to: next)
    for process in processes where !process.isStopped { disk.beat(process.number) }
    for run in moving { run.mover?.beat() }
    disk.shared.tend(at: clock.now)
    for process in processes { if let until = process.stoppedUntil, until <= clock.now { process.wake() } }
    while let first = planned.last, first.at <= clock.now {
      planned.removeLast()
      if let watchers = disk.send(first.message, to: first.run) {
        for watcher in watchers { watcher() }
      } else if case .signal = first.message {
        undelivered.append(first)
      }
    }
    return true
  }

  /// A person finds out what became of some of the steps that wait for one; false when none does. Nobody can as long as
  /// a process is stopped in the middle of them.
  private mutating func settlePaused() -> Bool {
    if processes.contains(where: \.isStopped) { return false }
    for id in ids {
      guard let entry = disk.entry(id), entry.state.status == .paused, let known = invariants.known(id),
        let history = try? RunHistory(disk.journal(of: id)), let owner = disk.claim(id, by: 0)
      else { continue }
      let undecided = history.steps(of: known.plan, isClaimed: false).filter(\.needsDecision)
      guard !undecided.isEmpty else {
        disk.release(id, owner)
        continue
      }
      var events: [RecordedEvent] = []
      for record in undecided {
        if !events.isEmpty, dice.once(in: 2) { continue }
        let settlement = world.result(of: record.path, in: id).map(Settlement.done) ?? .retry
        events.append(RecordedEvent(path: record.path, kind: .settled(settlement), at: clock.now))
      }
      let batch = JournalBatch(number: history.nextBatch, events)
      let state = RunState(.running, at: clock.now, dueAt: clock.now, seen: history.seen)
      let isDone = disk.append(batch, events, to: id, state, by: owner)
      disk.release(id, owner)
      return isDone
    }
    return false
  }

  // MARK: - The end

  private func outcome(of run: String) -> RunOutcome? {
    if case .ended(let outcome)? = disk.entry(run)?.events.last?.kind { outcome } else { nil }
  }

  private var journals: [String] {
    ids.flatMap { id in
      (disk.entry(id)?.events ?? []).map { "\(id) \($0.at) \($0.path) \($0.kind)" }
    }
  }

  /// With dice of its own, so that what happens with a seed does not depend on it.
  private func checkInspection(_ dice: Dice) -> [String] {
    var dice = dice
    return ids.flatMap { id -> [String] in
      guard let plan = invariants.known(id)?.plan, let history = try? RunHistory(disk.journal(of: id)),
        let events = try? disk.events(of: id),
        let check = InspectionCheck(plan, id, world, disk, clock, isOptimized: isOptimized)
      else { return [] }
      // A failed step that a step which is new precedes is tried from its first attempt when that is done.
      let isMoved = history.events.contains { if case .migrated = $0.kind { true } else { false } }
      return check.broken(events, history.events, &dice)
        .filter { !isMoved || !$0.hasSuffix("was to be tried again") }.map { "\(id): \($0)" }
    }
  }

  private func check(_ outcomes: [RunOutcome?]) -> [String] {
    zip(ids, outcomes).flatMap { id, expected in
      invariants.afterRun(id, world: world, expected: expected, repeated: [], mayBeCancelled: true)
        .map { "\(id): \($0)" }
    }
  }
}
