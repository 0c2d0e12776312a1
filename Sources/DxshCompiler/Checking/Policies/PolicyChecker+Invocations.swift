import DxshExpressions
import DxshPlan
import DxshSyntax

/// Policies on the call of a workflow: `retry`, with which it goes on where it failed, and `deadline` (rules 42, 43).
extension PolicyChecker {
  /// - errors: what the workflow can end with
  func check(invocation calls: [Call], errors: ErrorKinds) -> InvocationPolicies {
    let others = calls.filter { call in
      PolicyName(rawValue: call.path.text).map { !Self.ofInvocations.contains($0) && PolicyName.ofSteps.contains($0) }
        ?? false
    }
    for call in others { report(other: call) }
    var policies = InvocationPolicies()
    let own = calls.filter { call in !others.contains { $0.range == call.range } }
    visit(own, in: Self.ofInvocations, of: "the call of a workflow") { name, call in
      switch name {
      case .retry: policies.retry = retry(call, errors)
      case .deadline: policies.deadline = deadline(call)
      case .timeout, .poll, .cache, .fallback, .breaker, .limit, .rate, .onInterrupt, .assume, .compensate, .parallel,
        .onError, .first, .max:
        break
      }
    }
    return policies
  }

  private static let ofInvocations: [PolicyName] = [.retry, .deadline]

  private func retry(_ call: Call, _ errors: ErrorKinds) -> PlanCall.Retry {
    let kinds = errors.isIncomplete ? Type.unknown : .enumeration(.errorKind(errors.names))
    let retry = retry(call, of: nil, error: kinds)
    if let only = call.arguments.first(where: { $0.label?.text == "only" }), !errors.isIncomplete {
      for kind in retry.only ?? [] where !errors.contains(kind) {
        session.report(.retryOfNone(kind, errors, at: only.value.range))
      }
    }
    return retry
  }

  /// What means nothing here, and what is not run yet.
  private func report(other call: Call) {
    switch call.path.text {
    case PolicyName.onInterrupt.rawValue:
      session.report(
        .badPolicyValue(
          "`on_interrupt` means nothing on the call of a workflow: say it at the steps in it whose effect is `once`",
          at: call.range))
    case PolicyName.poll.rawValue:
      session.report(.pollOfWorkflow(at: call.range))
    default: session.report(.notSupported("`\(call.path.text)` on the call of a workflow", at: call.range))
    }
  }
}

extension Diagnostic {
  /// What has taken place in a workflow counts once for its call, so that a second time needs a call of its own.
  fileprivate static func pollOfWorkflow(at range: SourceRange) -> Diagnostic {
    var diagnostic = notSupported("`poll` on the call of a workflow", at: range)
    diagnostic.help = "put the call into a `repeat` with a `wait` and the condition in its `while`"
    return diagnostic
  }
}
