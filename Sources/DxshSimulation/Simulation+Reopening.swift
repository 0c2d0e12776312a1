import DxshCompiler
import DxshPlan
import DxshRuntime
import Synchronization

/// Runs that failed or were cancelled are reopened, in a world that is healed.
extension Simulation {
  /// Carries on with them to their new end; returns what does not hold.
  /// - outcomes: of all runs, when nothing fails
  mutating func reopen(expecting outcomes: [RunOutcome?]) -> [String] {
    var broken: [String] = []
    var repeated: [String: [String]] = [:]
    for id in ids {
      guard let status = disk.entry(id)?.state.status, status == .failed || status == .cancelled, !dice.once(in: 4)
      else { continue }
      do {
        repeated[id] = try reopen(id)
      } catch {
        broken.append("\(id): \(error)")
      }
    }
    guard broken.isEmpty, !repeated.isEmpty else { return broken }
    // Whatever else somebody wanted of the run is not wanted any more.
    planned.removeAll { message in
      if case .signal = message.message { false } else { repeated[message.run] != nil }
    }
    planned += undelivered.reversed().map { Planned(at: clock.now, run: $0.run, message: $0.message) }
    faults.add(1 + dice.roll(4))
    broken += carryOut()
    for (id, expected) in zip(ids, outcomes) {
      guard let repeated = repeated[id] else { continue }
      broken += invariants.afterRun(id, world: world, expected: expected, repeated: repeated, mayBeCancelled: false)
        .map { "\(id): \($0)" }
    }
    return broken
  }

  private struct Refused: Error {
    let why: String
  }

  /// A person reopens a run, and allows whatever has to be repeated for that, which is returned.
  private mutating func reopen(_ id: String) throws -> [String] {
    guard let entry = disk.entry(id), let known = invariants.known(id), let owner = disk.claim(id, by: 0) else {
      throw Refused(why: "it cannot be claimed")
    }
    defer { disk.release(id, owner) }
    let history = try RunHistory(disk.journal(of: id))
    let reopening = try reopening(of: history, known.plan, id)
    if let failure = reopening.failure { throw Refused(why: "it would fail again with \(failure)") }
    let late = entry.inbox.filter { $0.number > history.seen }.map { message in
      RecordedEvent(path: "", kind: .received(message.message, number: message.number), at: clock.now)
    }
    let events = late + [RecordedEvent(path: "", kind: .reopened(dropped: reopening.dropped), at: clock.now)]
    let batch = JournalBatch(number: history.nextBatch, events)
    let state = RunState(.running, at: clock.now, dueAt: clock.now, seen: history.adding(events).seen)
    guard disk.append(batch, events, to: id, state, by: owner) else { throw Refused(why: "it is another's") }
    world.heal(id, forgetting: reopening.dropped)
    return reopening.repeated
  }

  private mutating func reopening(of history: RunHistory, _ plan: Plan, _ id: String) throws -> Reopening {
    let known = history.steps(of: plan, isClaimed: false).map(\.path).filter { Plan.undone(by: $0) == nil }
    let steps: Set<String> = known.isEmpty || !dice.once(in: 3) ? [] : [dice.pick(known)]
    // Nothing is called, and nothing is written.
    let registry = NodeRegistry(world.nodes(of: SimulatedStore(0, disk, clock, faults)))
    let bound = try BoundPlan((isOptimized ? optimize(plan).plan : plan).validated(), registry: registry)
    let context = NodeContext(
      clock: ProcessClock(clock: clock, process: 0), directory: "/", environment: [:], artifacts: "/dev/null/files",
      log: { _ in })
    let found = Found()
    let executor = SeededExecutor()
    executor.within {
      Task {
        do throws(RunStoreError) {
          let reopening = try await Reopening(of: history, plan, from: steps) { history in
            Engine(bound, history: history, runID: id, context: context, store: InMemoryRunStore())
          }
          found.result.withLock { $0 = .success(reopening) }
        } catch {
          found.result.withLock { $0 = .failure(error) }
        }
      }
    }
    while executor.runOne(&dice) {}
    guard let result = found.result.withLock({ $0 }) else { throw Refused(why: "it does not end") }
    return try result.get()
  }

  private final class Found: Sendable {
    let result = Mutex<Result<Reopening, RunStoreError>?>(nil)
  }
}
