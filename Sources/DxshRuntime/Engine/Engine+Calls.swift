import DxshExpressions
import DxshPlan
import DxshTime
import HeapModule

/// Starting calls, and what comes of them.
extension Engine {
  /// Performs one command; false when there is none.
  func performNext() -> Bool {
    guard nextCommand < commands.count else {
      commands.removeAll(keepingCapacity: true)
      nextCommand = 0
      return false
    }
    let command = commands[nextCommand]
    nextCommand += 1
    switch command {
    case .call(let call):
      if takeKept(call) { break }
      if call.delay == .zero { start(call) } else { setAlarm(after: call.delay, .start(call)) }
    case .cancel(let id): cancel(id)
    case .wait(let wait):
      begin(wait)
      takeKept(wait)
    case .withdraw(let id): withdraw(id)
    case .hold(let call): hold(call)
    case .conclude(let id, let attempt, let end): conclude(id, attempt: attempt, end)
    case .end(let outcome): self.outcome = outcome
    }
    if nextCommand > 4096 {
      commands.removeFirst(nextCommand)
      nextCommand = 0
    }
    return true
  }

  /// Starts the next call that waits for a place, if there is one and a place.
  func startQueued() -> Bool {
    guard !queue.isEmpty, placesTaken < width, !isDraining, !isHolding, let call = queue.popFirst() else {
      return false
    }
    reservations.idle.remove(call.id)
    guard isMissing(call) else {
      giveBack(call.id)
      return true
    }
    guard isAdmitted(call) else {
      seats.asking.insert(call.id)
      return true
    }
    let bound = bound.call(scope: call.scope, node: Int(call.id.node))
    let due = admit(call, bound)
    if due > journal.durable {
      park(call, bound, until: due)
    } else if let node = bound.immediate {
      answer(call, bound, node)
    } else {
      launch(call, bound)
    }
    return true
  }

  /// Calls a node that answers at once; puts the others into the queue.
  func start(_ call: StepCall) {
    // Its scope is ending, and the command that says so of the call is still to come.
    if interpreter.failure(around: call.id) != nil { return noteCancelled(call.id) }
    let bound = bound.call(scope: call.scope, node: Int(call.id.node))
    guard !isDraining, !isHolding else { return queue.insert(call, rank(call)) }
    if isOver(call) { return }
    guard isMissing(call) else { return }
    // What answers at once takes nobody's place, unless it says that it uses something.
    guard let node = bound.immediate, call.needs?.reservesNothing ?? true else { return enqueue(call) }
    guard isAdmitted(call) else { return }
    let due = admit(call, bound)
    if due > journal.durable { park(call, bound, until: due) } else { answer(call, bound, node) }
  }

  /// Records what an attempt's protocol asks for before it starts, and says how much of the journal must be durable by
  /// then (rule 64): nothing for what only reads, what it was computed from for what acts, and for a `once` step its
  /// intent too.
  private func admit(_ call: StepCall, _ bound: BoundPlan.Call) -> Int {
    let started = { self.noteStart(call) }
    let isNoted = bound.immediate == nil || bound.plan.countsFromBeginning
    switch bound.plan.effect {
    case .pure, .read:
      if isNoted { _ = started() }
      return 0
    case .idempotent, .keyed, .transactional:
      // After a silence longer than the lease, only the store knows whether the run is still this process's.
      if claim?.isHeld == false { return started() }
      if isNoted { _ = started() }
      return journal.isRecording ? call.basis : 0
    case .once: return started()
    }
  }

  @discardableResult
  private func noteStart(_ call: StepCall) -> Int {
    let position = record(interpreter.path(of: call.id), .attemptStarted(attempt: call.attempt))
    interpreter.noteBegun(call.id, &commands)
    return position
  }

  func answer(_ call: StepCall, _ bound: BoundPlan.Call, _ node: any ImmediateNode) {
    observer?.stepStarted(call.id, path: interpreter.path(of: call.id), attempt: call.attempt)
    do throws(NodeFailure) {
      switch try node.answer(request(call, bound), in: context) {
      case .value(let value): settle(call.id, attempt: call.attempt, decode(value, bound))
      case .after(let span, let value):
        // Where it matters what is under way, the journal says so of what takes time.
        if interpreter.countsWork, !interpreter.underWay.contains(call.id) { noteStart(call) }
        let flight = takeOff(call, bound.plan.effect)
        if span > call.timeout {
          flights[call.id]?.isTimedOut = true
          setAlarm(after: call.timeout, .answer(call.id, flight: flight, .failure(Self.timedOut(call))))
        } else {
          setAlarm(after: span, .answer(call.id, flight: flight, decode(value, bound)))
        }
      }
    } catch {
      fail(call.id, attempt: call.attempt, bound.plan.effect, error)
    }
  }

