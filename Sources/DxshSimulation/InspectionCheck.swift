import DxshCompiler
import DxshPlan
import DxshRuntime
import Synchronization

/// 16 of `Invariants`: what is said of a run without going on with it is true. Of the beginnings of a journal, what is
/// said then is compared with what came next.
struct InspectionCheck {
  /// So many beginnings of each journal are looked at, and the whole.
  private static let count = 3

  private let bound: BoundPlan
  private let run: String
  private let clock: VirtualClock

  /// Nil where the plan cannot be bound, of which others tell.
  init?(_ plan: Plan, _ run: String, _ world: World, _ disk: SimulatedDisk, _ clock: VirtualClock, isOptimized: Bool) {
    let store = SimulatedStore(-1, disk, clock, Faults(Dice(0), count: 0, isHasty: false))
    let registry = NodeRegistry(world.nodes(of: store))
    guard let valid = try? (isOptimized ? optimize(plan).plan : plan).validated(),
      let bound = try? BoundPlan(valid, registry: registry)
    else { return nil }
    self.bound = bound
    self.run = run
    self.clock = clock
  }

  /// - events: as they were recorded; of a run that was moved those since then are looked at
  /// - moved: the same as they are called now
  func broken(_ events: [RecordedEvent], _ moved: [RecordedEvent], _ dice: inout Dice) -> [String] {
    let first = 1 + (events.lastIndex { if case .migrated = $0.kind { true } else { false } } ?? 0)
    guard events.count > first else { return [] }
    var broken: [String] = []
    for _ in 0..<Self.count {
      let length = first + dice.roll(events.count - first)
      let result = inspect(events.prefix(length), &dice)
      guard case .success(let situation)? = result else {
        broken.append("its first \(length) events cannot be looked at: \(result.map { "\($0)" } ?? "without an end")")
        continue
      }
      if let mistake = Self.mistake(situation, of: moved.prefix(length), before: moved[length]) {
        broken.append("of its first \(length) events is said what is not true: \(mistake)")
      }
    }
    guard case .ended(let outcome)? = events.last?.kind else { return broken }
    if (try? inspect(events[...], &dice)?.get())?.outcome != outcome {
      broken.append("of the whole journal another end is said")
    }
    return broken
  }

  private static func mistake(
    _ situation: RunSituation, of events: ArraySlice<RecordedEvent>, before next: RecordedEvent
  ) -> String? {
    let path = next.path
    let isUndecided = situation.undecided.contains { $0.path == path }
    switch next.kind {
    case .attemptStarted(let attempt):
      let isExpected = situation.attempts.contains { $0.path == path && $0.number == attempt }
      // Who is not sure whether the run is its own says once more that it begins; and of what had become ready with
      // the step that failed, some begins before it is cut off.
      let isCutOff = attempt == 1 && events.contains { $0.at == next.at && $0.isFailure }
      let isSaidAgain = events.last { $0.path == path }?.kind == next.kind
      return isExpected || isSaidAgain || isCutOff ? nil : "\(path) began attempt \(attempt)"
    case .indeterminate:
      // One that was under way when its scope was to end: nobody will ask what became of it.
      let isCutOff =
        if case .attemptStarted? = events.last(where: { $0.path == path })?.kind { true } else { false }
      return isUndecided || isCutOff || situation.attempts.contains { $0.path == path } ? nil : "\(path) was under way"
    case .timeReached:
      // One that was over before the run was moved is over as soon as it is wanted.
      let isKept = events.contains { $0.path == path && $0.kind == next.kind } && events.contains(where: \.isMove)
      return isKept || situation.waits.contains { $0.step.path == path } ? nil : "\(path) waited"
    case .settled:
      // A compensation may be settled between its attempts too, and a step in doubt that nobody waits for any more.
      let isBetweenAttempts = Plan.undone(by: path) != nil && situation.attempts.contains { $0.path == path }
      let isInDoubt = if case .indeterminate? = events.last(where: { $0.path == path })?.kind { true } else { false }
      // What was found out about a step settles it as a person would.
      let isVerified = events.contains { $0.path == Plan.verificationPath(of: path) }
      // The person has seen it as it was before the run was moved.
      let isOfBefore =
        events.lastIndex(where: { $0.path == path }) ?? 0 < events.lastIndex(where: \.isMove) ?? events.startIndex
      let isRight = isUndecided || isBetweenAttempts || isInDoubt || isVerified || isOfBefore
      return isRight ? nil : "\(path) needed a person"
    case .succeeded, .attemptFailed:
      // One that waits for its next attempt, and has not been cancelled meanwhile. Where the call of its workflow may
      // be repeated, the attempt may be another's.
      guard !path.contains("/"),
        case .attemptFailed(let failed, _, _, _)? = events.last(where: { $0.path == path })?.kind
      else { return nil }
      let isExpected = situation.attempts.contains { $0.path == path && $0.number == failed + 1 }
      return isExpected || isUndecided ? nil : "\(path) was to be tried again"
    default: return nil
    }
  }

  /// Nil when it does not come to an end.
  private func inspect(
    _ events: ArraySlice<RecordedEvent>, _ dice: inout Dice
  ) -> Result<RunSituation, RunStoreError>? {
    let batch = JournalBatch(number: 0, Array(events))
    guard let history = try? RunHistory([batch]) else { return nil }
    let found = Found()
    let executor = SeededExecutor()
    let (bound, run, clock) = (bound, run, ProcessClock(clock: clock, process: -1))
    executor.within {
      Task {
        let engine = Engine(
          bound, history: history, runID: run,
          context: NodeContext(
            clock: clock, directory: "/", environment: [:], artifacts: "/dev/null/files", log: { _ in }),
          store: InMemoryRunStore())
        do throws(RunStoreError) {
          found.put(.success(try await engine.inspect()))
        } catch {
          found.put(.failure(error))
        }
      }
    }
    while executor.runOne(&dice) {}
    return found.result
  }

  private final class Found: Sendable {
    private let value = Mutex<Result<RunSituation, RunStoreError>?>(nil)
    var result: Result<RunSituation, RunStoreError>? { value.withLock { $0 } }
    func put(_ result: Result<RunSituation, RunStoreError>) { value.withLock { $0 = result } }
  }
}

extension RecordedEvent {
  fileprivate var isFailure: Bool { if case .attemptFailed = kind { true } else { false } }
  fileprivate var isMove: Bool { if case .migrated = kind { true } else { false } }
}
