import DxshExpressions
package import DxshTime

/// A delay that a failure asks for, such as HTTP's `Retry-After`: there is no other attempt before.
extension NodeFailure {
  /// Nobody is waited for longer: who asks for more has failed for good, so that nobody else decides when a run ends.
  package static let longestRetryAfter = TimeSpan(nanoseconds: 86_400_000_000_000)

  /// What is said of it after the failure's message.
  package static func words(retryAfter pause: TimeSpan?) -> String {
    pause.map { "; it asks to be left alone for \($0)" } ?? ""
  }

  /// Whether it asks for more than anybody waits.
  var asksForTooLong: Bool { retryAfter.map { $0 > Self.longestRetryAfter } ?? false }

  /// As the last of its step, which would have had another attempt if it did not ask for too long.
  var tooLongToWaitFor: NodeFailure {
    NodeFailure(
      kind,
      "\(message)\(Self.words(retryAfter: retryAfter)), and no attempt waits longer than \(Self.longestRetryAfter)")
  }

  private static let shape = RecordShape(["kind", "message", "retry_after"])

  /// What the policies of a step see of its failure.
  var value: Value {
    .record(RecordValue(Self.shape, [.text(kind), .text(message), retryAfter.map { .duration($0) } ?? .none]))
  }
}
