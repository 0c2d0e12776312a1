import DxshExpressions
import DxshPlan
import DxshTime

/// Going on where the journal ends: the recorded events are folded into a fresh interpreter in their order, and what is
/// then left to do is done.
///
/// Steps are found by their paths. Nothing is called while the events are folded, so a settled step never runs again.
extension Engine {
  /// A step that the interpreter wants, and what the journal says of it so far.
  struct Awaited {
    let call: StepCall
    /// In the order of the commands.
    let order: Int
    /// When a retry is due, by the clock of the process that failed.
    var notBefore: Timestamp?
    var hasStarted = false
    var isCancelled = false
    /// What has been found out about it, and is not recorded yet.
    var end: RecordedEvent.Kind?
  }

  struct Replay {
    fileprivate(set) var steps: [StepID: Awaited] = [:]
    fileprivate(set) var names: [String: StepID] = [:]
    fileprivate var order = 0
    /// The paths of what has just been wanted, and was done before.
    fileprivate var found: [String] = []
    /// What is to be learned from the events beside.
    var survey: Survey?
    /// Pure steps of which the journal may not speak.
    var catchingUp = CatchingUp()

    /// Nil when the step has ended since.
    func awaited(_ id: StepID, order: Int) -> Awaited? {
      guard let step = steps[id], step.order == order, step.end == nil else { return nil }
      return step
    }

    /// The clock was set.
    fileprivate mutating func shift(by change: TimeSpan) {
      for (id, step) in steps { steps[id]?.notBefore = step.notBefore.map { $0.adding(change) ?? $0 } }
    }
  }

  /// Brings the run to where its journal ends, and starts what is due. Throws `.damaged` when the journal does not fit
  /// the plan.
  func replay() throws(RunStoreError) {
    guard history.events.count > 1 else { return interpreter.start(&commands) }
    var replay = Replay()
    try fold(&replay)
    // Who only looks does not know whether the process goes on.
    if trace == nil { interpreter.interruptWork(&commands) }
    record("", .resumed)
    if let change = changeSinceNoted() {
      take(change, context.clock.reading())
      replay.shift(by: change)
    }
    for (id, step) in replay.steps.sorted(by: { $0.value.order < $1.value.order }) { goOn(id, step) }
    if kept.isEmpty { return }
    for wait in waits.values.sorted(by: { $0.step.path < $1.step.path }) { takeKept(wait.step) }
  }

  /// Takes in all events that count.
  func fold(_ replay: inout Replay) throws(RunStoreError) {
    interpreter.start(&commands)
    collect(&replay, at: history.events[0].at)
    for index in standing.indices.dropFirst() {
      let event = history.events[index]
      if replay.survey != nil, let id = replay.names[event.path] {
        replay.survey?.note(event, in: interpreter.failure(around: id))
      }
      if case .resumed = event.kind { interpreter.interruptWork(&commands) }
      interpreter.now = event.at
      trace?.take(event)
      try apply(event, position: index + 1, &replay)
      collect(&replay, at: event.at)
      // From then on the journal says when it was taken.
      if index <= standing.migration { try takeKept(&replay, at: event.at) }
      replay.found = []
    }
  }

  /// Lets what was done before, and has just become wanted, end as it did.
  private func takeKept(_ replay: inout Replay, at time: Timestamp) throws(RunStoreError) {
    while !replay.found.isEmpty {
      let path = replay.found.removeFirst()
      if let result = kept.takeResult(of: path) {
        let kind: RecordedEvent.Kind = result.isGiven ? .fellBack(result.value) : .settled(.done(result.value))
        try apply(RecordedEvent(path: path, kind: kind, at: time), position: result.position, &replay)
      } else if let (chosen, position) = kept.takeTime(of: path) {
        guard let id = replay.names[path], waits[id]?.step.times.contains(where: { $0.chosen == chosen }) == true
        else { continue }
        try apply(RecordedEvent(path: path, kind: .timeReached(chosen: chosen), at: time), position: position, &replay)
      } else if kept.takeBegun(path), let id = replay.names[path] {
        replay.steps[id]?.hasStarted = true
      }
      collect(&replay, at: time)
    }
  }

