import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTime

/// What must hold whatever happens, all of it:
///
/// while the run goes on, at the moment of an effect above `idempotent`:
/// 1. the process that causes it has the run;
/// 2. that of a `once` step has a durable intent (rule 64);
/// 3. what it was computed from is durable (rule 64);
/// 4. the step has not succeeded before, as far as the store knows;
/// 5. that of a `once` step was begun before the run was paused;
///
/// and when it has ended:
/// 6. it ends, and as it does when nothing goes wrong, unless it was cancelled;
/// 7. a `once` effect took place at most once, and exactly once if its step succeeded; once more for each time that the
///    step was undone and made again, or that somebody allowed it when the run was reopened; what was undone before
///    the run was reopened was made again;
/// 8. every repetition of a `keyed` effect had the same arguments, unless another version of the file gives others;
/// 9. a step succeeds once; its attempts are counted through crashes, and there are no more than `retry` allows;
/// 10. what is to be undone is undone exactly once, in the reverse order of completion, and nothing else is (rule 36);
/// 11. no wait is over before its time, and `delay` counts from when it began;
/// 12. a signal that was sent is taken in once, in the order of sending;
/// 13. `finally` ran once;
/// 14. no run is quarantined;
/// 15. reopened after a failure, it ends as it would have without the failure;
/// 16. what is said of a run without going on with it is true (`InspectionCheck`);
/// 17. each of its batches is there with the large values that it refers to;
/// 18. once somebody has cancelled it, nothing begins but what undoes, asks, or is `finally`'s;
/// 19. no attempt is made before the time that the failure of the one before asked for;
/// 20. a workflow is over by its `limits` when it has taken, or worked for, as long as they say, and not before; then
///     nothing in it begins but what undoes, asks, or is `finally`'s;
///
/// and of what runs share, after every call of the store (`SharedRows`):
/// 21. of living processes no more have slots of a pool than it has, and no more probe a breaker than it lets through;
/// 22. attempts of a rate begin as far apart as it says;
/// 23. a step that is to have a slot has it when it causes an effect;
/// 24. the calls under way in a process use no more of its cores than there are (`World.use`);
///
/// and of a run that is moved to another version of its file while it is open (`SimulatedMover`):
/// 25. it has its new plan once its journal says so, and not before, whatever befalls the move; one that is refused
///     writes nothing;
/// 26. what stands against a move is seen, and no rule stands against a change that leaves alone what was done;
/// 27. what had succeeded keeps its result and is not done again, and what had begun keeps its key, whatever it is
///     called and wherever it stands now; all that holds of any run holds of it too, and it ends as a run of its new
///     plan does.
struct Invariants: Sendable {
  struct Run: Sendable {
    let workflow: RandomWorkflow
    let plan: Plan
    /// By how much more it gives than `workflow`.
    let surplus: Int64
    /// Of each call, by its path in its scope: the calls of the scope that it waits for, directly or through what is no
    /// call.
    let needs: [String: [String]]
    /// Of each call: all calls of its scope that are more than a computation.
    let beside: [String: [String]]

    init(_ workflow: RandomWorkflow, _ plan: Plan, surplus: Int64 = 0) {
      self.workflow = workflow
      self.plan = plan
      self.surplus = surplus
      var needs: [String: [String]] = [:]
      var beside: [String: [String]] = [:]
      var scopes = plan.outermostScopes
      while let scope = scopes.popLast() {
        let acting = scope.nodes.filter { node in
          if case .call(let call) = node.kind { call.effect > .pure } else { false }
        }
        for node in scope.nodes {
          scopes += node.kind.scopes
          guard case .call = node.kind else { continue }
          var found: [String] = []
          var pending = node.dependencies
          var seen = Set(pending)
          while let next = pending.popLast() {
            if case .call = scope.nodes[next].kind {
              found.append(scope.nodes[next].path)
            } else {
              pending += scope.nodes[next].dependencies.filter { seen.insert($0).inserted }
            }
          }
          needs[node.path] = found
          beside[node.path] = acting.map(\.path)
        }
      }
      self.needs = needs
      self.beside = beside
    }
  }

  /// By their identifiers and the hashes of the plans that they may have.
  private let runs: [String: [String: Run]]
  private let disk: SimulatedDisk

  init(_ runs: [String: [String: Run]], _ disk: SimulatedDisk) {
    self.runs = runs
    self.disk = disk
  }

