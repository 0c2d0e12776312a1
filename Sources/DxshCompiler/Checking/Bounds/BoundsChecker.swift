import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// Compares how long a workflow may take, and how wide it may be, with what its header says.
///
/// It is asked once all workflows are checked, since what they call counts too.
struct BoundsChecker {
  let session: CheckSession

  func check(_ declaration: WorkflowDeclaration, _ workflow: CheckedWorkflow, _ finder: inout WorstCaseFinder) {
    checkLimits(declaration, workflow, &finder)
    for schedule in declaration.schedules { checkInterval(of: schedule, workflow, &finder) }
    if let concurrency = workflow.limits.concurrency { checkWidths(in: declaration.body, concurrency) }
  }

  // MARK: - Schedules

  /// What is asked for longer than the interval piles up (E0510), unless the author says what happens to the next run;
  /// where a run is merely too long, that is W0406.
  private func checkInterval(
    of schedule: ScheduleDeclaration, _ workflow: CheckedWorkflow, _ finder: inout WorstCaseFinder
  ) {
    guard let interval = session.intervals[schedule.name.range] else { return }
    let overlap = schedule.fields.value(of: "overlap")
    if overlap == nil || overlap?.path == "queue", schedule.fields.value(of: "except") == nil,
      let approval = workflow.approval, let deadline = approval.constantDeadline, deadline > interval.usual
    {
      session.report(.approvalsPileUp(approval, deadline, schedule, interval: interval.usual))
    } else if overlap == nil, let longest = try? finder.limitedCase(of: workflow).duration(on: workflow.places),
      longest > interval.shortest
    {
      session.report(.selfOverlap(schedule, longest: longest, interval: interval.shortest))
    }
  }

  // MARK: - Limits

  private func checkLimits(
    _ declaration: WorkflowDeclaration, _ workflow: CheckedWorkflow, _ finder: inout WorstCaseFinder
  ) {
    guard let fields = declaration.limits?.fields else { return }
    let active = limit("active", in: fields)
    if let active, let (what, timeout) = workflow.body.longestAttempt, timeout > active.span {
      session.report(.attemptAboveActive(what, timeout, limit: active.span, at: active.range))
    }
    guard let duration = limit("duration", in: fields) else { return }
    if let active, active.span > duration.span {
      session.report(.activeAboveDuration(active.span, duration.span, at: active.range))
    }
    if let (what, timeout) = workflow.body.longestTimeout, timeout > duration.span {
      session.report(.timeoutAboveLimit(what, timeout, limit: duration.span, at: duration.range))
    } else if let longest = try? finder.worstCase(of: workflow).duration(on: workflow.places), longest > duration.span {
      session.report(.mayExceedLimit(longest, limit: duration.span, at: duration.range))
    }
  }

  private func limit(_ name: String, in fields: [FieldEntry]) -> (span: TimeSpan, range: SourceRange)? {
    guard let value = fields.value(of: name) else { return nil }
    let typed = session.probing {
      ExpressionChecker(session: session, scope: NoNames()).check(value, expecting: .duration)
    }
    guard typed.type == .duration, case .duration(let span)? = typed.expression.constantValue,
      span > .zero
    else { return nil }
    return (span, value.range)
  }

  // MARK: - Widths

  /// A loop that is wider than its run is never as wide as it says.
  private func checkWidths(in block: Block, _ concurrency: Int) {
    for item in block.items {
      if case .loop(let loop) = item, let policy = loop.policies.first(where: { $0.path.text == "parallel" }),
        let value = policy.arguments.first?.value, let width = value.whole, width > Int64(concurrency)
      {
        session.report(.widerThanLimit(Int(clamping: width), concurrency, at: value.range))
      }
      for inner in item.blocks { checkWidths(in: inner, concurrency) }
    }
  }
}

extension CheckedScope {
  fileprivate typealias Timed = (what: String, TimeSpan)

  /// The longest `timeout` of an attempt that is written, where it is a constant, and what has it, for people.
  fileprivate var longestAttempt: Timed? {
    longest { leaf in
      if case .call(let call) = leaf.kind, case .duration(let span)? = call.policies.timeout?.constantValue {
        [("one attempt of `\(leaf.path)`", span)]
      } else {
        []
      }
    }
  }