  /// The steps that a person has to settle where the journal ends, by their paths. Nothing is called and nothing is
  /// written; to be asked of an engine that is not run. Throws `.damaged` as `run` does.
  package func stepsToSettle() throws(RunStoreError) -> [String] {
    isOpening = true
    try replay()
    while performNext() {}
    return indeterminatePaths + interpreter.forgottenSteps
  }

  /// Takes the interpreter's commands without performing them.
  func collect(_ replay: inout Replay, at time: Timestamp) {
    for command in commands {
      switch command {
      case .call(let call):
        var step = Awaited(call: call, order: replay.order)
        if isCaughtUp(call) { replay.catchingUp.want(call.id, order: step.order) }
        if call.delay != .zero { step.notBefore = time.adding(call.delay) ?? .latest }
        replay.order += 1
        replay.steps[call.id] = step
        indeterminate[call.id] = nil
        let path = interpreter.path(of: call.id)
        replay.names[path] = call.id
        if !kept.isEmpty, kept.has(path) { replay.found.append(path) }
        trace?.call(path, at: time)
      case .cancel(let id):
        replay.steps[id]?.isCancelled = true
        if let order = replay.steps[id]?.order { replay.catchingUp.want(id, order: order) }
      case .wait(let wait):
        begin(wait)
        replay.names[wait.path] = wait.id
        if !kept.isEmpty, kept.has(wait.path) { replay.found.append(wait.path) }
        trace?.begin(wait, at: time)
      case .withdraw(let id):
        if let path = indeterminate[id] { forget(id, path, &replay) }
        trace?.withdraw(id, at: time)
        withdraw(id)
      case .hold(let call):
        if !interpreter.isHeld(call.id) { break }
        let path = interpreter.path(of: call.id)
        replay.steps[call.id] = Awaited(call: call, order: replay.order)
        replay.order += 1
        replay.names[path] = call.id
        indeterminate[call.id] = path
      case .conclude(let id, let attempt, let end):
        let path = interpreter.path(of: id)
        replay.names[path] = id
        trace?.call(path, at: time)
        if replay.steps[id] == nil {
          let call = StepCall(
            id: id, scope: interpreter.scope(of: id), arguments: [], attempt: attempt, delay: .zero, timeout: .zero,
            basis: 0)
          replay.steps[id] = Awaited(call: call, order: replay.order)
          replay.order += 1
        }
        replay.steps[id]?.end = end
      case .end(let outcome): self.outcome = outcome
      }
    }
    commands.removeAll(keepingCapacity: true)
  }

