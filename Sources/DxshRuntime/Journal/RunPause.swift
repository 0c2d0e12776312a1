package import DxshTime

/// That a person has paused a run. Of several pauses the first counts; it is over when somebody resumes the run,
/// cancels it, or reopens it after its end.
package struct RunPause: Sendable, Hashable {
  package var since: Timestamp
  /// In the person's own words.
  package var reason: String?

  package init(since time: Timestamp, reason: String?) {
    self.since = time
    self.reason = reason
  }

  /// What holds once the run has been told something.
  static func after(_ message: RunMessage, at time: Timestamp, _ before: RunPause?) -> RunPause? {
    switch message {
    case .signal: before
    case .cancel, .resume: nil
    case .pause(let reason): before ?? RunPause(since: time, reason: reason)
    }
  }
}

extension RunHistory {
  /// That a person has paused the run; nil when nobody has, or when it is over.
  package var pause: RunPause? { pause(after: []) }

  /// The same once the run has taken in messages that it has not seen yet.
  package func pause(after messages: [NumberedMessage]) -> RunPause? {
    var pause: RunPause?
    for event in events {
      switch event.kind {
      case .received(let message, _): pause = RunPause.after(message, at: event.at, pause)
      case .cancelRequested, .ended, .reopened: pause = nil
      case .started, .attemptStarted, .succeeded, .recalled, .polled, .attemptFailed, .refused, .fellBack,
        .indeterminate, .settled, .cancelled, .timeReached, .clock, .resumed, .migrated:
        break
      }
    }
    for message in messages { pause = RunPause.after(message.message, at: message.at, pause) }
    return pause
  }
}