  /// Runs a node that waits for the world in a task of its own.
  func launch(_ call: StepCall, _ bound: BoundPlan.Call) {
    observer?.stepStarted(call.id, path: interpreter.path(of: call.id), attempt: call.attempt)
    let life = call.heartbeat == nil ? nil : SignsOfLife(context.clock)
    let request = request(call, bound, life)
    let (implementation, decoder) = (bound.implementation, bound.decoder)
    let (context, mail, resources) = (context, mail, resources)
    let (id, reservation) = (call.id, reservations.held[call.id]?.number)
    let flight = takeOff(call, bound.plan.effect)
    flights[id]?.task = Task {
      let result: Result<Value, NodeFailure>
      do {
        let value = try await implementation.call(request, in: context)
        result = Self.decode(value, decoder)
      } catch let failure as NodeFailure {
        result = .failure(failure)
      } catch is CancellationError {
        result = .failure(NodeFailure("cancelled", "the call was cancelled", isOutcomeUnknown: true))
      } catch {
        result = .failure(NodeFailure("failed", "\(error)", isOutcomeUnknown: true))
      }
      mail.post(.finished(id, flight: flight, result))
      if let reservation { resources.noteEnd(of: reservation) }
    }
    setAlarm(after: call.timeout, .timeout(id, flight: flight))
    if let life, let heartbeat = call.heartbeat { watch(id, flight: flight, life, heartbeat) }
  }

  /// Notes a call as under way; returns the number of its flight.
  func takeOff(_ call: StepCall, _ effect: Effect) -> Int {
    flightCount += 1
    flights[call.id] = Flight(number: flightCount, attempt: call.attempt, effect: effect)
    return flightCount
  }

  func request(_ call: StepCall, _ bound: BoundPlan.Call, _ life: SignsOfLife? = nil) -> NodeCall {
    NodeCall(
      parameters: bound.parameters, arguments: call.arguments, resultType: bound.plan.result,
      key: bound.plan.effect > .idempotent ? key(of: interpreter.path(of: call.id)) : "", attempt: call.attempt,
      path: bound.isSpeaking && context.keep != nil ? interpreter.path(of: call.id) : "", meter: meter(call),
      life: life)
  }

  /// A step that was undone is another one when it is made again, and so is what undoes it: who knows the key would
  /// answer with what was before. One that has another name now is the same.
  private func key(of path: String) -> String {
    let undone = standing.undone[Plan.undone(by: path) ?? path] ?? 0
    return "\(runID)/\(history.origin(of: path))" + (undone == 0 ? "" : "#\(undone + 1)")
  }

  /// A node that answers off its type fails (rule 49).
  func decode(_ value: Value, _ bound: BoundPlan.Call) -> Result<Value, NodeFailure> {
    Self.decode(value, bound.decoder)
  }

  private static func decode(_ value: Value, _ decoder: TypeDecoder) -> Result<Value, NodeFailure> {
    do {
      return .success(try decoder.decode(value))
    } catch {
      return .failure(NodeFailure("decode", error.message))
    }
  }

  // MARK: - Ends

  /// An answer came: of a call that may since have timed out or been cancelled. What took place counts all the same.
  func finish(_ id: StepID, flight number: Int, _ result: Result<Value, NodeFailure>) {
    guard let flight = flights[id], flight.number == number else { return }
    flights[id] = nil
    switch result {
    case .success: settle(id, attempt: flight.attempt, result)
    case .failure(var failure):
      if let reason = reasonOfEnd(flight) {
        failure = reason
      } else if flight.isCancelled {
        guard flight.effect == .once else { return noteCancelled(id) }
        failure = NodeFailure("cancelled", "the call was cut off", isOutcomeUnknown: true)
      }
      fail(id, attempt: flight.attempt, flight.effect, failure)
    }
  }