  private func apply(
    _ event: RecordedEvent, position: Int, _ replay: inout Replay
  ) throws(RunStoreError) {
    switch event.kind {
    case .started, .resumed: break
    case .migrated: interpreter.renewAccounts([.active], &commands)
    case .ended: catchUp(to: nil, at: event.at, position: position, &replay)
    case .reopened: interpreter.renewDeadlines(&commands)
    case .clock(_, _, let change):
      shift(by: change)
      replay.shift(by: change)
    case .cancelRequested, .received(.cancel, _):
      take(.cancel, at: event.at)
      interpreter.apply(.cancelRequested, at: position, &commands)
    case .received(.signal(let name, let value), _):
      interpreter.apply(.signalled(name, value), at: position, &commands)
    case .received(let message, _): take(message, at: event.at)
    case .timeReached(let chosen):
      if replay.names[event.path] == nil, position > standing.migration {
        catchUp(to: event.path, at: event.at, position: position, &replay)
      }
      guard let id = replay.names[event.path], let wait = waits[id],
        wait.step.times.contains(where: { $0.chosen == chosen })
      else {
        if let id = interpreter.moment(at: event.path) {
          return interpreter.apply(.timeReached(id, chosen: nil), at: position, &commands)
        }
        return try noteStray(event, position: position, &replay)
      }
      replay.names[event.path] = nil
      if !kept.isEmpty, position > standing.migration { kept.drop(event.path) }
      interpreter.apply(.timeReached(id, chosen: chosen), at: position, &commands)
    case .attemptStarted, .succeeded, .recalled, .polled, .attemptFailed, .refused, .fellBack, .indeterminate,
      .settled, .cancelled:
      if replay.names[event.path] == nil, position > standing.migration {
        if try takeForOther(event, position: position, &replay) { return }
        if paths.call(at: event.path) == nil { return }
        catchUp(to: event.path, at: event.at, position: position, &replay)
      }
      guard let id = replay.names[event.path], let step = replay.steps[id] else {
        // An optimizer that was not there when the event was recorded may have removed a pure step.
        if position <= standing.migration, paths.call(at: event.path) == nil { return }
        // Somebody has settled what nobody waits for, or not at the moment.
        if case .settled(let settlement) = event.kind,
          position > standing.migration || interpreter.isForgotten(event.path)
        {
          // It was in doubt under another plan, and is not wanted yet.
          if kept.isSettled(by: settlement, event.path) { return kept.add(event, position: position) }
          return interpreter.settle(event.path, try typed(settlement, of: event.path), at: position)
        }
        return try noteStray(event, position: position, &replay)
      }
      if interpreter.isWorkflow(id) { return giveBack(event, id, position: position, &replay) }
      if !kept.isEmpty, position > standing.migration { kept.drop(event.path) }
      try apply(event, to: step.call, position: position, &replay)
    }
  }

  /// The call of a workflow has fallen back; another plan says anew to what.
  private func giveBack(_ event: RecordedEvent, _ id: StepID, position: Int, _ replay: inout Replay) {
    guard case .fellBack(let value) = event.kind, position > standing.migration else { return }
    forget(id, event.path, &replay)
    interpreter.apply(.given(id, value), at: position, &commands)
  }

  /// The journal speaks of a step that its plan does not have at that point.
  private func noteStray(
    _ event: RecordedEvent, position: Int, _ replay: inout Replay
  ) throws(RunStoreError) {
    let path = event.path
    if position <= standing.migration {
      kept.add(event, position: position)
    } else if case .cancelled = event.kind {
      // What had not begun was caught up with already, and means nothing twice.
      return
    } else if replay.catchingUp.ended.contains(path), paths.call(at: path)?.isReplaceable == true {
      return
    } else if replay.survey?.takesStrays == true {
      replay.survey?.steps.insert(path)
    } else if paths.call(at: path)?.isReplaceable == true {
      replay.catchingUp.keep(event)
    } else if replay.catchingUp.hasCutOff, paths.call(at: path)?.compensation == nil {
      // It was under way when the run failed; there is nothing to be undone.
      return
    } else {
      throw RunStoreError(
        .damaged, "the journal speaks of the step \(path), which its plan does not have at that point")
    }
  }

