import DxshRuntime

/// What the row of a run says that its journal says too. Times in milliseconds since the epoch.
struct RunColumns: Equatable {
  var status: String
  var started: Int64
  var ended: Int64?
  var due: Int64?

  /// How long a write may take until the row says when the run ended: a day. Far from it, the row is not what was
  /// written.
  private static let patience: Int64 = 86_400_000

  /// What is wrong with it, in parts of sentences, and what is right.
  /// - isAwaited: whether there are messages that the run has not taken in
  func compared(
    with journal: JournalAudit, isAwaited: Bool
  ) -> (wrong: [String], right: RunColumns) {
    var (wrong, right): ([String], RunColumns) = ([], self)
    right.started = journal.startedAt?.milliseconds ?? started
    if right.started != started { wrong.append("its row has another start than its journal") }
    if let end = journal.end {
      right.compare(withEnd: end.status, at: end.at.milliseconds, &wrong)
    } else if let problem = problem(isAwaited: isAwaited) {
      // What it waits for its next process finds out: to that it is a run whose process died.
      wrong.append(problem)
      right = RunColumns(status: RunStatus.running.rawValue, started: right.started, ended: nil, due: 0)
    }
    return (wrong, right)
  }

  private mutating func compare(withEnd right: RunStatus, at end: Int64, _ wrong: inout [String]) {
    if status != right.rawValue {
      wrong.append("it is \(right.rawValue) by its journal and \(status) by its row")
      status = right.rawValue
    }
    if ended.map({ $0 < end || $0 - end > Self.patience }) ?? true {
      wrong.append("its row has another end than its journal")
      ended = end
    }
    if due != nil {
      wrong.append("it has ended, and its row says that it has something to do")
      due = nil
    }
  }

  /// Of a run that has not ended.
  private func problem(isAwaited: Bool) -> String? {
    guard let known = RunStatus(rawValue: status), !known.isFinal else {
      return "it has not ended by its journal and is \(status) by its row"
    }
    if ended != nil { return "it has not ended by its journal, and its row says when" }
    guard due == nil, known == .running || isAwaited else { return nil }
    return "it has something to do, and its row does not say so"
  }
}