  func settle(_ id: StepID, attempt: Int, _ result: Result<Value, NodeFailure>) {
    switch result {
    case .success(let value):
      do throws(EvaluationError) {
        if try !interpreter.isEnough(value, for: id) {
          // There is no other call, and what this one gave is not the step's result.
          if interpreter.failure(around: id) != nil { return noteCancelled(id) }
          guard let end = try interpreter.endOfPolls(of: id, at: noticeClock()) else { return notePoll(id) }
          // The call has succeeded all the same, which is what its breaker hears.
          return noteFailure(id, attempt: attempt, end, finding: .works)
        }
      } catch {
        return settle(id, attempt: attempt, .failure(interpreter.nodeFailure(error)))
      }
      let position = record(interpreter.path(of: id), .succeeded(value))
      noteResult(of: id, value)
      noteEnd(of: id, .works)
      observer?.stepEnded(id, path: interpreter.path(of: id), failure: nil, next: .nothing)
      interpreter.apply(.succeeded(id, value), at: position, &commands)
    case .failure(let unsafe):
      let failure = unsafe.redacted(by: redactor)
      noteFailure(id, attempt: attempt, failure, finding: failure.finding)
    }
  }

  /// - event: what is recorded; nil for what failures are
  /// - finding: what it says about the other side
  func noteFailure(
    _ id: StepID, attempt: Int, _ failure: NodeFailure, as event: RecordedEvent.Kind? = nil,
    finding: Breaker.Finding
  ) {
    let event =
      event
      ?? .attemptFailed(
        attempt: attempt, kind: failure.kind, message: failure.message, retryAfter: failure.retryAfter)
    let position = record(interpreter.path(of: id), event)
    noteEnd(of: id, finding)
    let path = observer == nil ? "" : interpreter.path(of: id)
    let before = commands.count
    interpreter.apply(.attemptFailed(id, attempt: attempt, failure), at: position, &commands)
    let next = next(of: id, after: attempt, since: before)
    if next != .attempt { noteResult(of: id, nil) }
    observer?.stepEnded(id, path: path, failure: failure, next: next)
  }

  /// What comes after an attempt that has failed, by the commands that have come since.
  private func next(of id: StepID, after attempt: Int, since before: Int) -> StepNext {
    for command in commands[before...] {
      switch command {
      case .call(let call) where call.id == id && call.attempt == attempt + 1: return .attempt
      case .conclude(id, _, .fellBack): return .fallback
      default: break
      }
    }
    return .nothing
  }

  /// The call has succeeded, and there is to be another.
  private func notePoll(_ id: StepID) {
    let path = interpreter.path(of: id)
    let position = record(path, .polled(number: interpreter.pollCount(of: id) + 1))
    noteEnd(of: id, .works)
    observer?.stepEnded(id, path: path, failure: nil, next: .attempt)
    interpreter.apply(.polled(id), at: position, &commands)
  }

  /// A failure of a `once` step that leaves open whether it took place makes it indeterminate (rule 63). Where nothing
  /// is kept, nobody could settle it: there it is a failure of that kind.
  func fail(_ id: StepID, attempt: Int, _ effect: Effect, _ failure: NodeFailure) {
    guard effect == .once, failure.isOutcomeUnknown else {
      return settle(id, attempt: attempt, .failure(failure))
    }
    let message = "it is not known whether it took place: \(failure.message)"
    let hasPolicy = bound.call(of: id, in: interpreter).plan.onInterrupt != nil
    if journal.isRecording || hasPolicy { return noteIndeterminate(id, attempt: attempt, message) }
    settle(id, attempt: attempt, .failure(NodeFailure("indeterminate", message)))
  }

  func noteIndeterminate(_ id: StepID, attempt: Int, _ message: String) {
    let path = interpreter.path(of: id)
    let message = redactor.redacted(message)
    indeterminate[id] = path
    let position = record(path, .indeterminate(attempt: attempt, message: message))
    noteEnd(of: id, .fails)
    noteResult(of: id, nil)
    observer?.stepEnded(id, path: path, failure: NodeFailure("indeterminate", message), next: .nothing)
    interpreter.apply(.indeterminate(id, attempt: attempt, message: message), at: position, &commands)
    if interpreter.isSettling(id) { indeterminate[id] = nil }
  }