  func apply(
    _ event: RecordedEvent, to call: StepCall, position: Int, _ replay: inout Replay
  ) throws(RunStoreError) {
    let id = call.id
    switch event.kind {
    case .started, .resumed, .ended, .cancelRequested, .received, .timeReached, .clock, .reopened, .migrated: break
    case .attemptStarted:
      replay.steps[id]?.hasStarted = true
      interpreter.noteBegun(id, &commands)
    case .settled(.done(.none)):
      forget(id, event.path, &replay)
      interpreter.apply(.succeeded(id, .none), at: position, &commands)
    case .succeeded(let value), .recalled(let value), .fellBack(let value), .settled(.done(let value)):
      forget(id, event.path, &replay)
      let bound = bound.call(scope: call.scope, node: Int(id.node))
      do {
        let typed = try bound.decoder.decode(value)
        note(.success(typed), of: call, &replay)
        interpreter.apply(event.isGiven ? .given(id, typed) : .succeeded(id, typed), at: position, &commands)
      } catch {
        throw RunStoreError(
          .damaged, "the result of \(event.path) in the journal does not fit its plan: \(error.message)")
      }
    case .polled:
      forget(id, event.path, &replay)
      interpreter.apply(.polled(id), at: position, &commands)
    case .attemptFailed(let attempt, let kind, let message, let pause):
      forget(id, event.path, &replay)
      let failure = NodeFailure(kind, message, retryAfter: pause)
      note(.failure(failure), of: call, &replay)
      interpreter.apply(.attemptFailed(id, attempt: attempt, failure), at: position, &commands)
    case .refused(let attempt, let breaker, let until):
      forget(id, event.path, &replay)
      let failure = NodeFailure.refused(by: breaker, until: until)
      interpreter.apply(.attemptFailed(id, attempt: attempt, failure), at: position, &commands)
    case .settled(.fail(let message)):
      forget(id, event.path, &replay)
      let failure = NodeFailure("indeterminate", message)
      interpreter.apply(.attemptFailed(id, attempt: call.attempt, failure), at: position, &commands)
    case .settled(.retry):
      forget(id, event.path, &replay)
      interpreter.apply(.retried(id, attempt: call.attempt + 1), at: position, &commands)
    case .indeterminate(let attempt, let message):
      // It stays among the steps: what settles it finds it there.
      replay.steps[id]?.end = nil
      indeterminate[id] = event.path
      interpreter.apply(.indeterminate(id, attempt: attempt, message: message), at: position, &commands)
      if interpreter.isSettling(id) { indeterminate[id] = nil }
    case .cancelled:
      // It was cut off by a failure that counts no more, since the run has another plan or was reopened.
      if interpreter.failure(around: id) == nil {
        replay.steps[id]?.hasStarted = false
        return
      }
      forget(id, event.path, &replay)
      interpreter.apply(.cancelled(id), at: position, &commands)
    }
  }

  private func typed(_ settlement: Settlement, of path: String) throws(RunStoreError) -> Settlement {
    guard case .done(let value) = settlement, value != .none, let call = paths.call(at: path) else {
      return settlement
    }
    do {
      return .done(try TypeDecoder(call.result).decode(value))
    } catch {
      throw RunStoreError(.damaged, "the result of \(path) in the journal does not fit its plan: \(error.message)")
    }
  }

  func forget(_ id: StepID, _ path: String, _ replay: inout Replay) {
    replay.steps[id] = nil
    replay.names[path] = nil
    indeterminate[id] = nil
  }

  /// What is said of a step that had begun when its process ended.
  static let doubt = "it is not known whether it took place: the process that ran it ended"

  /// Does what is left of a step: of a `once` attempt that was under way nobody knows the outcome; every other is made
  /// again.
  private func goOn(_ id: StepID, _ step: Awaited) {
    if let end = step.end { return conclude(id, attempt: step.call.attempt, end) }
    if indeterminate[id] != nil || interpreter.isSettling(id) { return }
    let effect = bound.call(scope: step.call.scope, node: Int(id.node)).plan.effect
    if step.hasStarted, effect == .once {
      return noteIndeterminate(id, attempt: step.call.attempt, Self.doubt)
    }
    if step.isCancelled { return noteCancelled(id) }
    if takeKept(step.call) { return }
    guard let due = step.notBefore else { return start(step.call) }
    setAlarm(at: due, .start(step.call))
  }
}

extension RecordedEvent {
  /// Whether the value is of no call of the step.
  fileprivate var isGiven: Bool {
    switch kind {
    case .fellBack, .recalled: true
    default: false
    }
  }
}