  /// A run with the plan that it has now.
  func known(_ run: String) -> Run? { disk.planHash(of: run).flatMap { runs[run]?[$0] } }

  func isOnce(_ path: String, in run: String) -> Bool { known(run)?.plan.call(at: path)?.effect == .once }

  /// 1 to 5.
  /// - store: nil where the process may have been stopped since it began the call, so that others have gone on
  func beforeEffect(_ path: String, in run: String, by store: SimulatedStore?, world: World) -> [String] {
    guard let entry = disk.entry(run), let known = known(run) else { return ["\(run) does not exist"] }
    var broken: [String] = []
    if let store {
      if entry.owner?.process != store.process {
        broken.append("\(path): by a process that has lost its run")
      }
      if let pool = known.plan.call(at: path)?.limits?.pool, pool.capacity > 0,
        disk.shared.seat(run, path)?.isHeld != true
      {
        broken.append("\(path): without its slot")
      }
      if entry.succeeded.contains(path) { broken.append("\(path): again, after it has succeeded") }
      if isOnce(path, in: run) {
        if !entry.started.contains(path) { broken.append("\(path): before its intent is durable") }
        if entry.begunInPause.contains(path) { broken.append("\(path): begun while the run was paused") }
      }
    }
    let place = StepPlace(path)
    for need in known.needs[place.name] ?? [] {
      let needed = place.prefix + need + place.suffix
      if world.count(of: needed, in: run) > 0, !entry.succeeded.contains(needed) {
        broken.append("\(path): before \(needed) is durable")
      }
    }
    return broken
  }

  /// 6 to 13, 17 to 20, and 25 and 27.
  /// - repeated: the `once` steps that somebody allowed to take place again, as often as they are there
  /// - mayBeCancelled: whether somebody may have cancelled it
  func afterRun(
    _ run: String, world: World, expected: RunOutcome?, repeated: [String], mayBeCancelled: Bool
  ) -> [String] {
    guard let entry = disk.entry(run), let known = known(run) else { return ["\(run) does not exist"] }
    // What gives the run's result has taken place under the plan before.
    let isOver = entry.names.unmoved?.contains { $0.path == "doom" && $0.isCompletion } ?? false
    let expected = expected?.adding(isOver ? 0 : known.surplus)
    var broken = entry.violations
    let (events, moved) = entry.standing(&broken)
    if case .ended(let outcome)? = events.last?.kind {
      let wasCancelled = mayBeCancelled && entry.inbox.contains { $0.message == .cancel }
      if outcome != expected, !(wasCancelled && outcome == .cancelled) {
        broken.append("ended as \(outcome), not as \(expected.map { "\($0)" } ?? "anything")")
      }
      var hasFailed = outcome == .cancelled
      if case .failed(let failure) = outcome {
        hasFailed = true
        if failure.path != "doom" { broken.append("failed at \(failure.path): \(failure.message)") }
      }
      let isReopened = entry.events.contains { if case .reopened = $0.kind { true } else { false } }
      broken += checkUndone(events, known, moved: moved, isAllUndone: hasFailed, isReopened: isReopened)
    } else {
      broken.append("did not end")
    }
    let journal = try? RunHistory(disk.journal(of: run)).events
    if journal.map({ $0.dropFirst() == entry.events[...] }) != true { broken.append("its journal cannot be read") }
    broken += entry.begunAfterCancel.sorted().map { "\($0): begun after the run was cancelled" }
    broken += checkEffects(of: run, entry, known, world, repeated)
    broken += checkAttempts(events, moved: moved)
    broken += checkPauses(events)
    broken += checkTimeLimits(journal ?? [])
    // Of one that was moved, a wait may have begun after what is recorded once more since.
    broken += checkWaits(events, begunIn: moved > 0 ? entry.events + events : events)
    let signals = known.workflow.signals
    let received = events.compactMap { event -> SentSignal? in
      if case .received(.signal(let name, let value), _) = event.kind {
        SentSignal(name: name, value: value)
      } else {
        nil
      }
    }
    if received != Array(signals.prefix(received.count)) { broken.append("signals were taken in as \(received)") }
    return broken
  }

