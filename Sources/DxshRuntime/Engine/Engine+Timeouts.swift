import DxshTime

/// Attempts that are ended before they end by themselves: they take too long (`timeout`), give no sign of life for too
/// long (`heartbeat`), or use more than they may.
extension Engine {
  static func timedOut(_ call: StepCall) -> NodeFailure {
    NodeFailure("timeout", "no answer within \(call.timeout)", isOutcomeUnknown: true)
  }

  func watch(_ id: StepID, flight: Int, _ life: SignsOfLife, _ span: TimeSpan) {
    flights[id]?.life = life
    setAlarm(after: span, .silence(id, flight: flight, span))
  }

  /// Ends an attempt that has given no sign of life for so long; of one that has, asks again when it may be so.
  func endSilent(_ id: StepID, flight: Int, after span: TimeSpan) {
    guard let life = flights[id]?.life, let rest = span.subtracting(life.silence) else { return }
    if rest > .zero { return setAlarm(after: rest, .silence(id, flight: flight, span)) }
    flights[id]?.silence = span
    flights[id]?.task?.cancel()
  }

  /// Why an attempt that has failed was ended; nil where it was not, or is not wanted any more.
  func reasonOfEnd(_ flight: Flight) -> NodeFailure? {
    if flight.isPastDeadline { return Self.deadlinePassed(isOutcomeUnknown: true) }
    if let overuse = flight.overuse { return NodeFailure("limit", overuse, isOutcomeUnknown: true) }
    if let silence = flight.silence {
      return NodeFailure("timeout", "no sign of life for \(silence)", isOutcomeUnknown: true)
    }
    return flight.isTimedOut ? NodeFailure("timeout", "no answer in time", isOutcomeUnknown: true) : nil
  }
}
