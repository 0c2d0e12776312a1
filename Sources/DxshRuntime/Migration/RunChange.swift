package import DxshExpressions
package import DxshPlan
package import DxshTime

/// What becomes of an open run when it goes on with another plan: what it keeps, and what stands against it.
package struct RunChange: Sendable, Equatable {
  package enum Verdict: Int, Sendable, Comparable, CaseIterable {
    /// What has ended keeps its result; only what has not is done as the new plan says.
    case compatible
    /// The run has something that the new plan has no place for.
    case needsMigration
    /// Something that took place would take place again.
    case unsafe

    package static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }

    /// For people.
    package var words: String {
      switch self {
      case .compatible: "compatible"
      case .needsMigration: "needs migration"
      case .unsafe: "unsafe"
      }
    }
  }

  /// Something that stands against the change.
  package struct Finding: Sendable, Equatable {
    package var verdict: Verdict
    /// The step, as the run's journal has it; or a parameter.
    package var path: String
    /// A sentence without a full stop, which names the path.
    package var message: String

    package init(_ verdict: Verdict, _ path: String, _ message: String) {
      self.verdict = verdict
      self.path = path
      self.message = message
    }
  }

  /// The worst first.
  package var findings: [Finding]
  /// What the paths of the journal are in the new plan; those without a place are not there.
  package var paths: [String: String]
  /// What was given, as the new plan's parameters take it; empty when it does not fit.
  package var input: [Value]
  /// How many steps have ended and keep their results.
  package var kept: Int

  package var verdict: Verdict { findings.first?.verdict ?? .compatible }
}

extension RunChange {
  /// What a program must have to say what becomes of a run.
  package struct Surroundings: Sendable {
    /// How a run stands by a plan and its journal; throws why that cannot be said.
    package var inspect: @Sendable (Plan, RunHistory) async throws(HostFailure) -> RunSituation
    /// Whether the result of the step of a path is used.
    package var readsResult: @Sendable (Plan, _ path: String) -> Bool

    package init(
      inspect: @escaping @Sendable (Plan, RunHistory) async throws(HostFailure) -> RunSituation,
      readsResult: @escaping @Sendable (Plan, _ path: String) -> Bool
    ) {
      self.inspect = inspect
      self.readsResult = readsResult
    }
  }

  /// Throws why it cannot be said how the run stands.
  /// - pending: what the run was told and has not taken in
  /// - names: what the new plan's workflows and steps were called
  package static func of(
    _ history: RunHistory, pending: [RunMessage] = [], from old: Plan, to new: Plan, _ names: FormerNames,
    _ surroundings: Surroundings
  ) async throws(HostFailure) -> RunChange {
    let before = try await surroundings.inspect(old, history)
    var assessment = Assessment(old, new, names)
    assessment.checkInput(history.input)
    for wait in before.waits { assessment.checkWait(wait.step.path) }
    assessment.checkSignals(history.events.compactMap(\.message) + pending)
    let results = history.results
    for step in history.steps(of: old, isClaimed: false) {
      assessment.check(step, results[step.path]) { surroundings.readsResult(new, $0) }
    }
    for index in history.standing.indices { assessment.checkTime(history.events[index]) }
    assessment.nameOthers(history.events)
    if names.hasRenamed || history.hasOrigins { assessment.nameUnseen(history) }
    var change = RunChange(
      findings: assessment.findings.sorted { $0.verdict > $1.verdict }, paths: assessment.paths,
      input: assessment.input, kept: assessment.kept)
    guard change.verdict == .compatible else { return change }
    // Whatever was not thought of: it is tried.
    do throws(HostFailure) {
      let after = try await surroundings.inspect(new, history.adding([change.event(at: history.events[0].at)]))
      change.findings = Trial(before, after, in: assessment.new) { assessment.destination(of: $0) }.findings
    } catch {
      change.findings = [Finding(.needsMigration, "", error.message)]
    }
    return change
  }

  /// What makes the change, in the run's journal.
  package func event(at time: Timestamp) -> RecordedEvent {
    RecordedEvent(path: "", kind: .migrated(input: input, paths: paths), at: time)
  }
}

/// Looks at one thing of the run after the other.
private struct Assessment {
  let oldPlan: Plan
  let newPlan: Plan
  let names: FormerNames
  let old: PlanPaths
  let new: PlanPaths
  var findings: [RunChange.Finding] = []
  var paths: [String: String] = [:]
  var input: [Value] = []
  var kept = 0
  /// The paths of what counts.
  private var seen: [String] = []
  /// What has been said, by the name of the step: the instances of a loop are alike.
  private var said: Set<String> = []