  private func checkEffects(
    of run: String, _ entry: SimulatedDisk.Entry, _ known: Run, _ world: World, _ repeated: [String]
  ) -> [String] {
    var broken: [String] = []
    var arguments: [String: [Value]] = [:]
    var counts: [String: Int] = [:]
    var keys: [String: Set<String>] = [:]
    let names = entry.names
    for effect in world.effects where effect.run == run {
      let before = arguments.updateValue(effect.arguments, forKey: effect.path)
      // Nobody knows that it took place before the move, after which it is given more.
      let isGivenMore = effect.path == "doom" && names.unmoved != nil && known.surplus > 0
      if let before, before != effect.arguments, !isGivenMore {
        broken.append("\(effect.path): again, with other arguments")
      }
      let path = names.path(ofKey: effect.path)
      keys[path, default: []].insert(effect.key)
      guard effect.isOnce else { continue }
      counts[effect.key, default: 0] += 1
      let allowed = 1 + repeated.count { names.path(ofKey: $0) == path }
      if counts[effect.key] == allowed + 1 { broken.append("\(effect.key): took place more than \(allowed) times") }
    }
    let undone = StandingEvents(entry.events).undone
    for (path, keys) in keys where entry.succeeded.contains(path) && Plan.undone(by: path) == nil {
      let undone = undone[path] ?? 0
      if keys.count != undone + 1 {
        broken.append("\(path): is done, made \(keys.count) times, undone \(undone) times")
      }
    }
    for path in entry.succeeded where isOnce(path, in: run) && world.count(of: path, in: run) == 0 {
      broken.append("\(path): succeeded, and never took place")
    }
    if known.workflow.hasFinally, !entry.succeeded.contains("last") { broken.append("`finally` did not run") }
    return broken
  }

  /// - moved: how many of the events there are before the run had the plan that it has
  private func checkAttempts(_ events: [RecordedEvent], moved: Int) -> [String] {
    var broken: [String] = []
    var failed: [String: Int] = [:]
    var failures: [String: Int] = [:]
    var succeeded: Set<String> = []
    var settled: Set<String> = []
    var attempted: [String: Int] = [:]
    for (position, event) in events.enumerated() {
      // A step that another plan wants only later is tried anew there.
      switch event.kind {
      case .attemptFailed(let attempt, _, _, _), .refused(let attempt, _, _):
        if attempt == 1, position >= moved, let last = attempted[event.path], last < moved {
          (failed[event.path], failures[event.path]) = (nil, nil)
        }
        attempted[event.path] = position
      case .indeterminate: attempted[event.path] = position
      default: break
      }
      switch event.kind {
      case .succeeded, .settled(.done):
        // Who doubts again asks again.
        if Plan.verified(by: event.path) != nil { continue }
        if !succeeded.insert(event.path).inserted, !settled.contains(event.path) || moved == 0 {
          broken.append("\(event.path): succeeded twice")
        }
        // Of a run that was moved, what a person said of a step may be recorded once more when it is reopened.
        if case .settled = event.kind { settled.insert(event.path) } else { settled.remove(event.path) }
      case .indeterminate(let attempt, _): failed[event.path] = attempt
      case .polled: failed[event.path] = 0
      case .attemptFailed(let attempt, _, _, _), .refused(let attempt, _, _):
        if attempt != failed[event.path, default: 0] + 1, Plan.undone(by: event.path) == nil, !isInRepeated(event) {
          broken.append("\(event.path): attempt \(attempt) failed after attempt \(failed[event.path] ?? 0)")
        }
        failed[event.path] = attempt
        failures[event.path, default: 0] += 1
        if failures[event.path, default: 0] > StepPlace(event.path).failureLimit,
          Plan.undone(by: event.path) == nil, !StepPlace(event.path).isLimited
        {
          broken.append("\(event.path): failed more often than `retry` allows")
        }
      default: break
      }
    }
    return broken
  }

  /// 19.
  private func checkPauses(_ events: [RecordedEvent]) -> [String] {
    var earliest: [String: Timestamp] = [:]
    return events.compactMap { event in
      let time = earliest[event.path]
      switch event.kind {
      case .attemptFailed(let attempt, _, _, let pause):
        earliest[event.path] = pause.flatMap { event.at.adding($0) }
        // The workflow around has failed meanwhile, and calls it anew.
        if attempt == 1 { return nil }
      case .succeeded: earliest[event.path] = nil
      case .cancelled, .fellBack:
        earliest[event.path] = nil
        return nil
      default: return nil
      }
      return event.at < time ?? event.at ? "\(event.path): again before the time that was asked for" : nil
    }
  }

