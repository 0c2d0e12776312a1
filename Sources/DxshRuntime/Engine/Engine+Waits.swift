import DxshPlan
package import DxshTime
import HeapModule

/// Waits, the inbox, and leaving a run that waits to the store.
extension Engine {
  struct OpenWait {
    /// Unique in the engine, as identifiers of steps are used again.
    let number: Int
    var step: StepWait
  }

  /// Watches for the times of a wait.
  func begin(_ wait: StepWait) {
    waitCount += 1
    waits[wait.id] = OpenWait(number: waitCount, step: wait)
    for time in wait.times {
      let kind = Alarm.Kind.wait(wait.id, number: waitCount, chosen: time.chosen)
      setAlarm(at: time.at, isTimeOfDay: time.isTimeOfDay, kind)
    }
  }

  /// One of the times of a wait has come.
  func reach(_ id: StepID, number: Int, chosen: Int?) {
    guard let wait = waits[id], wait.number == number else { return }
    let position = record(wait.step.path, .timeReached(chosen: chosen))
    interpreter.apply(.timeReached(id, chosen: chosen), at: position, &commands)
  }

  // MARK: - The inbox

  /// Takes in what others have told the run; returns whether there was anything.
  @discardableResult
  func readInbox() async throws(RunStoreError) -> Bool {
    hasNews = false
    guard journal.isRecording else { return false }
    let messages = try await store.messages(to: runID, after: seen)
    for message in messages {
      seen = message.number
      let position = record("", .received(message.message, number: message.number))
      take(message.message, at: interpreter.now)
      switch message.message {
      case .signal(let name, let value): interpreter.apply(.signalled(name, value), at: position, &commands)
      case .cancel: interpreter.apply(.cancelRequested, at: position, &commands)
      case .pause, .resume: break
      }
    }
    return !messages.isEmpty
  }

  // MARK: - Leaving

  /// Why the run is not gone on with here, once everything is durable; nil when it is.
  func leave() async throws(RunStoreError) -> EngineStop? {
    guard flights.isEmpty else { return nil }
    if let pause { return try await leavePaused(pause) }
    if isDraining, commands.isEmpty {
      timer?.task.cancel()
      try await flush(status: .running)
      return .left
    }
    guard mayLeave else { return nil }
    let paths = indeterminatePaths
    noteClock()
    try await flush(status: paths.isEmpty ? .waiting : .paused)
    // What came after the inbox was last read, and before the store knew that nobody would read it again.
    if try await readInbox() { return nil }
    timer?.task.cancel()
    guard paths.isEmpty else { return .paused(indeterminate: paths) }
    precondition(!waits.isEmpty || !alarms.isEmpty, "the run waits for nothing")
    return .waiting(waits.values.map(WaitingStep.init).sorted { $0.path < $1.path })
  }

  private var mayLeave: Bool {
    if seats.isUnsettled { return false }
    guard let next = nextAlarm else { return waits.isEmpty || !journal.isRecording || leaving != .never }
    if next <= noticeClock() { return false }
    switch leaving {
    case .never: return false
    case .whenWaiting: return journal.isRecording
    case .whenSignalled:
      guard journal.isRecording else { return false }
      return alarms.unordered.allSatisfy { alarm in
        if case .wait(let id, _, _) = alarm.kind {
          isStale(alarm) || !(waits[id]?.step.signals.isEmpty ?? true)
        } else {
          isStale(alarm)
        }
      }
    }
  }
}

/// A wait that has begun and is not over.
package struct WaitingStep: Sendable, Hashable {
  package var path: String
  package var signals: [SignalName]
  /// When it is over, or goes on by itself; nil for never.
  package var until: Timestamp?

  init(_ wait: Engine.OpenWait) {
    path = wait.step.path
    signals = wait.step.signals
    until = wait.step.times.map(\.at).min()
  }
}
