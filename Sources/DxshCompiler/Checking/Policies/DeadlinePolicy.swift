import DxshExpressions
import DxshSyntax
import DxshTime

/// `deadline(d)`: how long all attempts may take together with the delays between them (rule 42).
extension PolicyChecker {
  func deadline(_ call: Call) -> Expression {
    span(call, "a step takes some time, so its `deadline` is above 0s")
  }

  /// What is written beside each other has to fit.
  func checkSpans(_ policies: StepPolicies, _ calls: [Call]) {
    guard case .duration(let deadline)? = known(policies.deadline),
      case .duration(let timeout)? = known(policies.timeout), timeout > deadline,
      let call = calls.first(where: { $0.path.text == "timeout" })
    else { return }
    session.report(.timeoutAboveDeadline(timeout, deadline, at: call.range))
  }
}

extension Diagnostic {
  fileprivate static func timeoutAboveDeadline(
    _ timeout: TimeSpan, _ deadline: TimeSpan, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "one attempt may take \(timeout), longer than the \(deadline) of all together", at: range,
      help: "give the attempt a shorter `timeout`, or the step a longer `deadline`")
  }
}
