import DxshTime

/// Steps whose attempts have to be over by a moment (`Interpreter+Deadlines`).
extension Engine {
  /// Whether the time of a call is over before it could start, which it then has failed for; watches the time of one
  /// that has some left.
  func isOver(_ call: StepCall) -> Bool {
    guard let deadline = interpreter.deadline(of: call.id) else { return false }
    if deadline <= noticeClock() {
      settle(call.id, attempt: call.attempt, .failure(Self.deadlinePassed()))
      return true
    }
    if armedDeadlines[call.id] != deadline {
      armedDeadlines[call.id] = deadline
      setAlarm(at: deadline, .deadline(call.id))
    }
    return false
  }

  /// The alarm rings, or is for what has ended.
  func noteDropped(_ alarm: Alarm) {
    if case .deadline(let id) = alarm.kind { armedDeadlines[id] = nil }
  }

  /// What is under way is cut off, and what has not begun does not begin.
  func passDeadline(of id: StepID) {
    guard let flight = flights[id] else {
      // One that is to be called later finds it when it comes to that.
      guard let call = takeQueued(id) ?? takeSeeking(id) else { return }
      return settle(id, attempt: call.attempt, .failure(Self.deadlinePassed()))
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

  static func deadlinePassed(isOutcomeUnknown: Bool = false) -> NodeFailure {
    NodeFailure(Interpreter.deadlineKind, "its deadline has passed", isOutcomeUnknown: isOutcomeUnknown)
  }
}
