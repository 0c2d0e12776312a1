import DxshExpressions
import DxshRuntime
import DxshTime

/// What happened in a run and what its nodes said, as lines for people.
enum RunLines {
  /// A line of the log.
  static func text(_ line: LogLine) -> String {
    let level = line.level == .info ? "" : " (\(line.level.rawValue))"
    return "\(time(line.at)) \(PrintableText.line(line.path))\(level) | \(PrintableText.line(line.text))"
  }

  /// An event of the journal; nil for one that says nothing to people. No values are shown.
  static func text(_ event: RecordedEvent) -> String? {
    guard let words = words(event) else { return nil }
    return "\(time(event.at)) \(PrintableText.line("\(event.path.isEmpty ? "run" : event.path) \(words)"))"
  }

  static func time(_ time: Timestamp) -> String {
    (Timestamp(seconds: time.seconds, nanoseconds: Int64(time.nanoseconds) / 1_000_000 * 1_000_000) ?? time)
      .description
  }

  private static func words(_ event: RecordedEvent) -> String? {
    switch event.kind {
    case .started: return "started"
    case .attemptStarted(let attempt): return "begins attempt \(attempt)"
    case .succeeded: return "succeeded"
    case .polled(let number): return "is not what it waits for, at poll \(number)"
    case .refused(let attempt, let breaker, let until):
      return "failed at attempt \(attempt): circuit_open: \(NodeFailure.refused(by: breaker, until: until).message)"
    case .attemptFailed(let attempt, let kind, let message, let pause):
      return "failed at attempt \(attempt): \(kind): \(message)\(NodeFailure.words(retryAfter: pause))"
    case .recalled: return "has the result of an earlier call"
    case .fellBack: return "falls back to what its policy says"
    case .indeterminate(_, let message): return "is indeterminate: \(message)"
    case .settled(.done): return "is settled as done"
    case .settled(.retry): return "is settled: it is to be tried again"
    case .settled(.fail(let message)): return "is settled as failed: \(message)"
    case .cancelled: return "is cancelled"
    case .cancelRequested, .received(.cancel, _): return "is to be cancelled"
    case .received(.signal(let name, _), _):
      return "got a signal \(name.name)" + (name.key.map { " with the key \($0)" } ?? "")
    case .received(.pause(let reason), _): return "is to pause" + (reason.map { ": \($0)" } ?? "")
    case .received(.resume, _): return "is to go on"
    case .reopened(let dropped): return "is reopened; made again: \(dropped.joined(separator: ", "))"
    case .migrated: return "goes on with another version of its workflow"
    case .timeReached: return "has waited until its time"
    case .clock(_, _, let change): return change == .zero ? nil : "went on with a clock that was set by \(change)"
    case .resumed: return "was taken up by another process"
    case .ended(.succeeded): return "succeeded"
    case .ended(.cancelled): return "is cancelled"
    case .ended(.failed(let failure)):
      let place = failure.path.isEmpty ? "" : " in \(failure.path)"
      return "failed\(place): \(failure.kind): \(failure.message)"
    }
  }
}
