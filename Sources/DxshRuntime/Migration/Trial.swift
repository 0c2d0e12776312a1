import DxshPlan

/// What a run would do otherwise than is meant if it went on with another plan: found by folding its journal over both.
struct Trial {
  private(set) var findings: [RunChange.Finding] = []

  /// - before, after: how the run stands by its own plan and by the new one
  /// - destination: what a path of its own plan is in the new one
  init(_ before: RunSituation, _ after: RunSituation, in new: PlanPaths, destination: (String) -> String?) {
    if after.outcome == nil, after.attempts.isEmpty, after.waits.isEmpty, after.undecided.isEmpty {
      add("", "the run would have nothing to go on with: let it end first")
    }
    for path in after.kept { checkKept(path, new) }
    let waits = Dictionary(after.waits.map { ($0.step.path, $0.step) }) { first, _ in first }
    if waits.isEmpty { return }
    for wait in before.waits {
      if let now = destination(wait.step.path).flatMap({ waits[$0] }) { compare(wait.step, with: now) }
    }
    for step in before.trace.steps where step.isWait && step.endedAt != nil {
      // How long a workflow may take, or work, is what the new version says.
      if TimeLimit.limited(by: step.path) != nil { continue }
      guard before.waits.allSatisfy({ $0.step.path != step.path }), let path = destination(step.path),
        waits[path] != nil
      else { continue }
      add(
        step.path,
        "the wait \(step.path) is over, and the new version would wait there again: keep what it is for, or let "
          + "the run end first")
    }
  }

  private mutating func add(_ path: String, _ message: String) {
    findings.append(.init(.needsMigration, path, message))
  }

  /// What was done, and is not wanted by the new plan so far.
  private mutating func checkKept(_ path: String, _ new: PlanPaths) {
    if let undone = Plan.undone(by: path) {
      add(undone, "\(undone) was undone, as the run was failing, and would count as done again: let the run end first")
    } else if new.call(at: path)?.compensation != nil {
      add(
        path,
        "\(path) took place, and would not be undone if the run failed before the steps that the new version has "
          + "before it: put them behind it, or let the run end first")
    }
  }

  /// A signal that somebody is about to send must still be waited for.
  private mutating func compare(_ before: WaitingStep, with after: WaitingStep) {
    if Set(after.signals).isSuperset(of: before.signals) { return }
    let words = { (step: WaitingStep) in
      step.signals.isEmpty ? "no signal" : step.signals.map { "a signal \($0.words)" }.joined(separator: " or ")
    }
    add(
      before.path,
      "the run waits at \(before.path) for \(words(before)), and would wait for \(words(after)): keep the old "
        + "one too, or let the run end first")
  }
}
