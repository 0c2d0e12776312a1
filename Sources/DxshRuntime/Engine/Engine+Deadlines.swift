import DxshTime

/// Steps whose attempts have to be over by a moment (`Interpreter+Deadlines`).
extension Engine {
  /// By when something has to have come of a call that has not begun: it is over at its deadline, and may have to begin
  /// before. Nil for never.
  func nextMoment(of id: StepID) -> Timestamp? {
    [interpreter.deadline(of: id), interpreter.latestStart(of: id)?.at].compactMap(\.self).min()
  }

  /// Whether the time of a call is over before it could start, which it then has failed for; watches the times of one
  /// that has some left.
  func isOver(_ call: StepCall) -> Bool {
    guard let moment = nextMoment(of: call.id) else { return false }
    if moment <= noticeClock() {
      failLate(call, tooLate(call, at: moment))
      return true
    }
    watch(interpreter.deadline(of: call.id), of: call.id)
    watch(interpreter.latestStart(of: call.id)?.at, of: call.id)
    return false
  }

  private func watch(_ moment: Timestamp?, of id: StepID) {
    guard let moment, armedDeadlines[id, default: []].insert(moment).inserted else { return }
    setAlarm(at: moment, .deadline(id))
  }

  /// The alarm rings, or is for what has ended.
  func noteDropped(_ alarm: Alarm) {
    guard case .deadline(let id) = alarm.kind else { return }
    armedDeadlines[id]?.remove(alarm.at)
    if armedDeadlines[id]?.isEmpty == true { armedDeadlines[id] = nil }
  }

  /// What is under way is cut off, and what has not begun does not begin.
  func passDeadline(of id: StepID, at moment: Timestamp) {
    guard let flight = flights[id] else {
      // What it waits for is known as long as it does.
      guard let call = queuedCall(id) else { return }
      let failure = tooLate(call, at: moment)
      // One that is to be called later finds it when it comes to that.
      guard let call = takeQueued(id) ?? takeSeeking(id) else { return }
      return failLate(call, failure)
    }
    if flight.isParked {
      unpark(id)
      return settle(id, attempt: flight.attempt, .failure(Self.deadlinePassed()))
    }
    // One that has been cut off already only has to end.
    if flight.isCancelled || flight.task != nil && flight.isTimedOut { return }
    flights[id]?.isPastDeadline = true
    if let task = flight.task { return task.cancel() }
    finish(id, flight: flight.number, .failure(Self.deadlinePassed(isOutcomeUnknown: true)))
  }

  /// Nothing was called, so that says nothing of the other side.
  func failLate(_ call: StepCall, _ failure: NodeFailure) {
    noteFailure(call.id, attempt: call.attempt, failure.redacted(by: redactor), finding: .nothing)
  }

  /// What a call that has not begun fails with at one of its moments.
  func tooLate(_ call: StepCall, at moment: Timestamp) -> NodeFailure {
    guard let start = interpreter.latestStart(of: call.id), start.at == moment,
      interpreter.deadline(of: call.id) != moment
    else { return Self.deadlinePassed() }
    return Interpreter.lateStart(start.within, waitedFor: whatIsMissing(for: call))
  }

  /// What an attempt waits for that has not begun, for people.
  private func whatIsMissing(for call: StepCall) -> String {
    if let seat = seats.all[call.id] {
      switch seat.stage {
      case .wanted, .queued:
        if let pool = seat.limits.pool { return "a slot of the pool \(pool.name)" }
        if let rate = seat.limits.rate { return "its time of the rate \(rate.key)" }
        if let breaker = seat.limits.breaker { return "the breaker \(breaker.name)" }
      case .resting: if let rate = seat.limits.rate { return "its time of the rate \(rate.key)" }
      case .given: break
      }
    }
    if reservations.isWanting(call.id) { return "what it uses of the machine" }
    return "a place: at most \(Counted.text(width, "step")) of its run may be under way at once"
  }

  /// A call that waits for something before it begins.
  private func queuedCall(_ id: StepID) -> StepCall? {
    queue.call(id) ?? reservations.queue.call(id) ?? reservations.waiting[id]?.call ?? takeSeeking(id)
  }

  static func deadlinePassed(isOutcomeUnknown: Bool = false) -> NodeFailure {
    NodeFailure(Interpreter.deadlineKind, "its deadline has passed", isOutcomeUnknown: isOutcomeUnknown)
  }
}
