import DxshTime

/// When a step with a `deadline` has to be over.
struct StepDeadline {
  private let span: TimeSpan
  private(set) var at: Timestamp

  init(_ span: TimeSpan, from start: Timestamp) {
    self.span = span
    at = start.adding(span) ?? .latest
  }

  /// It counts anew.
  mutating func begin(at start: Timestamp) { self = StepDeadline(span, from: start) }

  mutating func shift(by change: TimeSpan) { at = at.adding(change) ?? at }
}

/// `deadline` (rule 42): counted from when the step first could start, by the journal, so that every process that goes
/// on with the run comes to the same moment. The engine cuts off what is under way then.
///
/// The time in which a person was asked is not the step's: it counts anew when the run is reopened, and when somebody
/// has said that an attempt of which nobody knew is to be made again.
extension Interpreter {
  static let deadlineKind = "deadline"

  /// When a step that is under way, or is to be tried again, has to be over; nil for never, and for one that waits for
  /// a person.
  func deadline(of id: StepID) -> Timestamp? {
    // The instance may be another's by now, of fewer nodes.
    guard let instance = instances[Int(id.instance)], let deadline = instance.deadlines[Int(id.node)]?.at,
      instance.states[Int(id.node)] == .running
    else { return nil }
    return deadline
  }

  /// The clock was set: what counts how long something takes goes on counting.
  mutating func shiftDeadlines(by change: TimeSpan) {
    for case let instance? in instances where !instance.deadlines.isEmpty {
      for node in instance.deadlines.keys { instance.deadlines[node]?.shift(by: change) }
    }
  }

  /// The run goes on after its end: what is to be done again has as much time as at first.
  mutating func renewDeadlines() {
    for case let instance? in instances where !instance.deadlines.isEmpty {
      for node in instance.deadlines.keys { instance.deadlines[node]?.begin(at: now) }
    }
  }

  /// Of an attempt after which there is no time for another.
  static func lastBeforeDeadline(_ failure: NodeFailure, _ attempt: Int) -> NodeFailure {
    let last = "attempt \(attempt) ended with \(failure.kind): \(failure.message)"
    return NodeFailure(deadlineKind, "its deadline passes before attempt \(attempt + 1); \(last)")
  }
}
