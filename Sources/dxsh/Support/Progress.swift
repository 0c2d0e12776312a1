import DxshRuntime
import DxshTime
import Glibc
import Synchronization

/// Tells on standard error how a run goes: a live line on a terminal, a line for each step elsewhere.
final class Progress: RunObserver {
  private struct State {
    var running: [StepID: (path: String, since: Timestamp)] = [:]
    var done = 0
    var failed = 0
    var isDrawn = false
  }

  /// Kinds that say how a step ended.
  private static let words = ["cancelled", "indeterminate"]

  private let state = Mutex(State())
  private let clock: SystemClock
  private let isLive: Bool
  private let started: Timestamp

  init(clock: SystemClock, isLive: Bool) {
    self.clock = clock
    self.isLive = isLive
    self.started = clock.now()
  }

  func stepStarted(_ id: StepID, path: @autoclosure () -> String, attempt: Int) {
    let path = path()
    state.withLock { $0.running[id] = (path, clock.now()) }
  }

  func stepEnded(_ id: StepID, path: @autoclosure () -> String, failure: NodeFailure?, next: StepNext) {
    let now = clock.now()
    let name = path()
    state.withLock { state in
      let step = state.running.removeValue(forKey: id)
      if next == .nothing { if failure == nil { state.done += 1 } else { state.failed += 1 } }
      let elapsed = Self.seconds(now.since(step?.since ?? now))
      if let failure {
        let outcome =
          switch next {
          case .attempt: "retry"
          case .fallback: "fallback"
          case .nothing: Self.words.contains(failure.kind) ? failure.kind : "failed"
          }
        line("\(outcome) \(name) after \(elapsed): \(failure.message)", &state)
      } else if next == .attempt {
        line("poll \(name) after \(elapsed): not what it waits for", &state)
      } else if !isLive {
        line("done \(name) in \(elapsed)", &state)
      }
    }
  }

  /// A line of the run's own, such as `log.info` writes.
  func say(_ text: String) {
    state.withLock { line(text, &$0) }
  }

  /// Draws the live line ten times a second until cancelled.
  func redraw() async {
    guard isLive else { return }
    while !Task.isCancelled {
      state.withLock { draw(&$0) }
      try? await Task.sleep(for: .milliseconds(100))
    }
    state.withLock { clear(&$0) }
  }

  private func line(_ text: String, _ state: inout State) {
    clear(&state)
    Output.error(text)
  }

  private func draw(_ state: inout State) {
    let now = clock.now()
    let names = state.running.values.sorted { $0.since < $1.since }.prefix(3)
      .map { "\($0.path) \(Self.seconds(now.since($0.since)))" }
    let counts = "\(state.running.count) running, \(state.done) done, \(state.failed) failed"
    let text = "\(Self.seconds(now.since(started)))  \(counts)  \(names.joined(separator: "  "))"
    Output.raw(error: "\r\u{1B}[2K" + String(text.prefix(100)))
    state.isDrawn = true
  }

  private func clear(_ state: inout State) {
    if state.isDrawn { Output.raw(error: "\r\u{1B}[2K") }
    state.isDrawn = false
  }

  private static func seconds(_ span: TimeSpan) -> String {
    let milliseconds = span.clampedNanoseconds / 1_000_000
    return "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())s"
  }
}