  /// A called workflow may have gone on after its failure, and its steps that failed begin again.
  private func isInRepeated(_ event: RecordedEvent) -> Bool {
    switch event.kind {
    case .attemptFailed(attempt: 1, _, _, _), .refused(attempt: 1, _, _): break
    default: return false
    }
    return !StepPlace(event.path).prefix.isEmpty
  }

  /// The names of steps say to which group they belong; see `RandomWorkflow`.
  private func checkUndone(
    _ events: [RecordedEvent], _ known: Run, moved: Int, isAllUndone: Bool, isReopened: Bool
  ) -> [String] {
    var broken: [String] = []
    var succeeded: [String: Int] = [:]
    var undone: [String: Int] = [:]
    var settled: Set<String> = []
    for (position, event) in events.enumerated() {
      switch event.kind {
      case .succeeded: break
      case .settled(.done): settled.insert(event.path)
      default: continue
      }
      if let path = Plan.undone(by: event.path) {
        // Of a run that was moved, what a person said is recorded once more when it is wanted.
        if undone[path] != nil, moved > 0, settled.remove(event.path) != nil { continue }
        if undone.updateValue(position, forKey: path) != nil { broken.append("\(path): undone twice") }
      } else {
        succeeded[event.path] = position
      }
    }
    let taken = events.enumerated().filter { $0.offset >= moved || isTaken($0.element.path, known, done: succeeded) }
      .map(\.element)
    var groups: [String: [(done: Int, undone: Int)]] = [:]
    for (path, position) in succeeded.sorted(by: { $0.value < $1.value }) {
      let place = StepPlace(path)
      guard known.plan.call(at: path)?.compensation != nil else { continue }
      let isWanted =
        isAllUndone || place.isInFailingGroup || place.isBeforeFailure(in: events)
        || place.isCutOff(in: taken, beside: known.beside[place.name] ?? [])
        || place.isInLost
      // The failure of a pure step that was found out while the journal of a reopened run was read is not in it.
      let isOpen = isReopened && known.plan.call(at: place.next)?.effect == .pure && succeeded[place.next] == nil
      if isWanted != (undone[path] != nil), !isOpen { broken.append("\(path): \(isWanted ? "not " : "")undone") }
      if let at = undone[path] { groups[place.group, default: []].append((position, at)) }
    }
    for (group, members) in groups.sorted(by: { $0.key < $1.key }) {
      let order = members.sorted { $0.done < $1.done }.map(\.undone)
      if order != order.sorted(by: >) { broken.append("the group \(group) is not undone backwards") }
    }
    for path in undone.keys where succeeded[path] == nil { broken.append("\(path): undone, and never done") }
    return broken
  }

  /// Whether what was done before the run was moved counts since: not what stands behind a new step that was not done.
  private func isTaken(_ path: String, _ known: Run, done: [String: Int]) -> Bool {
    let place = StepPlace(path)
    return (known.needs[place.name] ?? []).allSatisfy { need in
      done[place.prefix + need + place.suffix] != nil || known.plan.call(at: place.prefix + need)?.effect == .pure
        || !need.hasPrefix("new")
    }
  }

  /// - all: with what they waited for
  private func checkWaits(_ events: [RecordedEvent], begunIn all: [RecordedEvent]) -> [String] {
    events.compactMap { event in
      guard case .timeReached = event.kind, event.path.hasPrefix("d") else { return nil }
      // `delay7x40` takes 40 seconds, and begins when the step `before7x40` has succeeded.
      let place = StepPlace(event.path)
      guard let seconds = place.name.split(separator: "x").last.flatMap({ Int($0) }) else { return nil }
      let before = place.prefix + place.name.replacing("delay", with: "before") + place.suffix
      let begun = all.first { other in
        guard other.path == before else { return false }
        switch other.kind {
        case .succeeded, .settled(.done): return true
        default: return false
        }
      }
      guard let begun else { return "\(event.path): was over before it began" }
      return event.at < begun.at.after(seconds: seconds) ? "\(event.path): was over too early" : nil
    }
  }
}

extension RunOutcome {
  /// What a run gives that gives so much more.
  fileprivate func adding(_ surplus: Int64) -> RunOutcome {
    if case .succeeded(.int(let n)) = self { .succeeded(.int(n + surplus)) } else { self }
  }
}
