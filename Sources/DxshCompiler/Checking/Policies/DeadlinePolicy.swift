import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// `deadline(d)`: how long all attempts may take together with the delays between them (rule 42).
extension PolicyChecker {
  func deadline(_ call: Call) -> Expression {
    span(call, "a step takes some time, so its `deadline` is above 0s")
  }

  /// What is written beside each other has to fit.
  func checkSpans(_ policies: StepPolicies, _ calls: [Call]) {
    guard case .duration(let deadline)? = known(policies.deadline) else { return }
    /// The policy of a name, where its time is longer than the deadline.
    func longer(_ name: PolicyName, _ span: Expression?) -> (TimeSpan, Call)? {
      guard case .duration(let span)? = known(span), span > deadline,
        let call = calls.first(where: { $0.path.text == name.rawValue })
      else { return nil }
      return (span, call)
    }
    if let (timeout, call) = longer(.timeout, policies.timeout) {
      session.report(.timeoutAboveDeadline(timeout, deadline, at: call.range))
    }
    if let (start, call) = longer(.startBy, policies.startBy) {
      session.report(.startAboveDeadline(start, deadline, at: call.range))
    }
    if let (budget, call) = longer(.retry, policies.retry?.budget) {
      session.report(.budgetAboveDeadline(budget, deadline, at: call.range))
    }
  }
}

extension Diagnostic {
  fileprivate static func startAboveDeadline(
    _ start: TimeSpan, _ deadline: TimeSpan, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "it may wait \(start) for its first attempt, longer than the \(deadline) of all together",
      at: range, help: "give it a shorter `start_by`, or a longer `deadline`")
  }

  fileprivate static func budgetAboveDeadline(
    _ budget: TimeSpan, _ deadline: TimeSpan, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "attempts may begin for \(budget), longer than the \(deadline) of all together", at: range,
      help: "give the `retry` a shorter `budget`, or the step a longer `deadline`")
  }

  fileprivate static func timeoutAboveDeadline(
    _ timeout: TimeSpan, _ deadline: TimeSpan, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "one attempt may take \(timeout), longer than the \(deadline) of all together", at: range,
      help: "give the attempt a shorter `timeout`, or the step a longer `deadline`")
  }
}
