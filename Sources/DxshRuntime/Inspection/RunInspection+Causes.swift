import DxshPlan
package import DxshTime

/// Why a run does not go on, and what to do.
extension RunInspection {
  /// The most important first: who is at it or should be, what only a person can do, then what it waits for.
  /// - now: by the clock that the run's times are of
  /// - isStopped: whether the process that has the run stands still
  /// - options: what follows each command, such as ` --state reports/.dxsh`
  package func causes(at now: Timestamp, isStopped: Bool = false, options: String = "") -> [RunCause] {
    if let outcome = history.outcome { return [ended(outcome, options)] }
    var causes: [RunCause] = []
    if let cause = attended(at: now, isStopped: isStopped, options) { causes.append(cause) }
    if let obstacle, !run.isClaimed {
      causes.append(RunCause(.unavailable, "it cannot be gone on with from here: \(obstacle)"))
    }
    guard let situation else { return causes + journalled(at: now, options) }
    let records = Dictionary(uniqueKeysWithValues: steps.map { ($0.path, $0) })
    causes += undecided(situation, records, options)
    // Nothing works where no process is.
    let waits = situation.waits.filter { run.isClaimed || TimeLimit.limited(by: $0.step.path)?.limit != .active }
    causes += waits.map { wait($0, at: now, options) }
    causes += messages.map(message)
    let shared = sharedCauses(situation, at: now, options)
    causes += shared
    let sharing = Set(shared.map(\.step))
    let starts = attemptStarts
    let attempts = situation.attempts.filter { !sharing.contains($0.path) }.map {
      attempt($0, records[$0.path], starts[$0.path], at: now)
    }
    for kind in [RunCause.Kind.retry, .machine, .attempt] { causes += attempts.filter { $0.kind == kind } }
    if run.isClaimed { causes += underWay(besides: Set(causes.compactMap(\.step)), starts, at: now) }
    if situation.outcome != nil, causes.allSatisfy({ $0.step == nil }) {
      causes.append(RunCause(.complete, "nothing is left to do but to note how it ended"))
    }
    return causes
  }

  private func commands(_ command: String, _ options: String) -> [String] {
    ["dxsh serve\(options)", "dxsh \(command) \(run.id)\(options)"]
  }

  // MARK: - The run

  private func ended(_ outcome: RunOutcome, _ options: String) -> RunCause {
    let at = history.events.last?.at ?? history.events[0].at
    let span = at.since(history.events[0].at).inShort
    var cause = RunCause(.ended, "")
    cause.since = at
    switch outcome {
    case .succeeded: cause.text = "it succeeded at \(at.inShort), after \(span)"
    case .cancelled: cause.text = "it was cancelled at \(at.inShort), after \(span)"
    case .failed(let failure):
      let attempt = failure.attempt > 1 ? " at its attempt \(failure.attempt)" : ""
      let place = failure.path.isEmpty ? "" : " in the step \(failure.path)\(attempt)"
      let word = outcome.status == .rejected ? "was rejected" : "failed"
      cause.text = "it \(word) at \(at.inShort), after \(span)\(place): \(failure.kind): \(failure.message)"
      cause.step = failure.path.isEmpty ? nil : failure.path
      cause.attempt = failure.attempt > 0 ? failure.attempt : nil
      cause.commands = ["dxsh runs show \(run.id)\(options)"]
    }
    return cause
  }

  /// Who is at it, or should be; nil when nobody need be.
  private func attended(at now: Timestamp, isStopped: Bool, _ options: String) -> RunCause? {
    let process = owner.map { "the process \($0.process) on \($0.host)" } ?? "a process"
    if run.isClaimed {
      var cause = RunCause(
        isStopped ? .stopped : .underWay,
        isStopped
          ? "\(process) has it and is stopped: others take it once that process has been silent for a lease"
          : "it is under way in \(process), since \(takenUpAt.inShort)")
      cause.since = takenUpAt
      cause.owner = owner
      if isStopped { cause.commands = ["dxsh serve\(options)"] }
      return cause
    }
    // One that left the run to the store may have ended since.
    if let owner, run.status == .running {
      var cause = RunCause(.died, "\(process), which had it, ended before it did")
      cause.since = takenUpAt
      cause.owner = owner
      cause.commands = commands("resume", options)
      return cause
    }
    if run.status == .running {
      var cause = RunCause(.unattended, "its process has left it, and no other has taken it up")
      cause.commands = commands("resume", options)
      return cause
    }
    return waiting(at: now, options)
  }

  /// Of a run that was left: whether its time has come.
  private func waiting(at now: Timestamp, _ options: String) -> RunCause? {
    if let pause = history.pause(after: messages) {
      let reason = pause.reason.map { ": \($0)" } ?? ""
      var cause = RunCause(.paused, "somebody has paused it at \(pause.since.inShort)\(reason)")
      cause.since = pause.since
      cause.commands = ["dxsh resume \(run.id)\(options)"]
      return cause
    }
    let times = seats.filter { $0.run == run.id }.compactMap(\.rateAt)
    let due = ([situation?.nextTime].compactMap(\.self) + times + messages.map(\.at)).min()
    if let due, due <= now {
      let late = now.since(due).inShort
      var cause = RunCause(
        .unattended, "it has had something to do for \(late), since \(due.inShort): no process looks after this store")
      cause.since = due
      cause.commands = commands("resume", options)
      return cause
    }
    guard run.status == .paused, situation?.undecided.isEmpty == true else { return nil }
    return RunCause(.paused, "it is paused")
  }

  // MARK: - What it was told

  func message(_ message: NumberedMessage) -> RunCause {
    let what: String
    switch message.message {
    case .signal(let name, _): what = "a signal \(name.words)"
    case .cancel: what = "the wish that it ends"
    case .pause: what = "the wish that it pauses"
    case .resume: what = "the wish that it goes on"
    }
    var cause = RunCause(.message, "\(what), sent at \(message.at.inShort), has not been taken in")
    cause.since = message.at
    if case .signal(let name, _) = message.message { cause.signals = [name] }
    return cause
  }
}

extension SignalName {
  var words: String { name + (key.map { " with the key \($0)" } ?? "") }
}

extension RunSituation.Behind {
  /// What follows the text of a cause.
  var words: String {
    guard count > 0 else { return "" }
    let rest = count > first.count ? " and \(count - first.count) more" : ""
    return "; behind it: \(first.joined(separator: ", "))\(rest)"
  }
}
