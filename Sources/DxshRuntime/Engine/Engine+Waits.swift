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
      switch message.message {
      case .signal(let name, let value): interpreter.apply(.signalled(name, value), at: position, &commands)
      case .cancel: interpreter.apply(.cancelRequested, at: position, &commands)
      case .pause, .resume: break
      }
      // What a pause held goes on last, so that nothing begins that a cancellation ends.
      take(message.message, at: interpreter.now)
    }
    return !messages.isEmpty
  }

  // MARK: - Leaving

  /// Why the run is not gone on with here, once everything is durable; nil when it is.
  func leave() async throws(RunStoreError) -> EngineStop? {
    // While a write is awaited things happen, after which there may be something to do.
    guard flights.isEmpty, !journal.isFlushing else { return nil }
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
    // That a workflow has to be over by then is what nobody waits for.
    let open = waits.filter { !$0.key.isMoment }
    return .waiting((open.values.map(WaitingStep.init) + calls).sorted { $0.path < $1.path })
  }

  /// The calls that are to be made at a time.
  private var calls: [WaitingStep] {
    alarms.unordered.compactMap { alarm in
      guard case .start(let call) = alarm.kind else { return nil }
      let polls = call.attempt == 1 ? interpreter.pollCount(of: call.id) : 0
      return WaitingStep(
        path: interpreter.path(of: call.id), signals: [], until: alarm.at,
        call: polls > 0 ? .poll(polls + 1) : .attempt(call.attempt))
    }
  }

  /// For as long as this a run is kept, for each event of its journal, which whoever takes it up has to read, and at
  /// least: reading is a small part of the time however often it waits.
  private static let patience = (
    ofEvent: TimeSpan(nanoseconds: 1_000_000), least: TimeSpan(nanoseconds: 1_000_000_000)
  )

  private var mayLeave: Bool {
    if seats.isUnsettled || !reservations.isUnused { return false }
    guard let next = nextAlarm else { return waits.isEmpty || !journal.isRecording || leaving != .never }
    let now = noticeClock()
    if next <= now { return false }
    switch leaving {
    case .never: return false
    case .whenWaiting: return journal.isRecording
    case .whenWorthwhile:
      let patience = Self.patience.ofEvent.multiplied(by: Int64(journal.recorded)) ?? .zero
      return journal.isRecording && (hasToMakeRoom || next.since(now) > max(patience, Self.patience.least))
    case .whenSignalled:
      guard journal.isRecording else { return false }
      return alarms.unordered.allSatisfy { alarm in
        if case .wait(let id, _, _) = alarm.kind {
          isStale(alarm) || id.isMoment || !(waits[id]?.step.signals.isEmpty ?? true)
        } else {
          isStale(alarm)
        }
      }
    }
  }
}

/// A wait that has begun and is not over, or a call that is to be made at a time.
package struct WaitingStep: Sendable, Hashable {
  /// The how manieth, from 1.
  package enum Call: Sendable, Hashable {
    case poll(Int)
    case attempt(Int)
  }

  package var path: String
  package var signals: [SignalName]
  /// When it is over, or goes on by itself; nil for never.
  package var until: Timestamp?
  /// What is done then; nil for a wait.
  package var call: Call?

  init(path: String, signals: [SignalName], until: Timestamp?, call: Call? = nil) {
    self.path = path
    self.signals = signals
    self.until = until
    self.call = call
  }

  init(_ wait: Engine.OpenWait) {
    self.init(path: wait.step.path, signals: wait.step.signals, until: wait.step.times.map(\.at).min())
  }

  /// What it waits for, for people: `a signal ack or the time …`, or `polls again in 10s (poll 3)`.
  package func words(at now: Timestamp) -> String {
    let left = until.map { max($0.since(now), .zero).inShort } ?? ""
    switch call {
    case .poll(let number): return "polls again in \(left) (poll \(number))"
    case .attempt(1): return "is called in \(left)"
    case .attempt(let number): return "is tried again in \(left) (attempt \(number))"
    case nil: break
    }
    let signals = signals.map { "a signal \($0.words)" }
    return (signals + (until.map { ["the time \($0)"] } ?? [])).joined(separator: " or ")
  }
}
