import DxshPlan
import DxshSyntax

/// `on_error(stop | skip)`: what a loop does about a failed instance (rule 34 ii).
extension PolicyChecker {
  func onError(_ call: Call) -> PlanLoop.OnError {
    guard call.arguments.count == 1, case .name(let word) = call.arguments[0].value.kind else {
      session.report(.badPolicyValue("`on_error` takes `stop` or `skip`", at: call.range))
      return .stop
    }
    if let choice = PlanLoop.OnError(rawValue: word) { return choice }
    session.report(
      .unknownName(
        "choice of `on_error`", word, candidates: PlanLoop.OnError.allCases.map(\.rawValue),
        at: call.arguments[0].value.range))
    return .stop
  }
}