  /// Records what has been found out about a step, and lets it happen.
  func conclude(_ id: StepID, attempt: Int, _ end: RecordedEvent.Kind) {
    let path = interpreter.path(of: id)
    switch end {
    case .settled(.done(let value)):
      interpreter.apply(.succeeded(id, value), at: record(path, end), &commands)
    case .fellBack(let value):
      let position = record(path, end)
      observer?.stepEnded(id, path: path, failure: nil, next: .nothing)
      interpreter.apply(.given(id, value), at: position, &commands)
    case .settled(.retry):
      interpreter.apply(.retried(id, attempt: attempt + 1), at: record(path, end), &commands)
    case .settled(.fail(let message)):
      let failure = NodeFailure("indeterminate", message)
      interpreter.apply(.attemptFailed(id, attempt: attempt, failure), at: record(path, end), &commands)
    case .attemptFailed(_, let kind, let message, _):
      settle(id, attempt: attempt, .failure(NodeFailure(kind, message)))
    case .indeterminate(_, let message):
      if journal.isRecording { return noteIndeterminate(id, attempt: attempt, message) }
      settle(id, attempt: attempt, .failure(NodeFailure("indeterminate", message)))
    default: preconditionFailure("nothing else is concluded")
    }
  }

  /// Nobody waits for the step any more; its identifier may be used again.
  func withdraw(_ id: StepID) {
    waits[id] = nil
    indeterminate[id] = nil
  }

  /// Where nothing is kept, nobody could settle it: there the failure stands.
  private func hold(_ call: StepCall) {
    // Its scope has ended since, because of what was commanded before.
    if !interpreter.isHeld(call.id) { return }
    if journal.isRecording { return indeterminate[call.id] = interpreter.path(of: call.id) }
    let failure = NodeFailure("failed", "nobody can settle it")
    interpreter.apply(.attemptFailed(call.id, attempt: call.attempt, failure), at: 0, &commands)
  }

  func noteCancelled(_ id: StepID) {
    let position = record(interpreter.path(of: id), .cancelled)
    noteEnd(of: id, .nothing)
    noteResult(of: id, nil)
    observer?.stepEnded(
      id, path: interpreter.path(of: id), failure: NodeFailure("cancelled", "cancelled"), next: .nothing)
    interpreter.apply(.cancelled(id), at: position, &commands)
  }

  private func cancel(_ id: StepID) {
    // The step has ended by itself since, and its identifier is another's.
    guard interpreter.failure(around: id) != nil else { return }
    if let flight = flights[id] {
      flights[id]?.isCancelled = true
      if let task = flight.task { return task.cancel() }
      if flight.isParked {
        unpark(id)
        return noteCancelled(id)
      }
      return finish(id, flight: flight.number, .failure(NodeFailure("cancelled", "cancelled")))
    }
    // It waits for a place or for its next attempt, or its command is still to come.
    if dropQueued(id) || dropAlarm(of: id) || dropCommand(of: id) || takeSeeking(id) != nil
      || dropLookup(id)
    {
      noteCancelled(id)
    }
  }

  /// A call that waits for the journal is not to be made any more.
  func unpark(_ id: StepID) {
    flights[id] = nil
    if bound.call(of: id, in: interpreter).immediate != nil { parkedWithoutPlace -= 1 }
  }

  private func dropQueued(_ id: StepID) -> Bool { takeQueued(id) != nil }

  /// Takes a call that waits for a place out of the queue.
  func takeQueued(_ id: StepID) -> StepCall? { queue.remove(id) ?? takeReserving(id) }

  private func dropAlarm(of id: StepID) -> Bool {
    let isOther = { (alarm: Alarm) in if case .start(let call) = alarm.kind { call.id != id } else { true } }
    let (kept, held) = (alarms.unordered.filter(isOther), heldAlarms.filter(isOther))
    guard kept.count < alarms.count || held.count < heldAlarms.count else { return false }
    alarms = .init(kept)
    heldAlarms = held
    return true
  }

  private func dropCommand(of id: StepID) -> Bool {
    let position = commands[nextCommand...].firstIndex { command in
      if case .call(let call) = command { call.id == id } else { false }
    }
    guard let position else { return false }
    commands.remove(at: position)
    return true
  }
}
