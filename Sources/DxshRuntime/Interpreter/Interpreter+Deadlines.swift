import DxshTime

/// `deadline` (rule 42): counted from when the step first could start, by the journal, so that every process that goes
/// on with the run comes to the same moment. The engine cuts off what is under way then.
extension Interpreter {
  static let deadlineKind = "deadline"

  /// When a step that is under way, or is to be tried again, has to be over; nil for never, and for one that waits for
  /// a person.
  func deadline(of id: StepID) -> Timestamp? {
    // The instance may be another's by now, of fewer nodes.
    guard let instance = instances[Int(id.instance)], let deadline = instance.deadlines[Int(id.node)],
      instance.states[Int(id.node)] == .running
    else { return nil }
    return deadline
  }

  /// The clock was set: what counts how long something takes goes on counting.
  mutating func shiftDeadlines(by change: TimeSpan) {
    for case let instance? in instances where !instance.deadlines.isEmpty {
      for (node, deadline) in instance.deadlines {
        instance.deadlines[node] = deadline.adding(change) ?? deadline
      }
    }
  }

  /// Of an attempt after which there is no time for another.
  static func lastBeforeDeadline(_ failure: NodeFailure, _ attempt: Int) -> NodeFailure {
    let last = "attempt \(attempt) ended with \(failure.kind): \(failure.message)"
    return NodeFailure(deadlineKind, "its deadline passes before attempt \(attempt + 1); \(last)")
  }
}