  init(_ old: Plan, _ new: Plan, _ names: FormerNames) {
    (oldPlan, newPlan, self.names) = (old, new, names)
    (self.old, self.new) = (PlanPaths(old), PlanPaths(new))
  }

  /// Workflows that call others several times make paths without end.
  private static let limitOfNames = 10_000

  private mutating func add(_ verdict: RunChange.Verdict, _ path: String, _ message: String) {
    let place = old.place(of: path)
    guard said.insert("\(place?.workflow ?? 0) \(place?.name ?? path) \(verdict)").inserted else { return }
    findings.append(.init(verdict, path, message))
  }

  // MARK: - Input

  mutating func checkInput(_ values: [Value]) {
    let given = Dictionary(zip(oldPlan.parameters.map(\.name), values)) { first, _ in first }
    for parameter in newPlan.parameters {
      do {
        if let value = given[parameter.name] {
          input.append(try value.decoded(as: parameter.type))
        } else if let expression = parameter.defaultValue {
          input.append(try Evaluator.evaluate(expression, in: .empty))
        } else {
          add(
            .needsMigration, parameter.name,
            "the parameter \(parameter.name) is new and the run was not given it: give it a default")
        }
      } catch let error as DecodingError {
        add(
          .needsMigration, parameter.name,
          "the parameter \(parameter.name) is \(parameter.type) now, and the run was given another value: "
            + error.message)
      } catch {
        add(.needsMigration, parameter.name, "the default of the parameter \(parameter.name) fails: \(error)")
      }
    }
    if input.count != newPlan.parameters.count { input = [] }
  }

  // MARK: - Steps

  /// What the run waits for now must still be waited for.
  mutating func checkWait(_ path: String) {
    if let destination = destination(of: path) {
      paths[path] = destination
    } else {
      add(
        .needsMigration, path,
        "the run waits at \(path), which the new version does not have there: end the wait, or keep it")
    }
  }

  /// The moments at which the run's own workflow has to be over are those of any version.
  func destination(of path: String) -> String? {
    if TimeLimit.limited(by: path)?.call == "" { return path }
    return old.destination(of: path, in: new, names)?.path
  }

  /// What a wait was over by must be what it says now.
  mutating func checkTime(_ event: RecordedEvent) {
    guard case .timeReached(let chosen?) = event.kind, case .wait(let before)? = old.place(of: event.path)?.place.kind,
      case .wait(let after)? = old.destination(of: event.path, in: new, names)?.place.kind
    else { return }
    let alternative = before.alternatives[chosen]
    guard
      !after.alternatives.indices.contains(chosen) || after.alternatives[chosen].name != alternative.name
        || !after.alternatives[chosen].source.isTime
    else { return }
    let place = alternative.name.map { "\($0), its alternative \(chosen + 1)" } ?? "a time"
    add(
      .needsMigration, event.path,
      "the wait \(event.path) was over by \(place), which the new version does not have there: keep the "
        + "alternatives in their order")
  }

  /// What it was told must be of the type that is wanted now.
  mutating func checkSignals(_ messages: [RunMessage]) {
    for case .signal(let name, let value) in messages {
      guard let type = newPlan.type(ofSignal: name.name), oldPlan.type(ofSignal: name.name) != type,
        (try? value.decoded(as: type)) == nil
      else { continue }
      add(
        .needsMigration, name.name,
        "a signal \(name.words) has come with a value that is no \(type), as the new version has it: let the type take "
          + "the old value too")
    }
  }

  /// The names of what does not count any more, which may say what others are.
  mutating func nameOthers(_ events: [RecordedEvent]) {
    let counting = Set(seen)
    for path in Set(events.map(\.path)) where !path.isEmpty && !counting.contains(path) && !RunHistory.isGone(path) {
      paths[path] = destination(of: path)
    }
  }

  /// The names of steps that the journal does not speak of. What answers at once may have taken place without it, and
  /// has to have the same key when it does again.
  mutating func nameUnseen(_ history: RunHistory) {
    var count = 0
    var open = [(prefix: "", workflow: 0)]
    while let (prefix, workflow) = open.popLast() {
      for (name, place) in old.places(of: workflow) {
        let path = prefix + name + String(repeating: "[0]", count: place.depth)
        if case .invocation(let invocation) = place.kind {
          open.append((path + "/", invocation.callee + 1))
          continue
        }
        let former = PlanPaths.places(of: path)
        guard place.kind.hasKey, !seen.contains(former),
          let now = old.destination(of: path, in: new, names).map({ PlanPaths.places(of: $0.path) }),
          now != former || history.origin(of: former) != former
        else { continue }
        paths[former] = now
        count += 1
      }
      if count + open.count > Self.limitOfNames {
        let message =
          "more than \(Self.limitOfNames) steps of the workflows that it calls have other names: let it end first"
        return add(.needsMigration, "", message)
      }
    }
  }

