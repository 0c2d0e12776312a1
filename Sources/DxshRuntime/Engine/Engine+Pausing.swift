import DxshPlan
import DxshTime
import HeapModule

/// What keeps a run from going on: that its inbox has not been read yet, or that a person has paused it.
///
/// Calls that are under way end and are recorded; nothing new starts, no attempt that comes due, and no wait is over
/// because of the time, nor does the run end. What is told the run meanwhile it takes in.
extension Engine {
  var isHolding: Bool { isOpening || pause != nil }

  /// Whether something is to happen at some time.
  var hasAlarms: Bool { !alarms.isEmpty || !heldAlarms.isEmpty }

  /// Reads the inbox before anything starts: it may say that nothing is to.
  func open() async throws(RunStoreError) {
    while performNext() {}
    try await readInbox()
    while performNext() {}
    isOpening = false
    letGo()
  }

  func take(_ message: RunMessage, at time: Timestamp) {
    let wasHolding = isHolding
    pause = RunPause.after(message, at: time, pause)
    if isHolding { hold() } else if wasHolding { letGo() }
  }

  /// Whether an alarm has to wait until the run goes on; those of calls that are under way have not.
  func isHeld(_ alarm: Alarm) -> Bool {
    guard isHolding else { return false }
    return switch alarm.kind {
    case .start, .wait: true
    case .deadline(let id): flights[id] == nil
    case .answer, .timeout, .silence: false
    }
  }

  private func hold() {
    holdParked()
    for call in takeAllQueued() { queue.insert(call, rank(call)) }
    let held = alarms.unordered.filter(isHeld)
    guard !held.isEmpty else { return }
    heldAlarms += held
    alarms = Heap(alarms.unordered.filter { !isHeld($0) })
  }

  /// Calls that wait for the journal have not begun, but for those of which it says so already.
  private func holdParked() {
    let held = parked.unordered.filter { parked in
      flights[parked.call.id].map { $0.number == parked.flight && $0.effect != .once } ?? false
    }
    guard !held.isEmpty else { return }
    parked = Heap(parked.unordered.filter { !held.contains($0) })
    for parked in held.sorted() {
      unpark(parked.call.id)
      giveBack(parked.call.id)
      queue.insert(parked.call, rank(parked.call))
    }
  }

  /// Goes on with what was held, unless something holds it still.
  private func letGo() {
    guard !isHolding else { return }
    for alarm in heldAlarms { if isStale(alarm) { noteDropped(alarm) } else { alarms.insert(alarm) } }
    heldAlarms = []
    commands.insert(contentsOf: takeAllQueued().map { .call($0.atOnce) }, at: nextCommand)
  }

  /// Leaves a run that a person has paused to the store; nil when it was told something meanwhile.
  func leavePaused(_ pause: RunPause) async throws(RunStoreError) -> EngineStop? {
    noteClock()
    try await flush(status: .paused)
    // What came after the inbox was last read, and before the store knew that nobody would read it again.
    if try await readInbox() { return nil }
    timer?.task.cancel()
    return .pausedByHand(pause)
  }
}

extension StepCall {
  /// Its time has come.
  fileprivate var atOnce: StepCall {
    var call = self
    call.delay = .zero
    return call
  }
}
