package import DxshExpressions
package import DxshTime

/// What happened in a run, as its journal keeps it: steps are named by their stable paths, never by a position.
///
/// A run is the fold of its events over its plan; nothing else is needed to go on with it.
package struct RecordedEvent: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// The first of every journal.
    case started(input: [Value])
    /// An attempt is about to be made. For a `once` step this is durable before the attempt starts.
    case attemptStarted(attempt: Int)
    case succeeded(Value)
    /// The step was not called: its result was there, of the same call in some run.
    case recalled(Value)
    /// A call has succeeded, and its step waits for another result: the how manieth, from 1. What it gave is not kept.
    case polled(number: Int)
    /// - retryAfter: how long whoever was called asks to be left alone, from then on
    case attemptFailed(attempt: Int, kind: String, message: String, retryAfter: TimeSpan? = nil)
    /// The attempt was not made, as the step's breaker is open: until then, as far as anybody can say.
    case refused(attempt: Int, breaker: String, until: Timestamp?)
    /// The step has failed for good, and gives this instead.
    case fellBack(Value)
    /// Whether the attempt's effect took place is not known (rule 63).
    case indeterminate(attempt: Int, message: String)
    /// Somebody has decided about an indeterminate step.
    case settled(Settlement)
    /// The step is not wanted any more, and its call has ended if it had started.
    case cancelled
    case cancelRequested
    /// Somebody has told the run something, by way of its inbox.
    case received(RunMessage, number: Int64)
    /// A wait is over because of the time: of that alternative, or of the wait as a whole. How late that was noticed
    /// is what lies between that time and the event's.
    case timeReached(chosen: Int?)
    /// How the clocks stood when the run was left, or when it was noticed that the clock had been set, by `change`: the
    /// event's time of day beside the uptime of a boot (`ClockReading`).
    case clock(boot: String, uptime: TimeSpan, change: TimeSpan)
    /// Another process went on with the run.
    case resumed
    case ended(RunOutcome)
    /// Somebody has reopened the run after its end. Of what was recorded before, nothing counts any more of these
    /// steps, by their paths, nor that the run ended, was to be cancelled or was paused (`StandingEvents`).
    case reopened(dropped: [String])
    /// From here on the run has another plan. What was recorded before counts as `StandingEvents` says, by the paths
    /// that the new plan has: those that are not named are not in it.
    /// - input: what the run was given, one value for each parameter of the new plan
    case migrated(input: [Value], paths: [String: String])
  }

  /// The step's path, such as `enrich[3]`; empty for what happens to the run as a whole.
  package var path: String
  package var kind: Kind
  package var at: Timestamp

  package init(path: String, kind: Kind, at: Timestamp) {
    self.path = path
    self.kind = kind
    self.at = at
  }
}

/// What somebody decides about a step of which nobody knows whether its effect took place.
package enum Settlement: Sendable, Equatable {
  /// It took place; the value is what the step would have given, or `none` where nobody reads it.
  case done(Value)
  /// It did not take place, or may take place again.
  case retry
  case fail(message: String)
}