  /// The longest time that is written of something, attempts among it.
  fileprivate var longestTimeout: Timed? {
    longest { leaf in
      switch leaf.kind {
      case .call(let call):
        [
          ("one attempt of `\(leaf.path)`", call.policies.timeout), ("`\(leaf.path)`", call.policies.deadline),
        ].compactMap(Self.timed)
      case .invocation(let invocation):
        [("`\(leaf.path)`", invocation.policies.deadline)].compactMap(Self.timed)
      case .approval(let approval):
        approval.constantDeadline.map { [("the approval `\(leaf.path)`", $0)] } ?? []
      case .wait(let wait): Self.shortest(of: wait.plan).map { [("the wait `\(leaf.path)`", $0)] } ?? []
      case .value, .condition, .assertion, .failure, .loop, .iteration, .attempt, .output, .barrier, .invalid: []
      }
    }
  }

  private static func timed(_ what: String, _ span: Expression?) -> Timed? {
    if case .duration(let span)? = span?.constantValue { (what, span) } else { nil }
  }

  /// How long a wait takes that nothing but a time ends.
  private static func shortest(of wait: PlanWait) -> TimeSpan? {
    let spans = wait.alternatives.map { alternative -> TimeSpan? in
      guard case .delay(let span) = alternative.source, case .duration(let span)? = span.constantValue else {
        return nil
      }
      return span
    }
    return spans.contains(nil) || wait.timeout != nil ? nil : spans.compactMap(\.self).min()
  }

  /// The first of the longest, also in what stands inside.
  private func longest(_ times: (CheckedLeaf) -> [Timed]) -> Timed? {
    var longest: Timed?
    var open = [self]
    while let scope = open.popLast() {
      for leaf in scope.leaves {
        for other in times(leaf) where other.1 > longest?.1 ?? .zero { longest = other }
        switch leaf.kind {
        case .loop(let loop): open.append(loop.body)
        case .iteration(let iteration): open.append(iteration.body)
        case .attempt(let attempt): open += [attempt.handler, attempt.body]
        case .value, .call, .condition, .assertion, .failure, .invocation, .approval, .wait, .output, .barrier,
          .invalid:
          break
        }
      }
    }
    return longest
  }
}

extension Diagnostic {
  fileprivate static func selfOverlap(
    _ schedule: ScheduleDeclaration, longest: TimeSpan, interval: TimeSpan
  ) -> Diagnostic {
    Diagnostic(
      .selfOverlap,
      "a run may take \(longest), and `\(schedule.name.text)` may start the next after \(interval)",
      at: schedule.name.range,
      help: "say what happens then: `overlap: skip`, `queue`, `allow` or `cancel_running`; or shorten the timeouts")
  }

  fileprivate static func approvalsPileUp(
    _ approval: CheckedApproval, _ deadline: TimeSpan, _ schedule: ScheduleDeclaration, interval: TimeSpan
  ) -> Diagnostic {
    let name = approval.name.text
    return Diagnostic(
      .approvalsPileUp,
      "`\(name)` may wait \(deadline) for people, who are asked again after \(interval)",
      at: schedule.name.range, related: [Related(approval.name.range, "this approval")],
      help: "give it a shorter `timeout`, or say what the next run does: `overlap: skip`, `cancel_running`, `allow`"
    )
  }

  fileprivate static func activeAboveDuration(
    _ active: TimeSpan, _ duration: TimeSpan, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "a run that may take \(duration) in all is never active for \(active)", at: range,
      help: "`active` is a part of `duration`, which counts waits too")
  }

  fileprivate static func attemptAboveActive(
    _ what: String, _ timeout: TimeSpan, limit: TimeSpan, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "\(what) may take \(timeout), longer than the run may work in all", at: range,
      help: "give it a shorter `timeout`, or the run more than \(limit)")
  }

  fileprivate static func timeoutAboveLimit(
    _ what: String, _ timeout: TimeSpan, limit: TimeSpan, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "\(what) may take \(timeout), longer than the whole run", at: range,
      help: "give it a shorter `timeout`, or the run more than \(limit)")
  }

  fileprivate static func mayExceedLimit(_ longest: TimeSpan, limit: TimeSpan, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .mayExceedLimit, "a run may take \(longest) before it ends by itself, and is stopped after \(limit)", at: range,
      help: "where every attempt takes all of its time; shorten timeouts or attempts if that must not happen")
  }

  fileprivate static func widerThanLimit(_ width: Int, _ concurrency: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .widerThanLimit,
      "no more than \(concurrency) steps of this workflow run at once, so `parallel(\(width))` is too many",
      at: range, help: "write `parallel(\(concurrency))`, or raise `limits { concurrency }`",
      fix: Fix("write `\(concurrency)`", [Edit(range, "\(concurrency)")]))
  }
}
