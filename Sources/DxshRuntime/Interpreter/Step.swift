package import DxshExpressions
package import DxshTime

/// A step instance in memory: a node of one instance of a scope. Dense, and reused once the instance has ended.
package struct StepID: Hashable, Sendable {
  /// The number of the scope's instance among those alive.
  package let instance: Int32
  /// The number of the node in its scope.
  package let node: Int32

  package init(instance: Int, node: Int) {
    self.instance = Int32(instance)
    self.node = Int32(node)
  }
}

/// What the engine is to do next.
package enum Command: Sendable {
  case call(StepCall)
  /// The step is no longer wanted: its call is to end, which an event will say.
  case cancel(StepID)
  /// The times are to be watched for.
  case wait(StepWait)
  /// A wait is over, or not wanted any more; or nobody waits for the step to be settled any more.
  case withdraw(StepID)
  /// The attempt has failed for good, and the step waits for a person to settle it.
  case hold(StepCall)
  /// What an attempt came to has been found out: that is to be recorded of the step, and to happen.
  case conclude(StepID, attempt: Int, RecordedEvent.Kind)
  /// Nothing is left to do and nothing is in flight.
  case end(RunOutcome)
}

/// An attempt to be made.
package struct StepCall: Sendable {
  package let id: StepID
  /// The number of the scope in the plan.
  package let scope: Int
  package let arguments: [Value]
  /// From 1.
  package let attempt: Int
  /// How long to wait before it starts.
  package internal(set) var delay: TimeSpan
  package let timeout: TimeSpan
  /// How long it may give no sign of life; nil for as long as it takes.
  var heartbeat: TimeSpan?
  /// How much of the journal, in events, it was computed from: a step that is dangerous starts only when so much is
  /// durable (rule 64).
  package let basis: Int
  /// Nil where nothing but its own run limits it.
  var limits: StepLimits?
  /// Nil where it uses nothing worth telling, and goes when its turn comes.
  var needs: StepNeeds?
  /// Nil where its result is used by its own run alone.
  var cache: StepCache?
}

/// A wait that has begun: what an event is to say when it comes.
package struct StepWait: Sendable {
  package struct Time: Sendable, Hashable {
    package var at: Timestamp
    /// The number of the alternative that comes about then; nil when the wait is over without one.
    package let chosen: Int?
    /// Whether it is meant by the clock; if not, it is so much after the wait began, whatever the clock says.
    package let isTimeOfDay: Bool
  }

  package let id: StepID
  /// Its stable path: its scope may have ended before anybody asks.
  package let path: String
  package var times: [Time]
  package let signals: [SignalName]
}

/// What happened to a step: the only things that the interpreter learns.
package enum RunEvent: Sendable {
  case succeeded(StepID, Value)
  /// A call has succeeded whose `poll` wants another result.
  case polled(StepID)
  case attemptFailed(StepID, attempt: Int, NodeFailure)
  /// The step has a value that no call of it gave: of its `fallback`, or of a call in another run.
  case given(StepID, Value)
  /// Nobody knows whether the attempt's effect took place; the step waits for somebody to settle it (rule 63).
  case indeterminate(StepID, attempt: Int, message: String)
  /// An indeterminate step is to be tried once more.
  case retried(StepID, attempt: Int)
  /// The call has ended because it was cancelled.
  case cancelled(StepID)
  /// Somebody has sent a signal.
  case signalled(SignalName, Value)
  /// One of the times of a wait has come.
  case timeReached(StepID, chosen: Int?)
  /// Somebody wants the run to end.
  case cancelRequested
}

extension RunEvent {
  /// The step whose attempt, if one was under way, is over with it.
  var ended: StepID? {
    switch self {
    case .succeeded(let id, _), .polled(let id), .attemptFailed(let id, _, _), .given(let id, _),
      .indeterminate(let id, _, _), .retried(let id, _), .cancelled(let id):
      id
    case .signalled, .timeReached, .cancelRequested: nil
    }
  }
}

/// How a run ended.
package enum RunOutcome: Sendable, Equatable {
  /// With the output; `none` when the workflow has none.
  case succeeded(Value)
  case failed(RunFailure)
  case cancelled
}

/// Why a run, or an instance of a loop, failed.
package struct RunFailure: Sendable, Hashable {
  /// A kind that a node throws or the engine raises (rule 60).
  package var kind: String
  package var message: String
  /// The stable path of the step: `enrich[3]`.
  package var path: String
  /// Of the attempt that failed for good; 0 where there was none.
  package var attempt: Int
  /// What `NodeFailure` says; nil of the end of a run, after which nobody tries again by himself.
  var retryAfter: TimeSpan?
  /// Whether nothing has failed: enough others have completed.
  var isCutOff = false

  package init(kind: String, message: String, path: String, attempt: Int) {
    self.kind = kind
    self.message = message
    self.path = path
    self.attempt = attempt
  }

  /// Of everything that was under way when somebody wanted the run to end.
  static let cancellation = RunFailure(kind: "cancelled", message: "the run was cancelled", path: "", attempt: 0)
}
