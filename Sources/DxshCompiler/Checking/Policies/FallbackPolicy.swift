import DxshExpressions
import DxshPlan
import DxshSyntax

/// `fallback(e)`: what the step gives where it has failed for good, whatever its other policies; `e` has the type of
/// its result, and `error` is the failure (rule 42).
extension PolicyChecker {
  /// - more: what an attempt can end with besides
  func fallback(_ call: Call, of signature: NodeSignature?, more: [String], _ type: Type) -> PlanCall.Fallback? {
    let kind: Type =
      signature.map { signature in
        .enumeration(.errorKind((signature.attemptErrors + more + ["deadline", "exhausted", "indeterminate"]).uniqued))
      } ?? .unknown
    return fallback(call, kind: kind, type)
  }

  /// - kind: the type of `error.kind`
  /// - type: of what the step gives
  func fallback(_ call: Call, kind: Type, _ type: Type) -> PlanCall.Fallback? {
    guard call.arguments.count == 1, call.arguments[0].label == nil else {
      session.report(
        .badPolicyValue("`fallback` takes what the step gives where it fails, such as `fallback([])`", at: call.range))
      return nil
    }
    let error = ErrorKinds.typeInPolicies(kind)
    let slot = expressions.scope.bindHidden("error", error) ?? 0
    var expressions = expressions
    expressions.scope = NameInScope(
      "error", TypedExpression(.binding(depth: 0, slot: slot), error), in: expressions.scope)
    return PlanCall.Fallback(
      slot: slot, value: expressions.check(call.arguments[0].value, expecting: type).expression)
  }
}

extension [String] {
  /// Each once, in order.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
