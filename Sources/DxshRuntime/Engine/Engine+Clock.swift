import DxshTime
import HeapModule

/// Clocks that somebody sets while the run goes on, or while it waits in its store.
///
/// What counts how long something takes (delays, timeouts, the time before another attempt) goes on counting; only
/// `until` is about the time of day. All times are kept by the clock as it is set at the moment: when it is set, those
/// that count are moved by as much, and the journal says so, so that every process comes to the same times.
extension Engine {
  /// The time of day; looks first whether the clock was set since it was last looked at.
  @discardableResult
  func noticeClock() -> Timestamp {
    let now = context.clock.reading()
    guard let before = lastReading, hasAlarms else {
      lastReading = now
      return now.time
    }
    if let change = now.change(since: before) { take(change, now) }
    return now.time
  }

  /// Notes how the clocks stand, when the run is left with something that counts: who goes on with it can tell then
  /// whether the clock was set meanwhile.
  func noteClock() {
    let counts = { (alarm: Alarm) in !alarm.isTimeOfDay && !self.isStale(alarm) }
    guard alarms.unordered.contains(where: counts) || heldAlarms.contains(where: counts) else { return }
    let now = context.clock.reading()
    record("", .clock(boot: context.clock.boot, uptime: now.uptime, change: .zero))
  }

  /// By how much the clock was set since the journal last noted how it stood; nil when it was not, or when the machine
  /// was started since.
  func changeSinceNoted() -> TimeSpan? {
    for event in history.events.reversed() {
      guard case .clock(let boot, let uptime, _) = event.kind else { continue }
      guard boot == context.clock.boot else { return nil }
      return context.clock.reading().change(since: ClockReading(time: event.at, uptime: uptime))
    }
    return nil
  }

  /// Records that the clock was set, and moves what counts.
  func take(_ change: TimeSpan, _ now: ClockReading) {
    lastReading = now
    record("", .clock(boot: context.clock.boot, uptime: now.uptime, change: change))
    shift(by: change)
  }

  /// Moves all times that count how long something takes.
  func shift(by change: TimeSpan) {
    alarms = Heap(alarms.unordered.map { $0.shifted(by: change) })
    heldAlarms = heldAlarms.map { $0.shifted(by: change) }
    interpreter.shiftDeadlines(by: change)
    armedDeadlines = armedDeadlines.mapValues { moments in Set(moments.map { $0.adding(change) ?? $0 }) }
    for id in waits.keys { waits[id]?.step.shift(by: change) }
    // Waits that begin with what was recorded before.
    for place in commands.indices.dropFirst(nextCommand) {
      guard case .wait(var wait) = commands[place] else { continue }
      wait.shift(by: change)
      commands[place] = .wait(wait)
    }
  }
}

extension Engine.Alarm {
  fileprivate func shifted(by change: TimeSpan) -> Engine.Alarm {
    var moved = self
    if !isTimeOfDay { moved.at = at.adding(change) ?? at }
    return moved
  }
}

extension StepWait {
  fileprivate mutating func shift(by change: TimeSpan) {
    for place in times.indices where !times[place].isTimeOfDay {
      times[place].at = times[place].at.adding(change) ?? times[place].at
    }
  }
}
