import DxshExpressions
import DxshPlan
import DxshSyntax

/// `first(n)`: as soon as n instances of a loop have completed, the others are cut off, and the loop fails once so many
/// cannot complete any more (rule 34).
extension PolicyChecker {
  func first(_ call: Call) -> Expression {
    let count = bind(call, to: ParameterSignature(name: "count", type: .int))
    if case .int(let written)? = known(count), written < 1, let value = call.arguments.first?.value {
      session.report(.badPolicyValue("`first` takes at least 1", at: value.range))
    }
    return count
  }

  /// What becomes of instances that fail is not left to `on_error`.
  func tolerateFailures(_ policies: inout LoopPolicies, _ calls: [Call]) {
    policies.onError = .skip
    if let call = calls.first(where: { $0.path.text == PolicyName.onError.rawValue }) {
      session.report(
        .badPolicyValue(
          "`first` says what becomes of rounds that fail: they leave none, as long as enough others can complete",
          at: call.range))
    }
  }

  /// A list that is known to be too short.
  func check(first policies: LoopPolicies, _ calls: [Call], over sequence: Expression) {
    var bound = ElementBound()
    guard case .int(let wanted)? = known(policies.first), let most = bound.count(sequence), wanted > most,
      let call = calls.first(where: { $0.path.text == PolicyName.first.rawValue })
    else { return }
    let elements = most == 1 ? "1 element" : "\(most) elements"
    session.report(
      .badPolicyValue("there are no \(wanted) rounds that could complete: this goes over \(elements)", at: call.range))
  }
}
