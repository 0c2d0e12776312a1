package import DxshTime

/// The time that a run lives in. The command line brings the system's clock, tests a manual one.
package protocol RunClock: Sendable {
  func now() -> Timestamp
  /// Suspends until `deadline` has passed on this clock, or the task is cancelled.
  func sleep(until deadline: Timestamp) async
}
