import DxshExpressions
import DxshPlan
import DxshSyntax

/// Policies on the call of a workflow: `retry`, with which it goes on where it failed, `deadline` and `fallback` (rules
/// 42, 43).
extension PolicyChecker {
  /// - errors: what the workflow can end with
  /// - result: the type of its output
  func check(invocation calls: [Call], errors: ErrorKinds, _ result: Type) -> InvocationPolicies {
    let others = calls.filter { call in
      PolicyName(rawValue: call.path.text).map { !Self.ofInvocations.contains($0) && PolicyName.ofSteps.contains($0) }
        ?? false
    }
    let hasDeadline = calls.contains { $0.path.text == PolicyName.deadline.rawValue }
    for call in others { report(other: call, hasDeadline: hasDeadline) }
    var policies = InvocationPolicies()
    let own = calls.filter { call in !others.contains { $0.range == call.range } }
    visit(own, in: Self.ofInvocations, of: "the call of a workflow") { name, call in
      switch name {
      case .retry: policies.retry = retry(call, errors)
      case .deadline: policies.deadline = deadline(call)
      case .fallback:
        let kinds = errors.names + (hasDeadline && !errors.contains("deadline") ? ["deadline"] : [])
        policies.fallback = fallback(
          call, kind: errors.isIncomplete ? .unknown : .enumeration(.errorKind(kinds)), result)
      case .timeout, .heartbeat, .startBy, .poll, .cache, .breaker, .limit, .rate, .uses, .priority, .onInterrupt,
        .assume, .compensate, .parallel, .onError, .first, .max:
        break
      }
    }
    return policies
  }

  private static let ofInvocations: [PolicyName] = [.retry, .deadline, .fallback]

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

  /// What means nothing there, and what to write.
  private func report(other call: Call, hasDeadline: Bool) {
    let remedy: String
    var fix: Diagnostic.Fix?
    switch PolicyName(rawValue: call.path.text) {
    case .timeout:
      remedy = "write `deadline`, which is for all that the workflow does"
      if !hasDeadline {
        fix = Diagnostic.Fix("write `deadline`", [Diagnostic.Edit(call.path.range, PolicyName.deadline.rawValue)])
      }
    case .heartbeat: remedy = "say it at the steps in the workflow that run a program or ask a server"
    // What has taken place in a workflow counts once for its call, so that a second time needs a call of its own.
    case .poll: remedy = "put the call into a `repeat` with a `wait` and the condition in its `while`"
    case .cache: remedy = "say it at the steps in the workflow that only read"
    case .breaker: remedy = "say it at the steps in the workflow that it is to count the failures of"
    // A workflow may wait for days, and its own steps may need a slot of the pool.
    case .limit, .rate: remedy = "say it at the steps in the workflow that share it with others"
    case .startBy: remedy = "say it at the steps in the workflow that wait for what they need"
    case .uses, .priority: remedy = "say it at the steps in the workflow: each uses the machine for itself"
    case .onInterrupt: remedy = "say it at the steps in the workflow whose effect is `once`"
    case .assume: remedy = "say it at the steps in the workflow: its effect is the greatest of theirs"
    case .compensate: remedy = "say it at the steps in the workflow: they are undone with the workflow around the call"
    case .retry, .deadline, .fallback, .parallel, .onError, .first, .max, nil: return
    }
    session.report(.policyOfNodes(call, remedy: remedy, fix: fix))
  }
}

extension Diagnostic {
  fileprivate static func policyOfNodes(_ call: Call, remedy: String, fix: Fix?) -> Diagnostic {
    Diagnostic(
      .misplacedPolicy, "`\(call.path.text)` is for calls of nodes, and this calls a workflow", at: call.range,
      help: remedy, fix: fix)
  }
}
