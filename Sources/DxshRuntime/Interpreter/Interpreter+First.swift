import DxshExpressions
import DxshPlan

/// `first(n)` (rule 34): as soon as n instances of a loop have completed, the others are cut off as if they had failed:
/// what is under way in them is cancelled and awaited, and what they have done is undone. The loop fails once so many
/// cannot complete any more.
///
/// Which instances they are is decided when everything has happened that follows from the event that completed the last
/// of them, and by the places of the events in the journal, so that everybody who folds it comes to the same.
extension Interpreter {
  /// Why a loop over so few elements fails; nil where they may be enough.
  static func shortage(_ wanted: Int?, of count: Int) -> NodeFailure? {
    guard let wanted, count < wanted else { return nil }
    return NodeFailure(exhaustedKind, "\(rounds(wanted)), and there are only \(Counted.text(count, "element"))")
  }

  private static func rounds(_ wanted: Int) -> String {
    "`first(\(wanted))` needs \(Counted.text(wanted, "round")) to complete"
  }

  /// An instance has failed: the rest may not be enough.
  mutating func checkPossible(_ loop: InnerRun, after failure: RunFailure, _ commands: inout [Command]) {
    guard let wanted = loop.wanted, loop.elements.count - loop.failures.count < wanted else { return }
    // Of the step that failed last: when that is made again, it may be possible again.
    var ending = failure
    ending.kind = Self.exhaustedKind
    ending.message =
      "\(Self.rounds(wanted)), and \(loop.failures.count) of \(loop.elements.count) have failed, the last with "
      + "\(failure.kind): \(failure.message)"
    stop(loop.owner, ending, &commands)
  }

  /// An instance has completed; it is kept until it is decided whether it is among the first.
  mutating func noteCompleted(_ instance: ScopeInstance, of loop: InnerRun) {
    loop.completed.append(instance)
    loop.completedCount += 1
    if loop.completedCount == loop.wanted { satisfied.append(loop) }
  }

  /// So many have completed: none starts any more, and those that are under way are cut off.
  mutating func cutOff(_ loop: InnerRun, _ commands: inout [Command]) {
    guard let wanted = loop.wanted, !loop.hasEnded else { return }
    loop.hasEnough = true
    if !loop.isStopped {
      let order = loop.completed.sorted { ($0.completedAt, $0.index) < ($1.completedAt, $1.index) }
      loop.completed = Array(order.prefix(wanted))
      handOverCompleted(of: loop)
      // They are as if they had not got so far.
      for instance in order.dropFirst(wanted) {
        instance.isOver = false
        loop.running.append(instance)
      }
      loop.next = loop.elements.count
      var ending = RunFailure(
        kind: RunFailure.cancellation.kind, message: "enough rounds have completed",
        path: path(of: loop.node, in: loop.owner), attempt: 0)
      ending.isCutOff = true
      for instance in loop.running { stop(instance, ending, &commands) }
    }
    continueLoop(loop, &commands)
  }

  /// What those that have completed have done is undone with the scope around.
  func handOverCompleted(of loop: InnerRun) {
    for instance in loop.completed {
      loop.owner.undoable += instance.undoable
      instance.undoable = []
      loop.spare.append(instance)
    }
    loop.completed = []
  }

  // MARK: - In a workflow that is repeated

  /// How many instances had begun when the workflow around failed: they begin again at once, so that each has undone
  /// what it has done, or completed, when it is decided who is among the first.
  func begunBefore(_ node: Int, in instance: ScopeInstance) -> Int {
    guard let run = instance.workflow.remembering,
      case .given(.int(let count))? = run.memory[begunPath(of: node, in: instance)]?.what
    else { return 0 }
    return Int(count)
  }

  func rememberBegun(_ loop: InnerRun) {
    guard loop.wanted != nil, let run = loop.owner.workflow.remembering else { return }
    run.memory[begunPath(of: loop.node, in: loop.owner)] = Remembered(
      what: .given(.int(Int64(loop.next))), position: position, failure: nil)
  }

  private func begunPath(of node: Int, in instance: ScopeInstance) -> String {
    path(of: node, in: instance) + "@begun"
  }
}
