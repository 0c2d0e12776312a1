import DxshExpressions
import DxshPlan
import DxshTime

/// The steps that hold a run up.
extension RunInspection {
  // MARK: - For a person

  /// Where another process is at the run, what only its end would make indeterminate is under way.
  func undecided(
    _ situation: RunSituation, _ records: [String: StepRecord], _ options: String
  ) -> [RunCause] {
    situation.undecided.compactMap { step in
      let record = records[step.path]
      if run.isClaimed, record?.needsDecision != true { return nil }
      return decision(step.path, record, step.behind, options)
    }
  }

  private func decision(
    _ path: String, _ record: StepRecord?, _ behind: RunSituation.Behind?, _ options: String
  ) -> RunCause {
    let words = record?.message ?? "it is not known whether it took place"
    var cause: RunCause
    if let undone = Plan.undone(by: path), record?.status == .failed {
      cause = RunCause(.compensation, "\(undone) could not be undone: \(path): \(words)", step: path)
    } else {
      cause = RunCause(.indeterminate, "\(path): \(words)", step: path)
    }
    cause.text += behind?.words ?? ""
    cause.behind = behind
    cause.attempt = record?.attempts
    cause.since = record?.endedAt ?? record?.startedAt
    let settle = "dxsh runs settle \(run.id) \(ShellWord.quoted(path))"
    let result = readsResult(path) ? " --result JSON" : ""
    cause.commands = ["done\(result)", "retry", "fail"].map { "\(settle) \($0)\(options)" }
    return cause
  }

  // MARK: - Waits

  func wait(_ wait: RunSituation.Wait, at now: Timestamp, _ options: String) -> RunCause {
    var parts = wait.step.signals.map { "a signal \($0.words)" }
    if let until = wait.step.until {
      let left = until.since(now)
      parts.append("\(until.inShort), \(left.isNegative ? "\(left.negated.inShort) ago" : "in \(left.inShort)")")
    }
    let since = wait.since.map { ", since \($0.inShort)" } ?? ""
    let what =
      TimeLimit.limited(by: wait.step.path).map { limit, call in
        let whole = call.isEmpty ? "the run" : call
        return limit == .active ? "\(whole) may work until" : "\(whole) has to be over by"
      } ?? "\(wait.step.path) waits for"
    var cause = RunCause(
      .wait, "\(what) \(parts.joined(separator: " or for "))\(since)\(wait.behind.words)",
      step: wait.step.path)
    cause.since = wait.since
    cause.until = wait.step.until
    cause.signals = wait.step.signals
    cause.behind = wait.behind
    cause.commands = wait.step.signals.map { command(for: $0, options) }
    if cause.commands.isEmpty, !run.isClaimed { cause.commands = ["dxsh serve\(options)"] }
    return cause
  }

  private func command(for signal: SignalName, _ options: String) -> String {
    let key = signal.key.map { " --key \(ShellWord.quoted($0))" } ?? ""
    // Without a value, a signal brings null.
    let bringsNothing = [.json, .null].contains(plan.type(ofSignal: signal.name) ?? .never)
    let value = bringsNothing ? "" : " --value JSON"
    return "dxsh signal \(run.id) \(ShellWord.quoted(signal.name))\(key)\(value)\(options)"
  }

  // MARK: - Attempts

  func attempt(
    _ attempt: RunSituation.Attempt, _ record: StepRecord?, _ start: Timestamp?, at now: Timestamp
  ) -> RunCause {
    let count = attempt.limit.map { " of \($0)" } ?? ""
    var cause: RunCause
    if let next = attempt.notBefore {
      let left = next.since(now)
      let when =
        left.isNegative
        ? "was due at \(next.inShort), \(left.negated.inShort) ago" : "is at \(next.inShort), in \(left.inShort)"
      let failed =
        attempt.number == 1
        ? "\(attempt.path) \(record?.status == .waiting ? "has not what it waits for" : "has not begun")"
        : "\(attempt.path) has failed at attempt \(attempt.number - 1)\(count) (\(record?.message ?? ""))"
      cause = RunCause(.retry, "\(failed); the next \(when)", step: attempt.path)
      cause.until = next
      cause.since = record?.endedAt
    } else if record?.status == .running, let start {
      let state =
        run.isClaimed
        ? "is in attempt \(attempt.number)\(count) since \(start.inShort), for \(now.since(start).inShort)"
        : "was in attempt \(attempt.number)\(count), since \(start.inShort), when its process ended; it is made again"
      cause = RunCause(.attempt, "\(attempt.path) \(state)", step: attempt.path)
      cause.since = start
    } else if run.isClaimed, let owner, let needs = attempt.needs {
      // What others have of the machine is known in that process alone.
      cause = RunCause(
        .machine,
        "\(attempt.path) is ready for attempt \(attempt.number)\(count), and the process \(owner.process) on "
          + "\(owner.host) has not begun it: it uses \(needs.words), which steps of that process may have that are "
          + "under way",
        step: attempt.path)
      cause.owner = owner
    } else {
      cause = RunCause(
        .attempt, "\(attempt.path) is about to begin attempt \(attempt.number)\(count)", step: attempt.path)
    }
    cause.text += attempt.behind.words
    cause.attempt = attempt.number
    cause.attempts = attempt.limit
    cause.behind = attempt.behind
    return cause
  }

  /// What the process that has the run is at, and no other cause speaks of.
  func underWay(besides known: Set<String>, _ starts: [String: Timestamp], at now: Timestamp) -> [RunCause] {
    steps.filter { $0.status == .running && !known.contains($0.path) }.map { step in
      let start = starts[step.path] ?? run.startedAt
      var cause = RunCause(
        .attempt, "\(step.path) is in attempt \(step.attempts) since \(start.inShort), for \(now.since(start).inShort)",
        step: step.path)
      cause.since = start
      cause.attempt = step.attempts
      return cause
    }
  }

  /// Where the journal could not be folded over the plan: what it says by itself.
  func journalled(at now: Timestamp, _ options: String) -> [RunCause] {
    let starts = attemptStarts
    let undecided = steps.filter(\.needsDecision).map { decision($0.path, $0, nil, options) }
    return undecided + underWay(besides: Set(undecided.compactMap(\.step)), starts, at: now) + messages.map(message)
  }
}

extension StepNeeds {
  /// `2 cores and 1GiB`, for people.
  fileprivate var words: String {
    let cores = cpu % 1000 == 0 ? "\(cpu / 1000)" : "\(Double(cpu) / 1000)"
    return [
      cpu == 0 ? nil : cpu == 1000 ? "1 core" : "\(cores) cores",
      memory == 0 ? nil : "\(SizeText.format(memory)) of memory",
    ].compactMap(\.self).joined(separator: " and ")
  }
}