  /// - readsResult: whether the new plan uses the result of the step of a path
  mutating func check(_ step: StepRecord, _ result: Value?, readsResult: (String) -> Bool) {
    seen.append(step.path)
    // What was asked about a step is asked again where it is not known there.
    if Plan.verified(by: step.path) != nil {
      paths[step.path] = old.destination(of: step.path, in: new, names)?.path
      return
    }
    guard let destination = old.destination(of: step.path, in: new, names) else { return checkGone(step) }
    paths[step.path] = destination.path
    guard Plan.undone(by: step.path) == nil, case .call(let call) = destination.place.kind else { return }
    if let before = old.call(at: step.path), before.effect == .once, step.status.isOpen,
      call.effect != .once || call.node != before.node
    {
      add(
        .needsMigration, step.path,
        "\(step.path) may have taken place, and the new version would do something else there at once: settle it first")
    }
    guard step.status == .succeeded, let result else { return }
    do {
      if !result.isNone || readsResult(destination.path) { _ = try result.decoded(as: call.result) }
      kept += 1
    } catch {
      // What may be done again, is.
      if (old.call(at: step.path)?.effect ?? .once) <= .idempotent, call.effect <= .idempotent {
        paths[step.path] = nil
        return
      }
      add(
        .needsMigration, step.path,
        "\(step.path) has ended with a result that is no \(call.result), as the new version has it, and cannot be made "
          + "again: let the type take the old result too")
    }
  }

  private mutating func checkGone(_ step: StepRecord) {
    // The step that it undoes says it.
    if Plan.undone(by: step.path) != nil { return checkGoneCompensation(step) }
    guard let call = old.call(at: step.path), call.effect > .idempotent else { return }
    switch step.status {
    case .running, .indeterminate:
      add(
        .needsMigration, step.path,
        "\(step.path) may have taken place, and the new version does not have it there: settle it first, or keep it")
    case .succeeded:
      if let other = twin(of: call) {
        add(
          .unsafe, step.path,
          "\(step.path) took place; the new version has no such step there, but \(other) calls \(call.node) too and "
            + "would do it again: if it is the same step, write `was \(PlanPaths.Part(step.path[...]).name)` at it")
      } else if call.compensation != nil {
        add(
          .needsMigration, step.path,
          "\(step.path) took place and would not be undone any more when the run fails: keep the step")
      }
    case .pending, .waiting, .failed, .skipped, .cancelled: break
    }
  }

  private mutating func checkGoneCompensation(_ step: StepRecord) {
    guard step.status == .running || step.needsDecision else { return }
    add(
      .needsMigration, step.path,
      "\(step.path) is not over, and the new version does not have the step that it undoes: let the run end first")
  }

  /// A step that only the new plan has, and that does what a step did which it does not have.
  private func twin(of call: PlanCall) -> String? {
    new.calls.first { candidate in
      guard candidate.call.node == call.node, candidate.call.effect > .idempotent else { return false }
      // One that the old plan has too does what it did there.
      guard candidate.workflow == 0 else { return !old.have(candidate.name) }
      // `was` says what it is only where there is a step of that name.
      let former = names.current.first { $0.value == candidate.name }?.key ?? candidate.name
      guard let place = old[0, former] else { return true }
      return place.depth != new[0, candidate.name]?.depth
    }?.name
  }
}

extension RunHistory {
  /// What steps gave, by their paths.
  fileprivate var results: [String: Value] {
    var results: [String: Value] = [:]
    for event in events {
      switch event.kind {
      case .succeeded(let value), .recalled(let value), .fellBack(let value), .settled(.done(let value)):
        results[event.path] = value
      default: break
      }
    }
    return results
  }
}

extension StepRecord.Status {
  /// Whether nobody has seen how it ended.
  fileprivate var isOpen: Bool { self == .running || self == .indeterminate }
}

extension PlanNode.Kind {
  /// Whether it calls a node with a key, to take place or to be undone.
  fileprivate var hasKey: Bool {
    if case .call(let call) = self { call.effect > .idempotent || call.compensation != nil } else { false }
  }
}

extension FormerNames {
  fileprivate var hasRenamed: Bool { !current.isEmpty || ofCallees.contains { !$0.isEmpty } }
}

extension PlanWait.Source {
  fileprivate var isTime: Bool {
    switch self {
    case .delay, .until: true
    case .signal: false
    }
  }
}

extension RecordedEvent {
  /// What the run was told.
  fileprivate var message: RunMessage? { if case .received(let message, _) = kind { message } else { nil } }
}
