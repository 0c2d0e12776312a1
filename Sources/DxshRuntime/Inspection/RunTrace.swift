import DxshPlan
package import DxshTime

/// When the steps of a run could begin, and what each had waited for last: what the fold of a journal shows besides its
/// events.
package struct RunTrace: Sendable, Equatable {
  package struct Step: Sendable, Equatable {
    package var path: String
    /// When nothing that it depends on was left to be awaited.
    package var readyAt: Timestamp
    /// The step whose end made it ready; nil for what the run begins with, and for what a message to the run began.
    package var cause: String?
    package var isWait: Bool
    /// Of a wait: when it was over, or not wanted any more.
    package var endedAt: Timestamp?
  }

  /// In the order in which they became ready. A wait whose signal had come before it began is not among them.
  package private(set) var steps: [Step] = []
  private var places: [String: Int] = [:]
  private var waits: [StepID: Int] = [:]
  /// What is becoming ready now became so by its end.
  private var cause: String?

  package subscript(path: String) -> Step? { places[path].map { steps[$0] } }

  mutating func take(_ event: RecordedEvent) {
    cause = event.path.isEmpty ? nil : event.path
  }

  /// An attempt is wanted; only the first counts.
  mutating func call(_ path: String, at time: Timestamp) {
    guard places[path] == nil else { return }
    add(Step(path: path, readyAt: time, cause: cause, isWait: false))
  }

  mutating func begin(_ wait: StepWait, at time: Timestamp) {
    // It comes and goes with the attempts.
    if wait.id.limit == .active { return }
    waits[wait.id] = steps.count
    add(Step(path: wait.path, readyAt: time, cause: cause, isWait: true))
  }

  /// A wait is over, which may have made others ready.
  mutating func withdraw(_ id: StepID, at time: Timestamp) {
    guard let place = waits.removeValue(forKey: id) else { return }
    steps[place].endedAt = time
    // What ended by itself is what made others ready, not what was withdrawn because of it.
    cause = cause ?? steps[place].path
  }

  private mutating func add(_ step: Step) {
    places[step.path] = steps.count
    steps.append(step)
  }
}
