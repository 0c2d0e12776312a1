import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// `poll(until: e, every: d, max: n)`: the call is repeated until the condition holds of its result, `self`; it ends
/// after `max` times, or at the step's `deadline` (rules 42 and 50).
extension PolicyChecker {
  /// - type: of what the step gives
  func poll(_ call: Call, _ type: Type) -> PlanCall.Poll? {
    guard let until = call.arguments.firstIndex(where: { $0.label?.text == "until" }) else {
      session.report(
        .badPolicyValue("`poll` takes a condition about the result, such as `until: self.done`", at: call.range))
      return nil
    }
    let arguments = bind(call, to: Self.pollParameters) { $0 != until }
    for argument in call.arguments {
      if argument.label?.text == "max", case .int(let count)? = arguments[1].constantValue, count < 1 {
        session.report(.badPolicyValue("`max` takes at least 1", at: argument.value.range))
      }
      if argument.label?.text != "max", argument.label?.text != "until",
        case .duration(let span)? = arguments[0].constantValue, span <= .zero
      {
        session.report(
          .badPolicyValue("between two polls is some time, so `every` is above 0s", at: argument.value.range))
      }
    }
    // In `defaults`, where nothing has a slot, there is no `poll`.
    let slot = expressions.scope.bindHidden("self", type) ?? 0
    var expressions = expressions
    expressions.scope = NameInScope(
      "self", TypedExpression(.binding(depth: 0, slot: slot), type), in: expressions.scope)
    return PlanCall.Poll(
      every: arguments[0], slot: slot,
      condition: expressions.check(call.arguments[until].value, expecting: .bool).expression,
      maximum: arguments[1] == Self.noMaximum ? nil : arguments[1])
  }

  /// It comes to an end, and repeats only what may be repeated.
  func check(poll call: Call, _ policies: StepPolicies, of signature: NodeSignature?) {
    guard let poll = policies.poll else { return }
    if poll.maximum == nil, policies.deadline == nil {
      session.report(
        .badPolicyValue("`poll` has no end: say `max: 20` in it, or `deadline(1h)` beside it", at: call.range))
    }
    guard let signature else { return }
    let effect = policies.assumedEffect ?? signature.effect
    if effect > .idempotent {
      session.report(
        .badPolicyValue(
          "`poll` repeats the call, and the effect of `\(signature.path)` is `\(effect.rawValue)`", at: call.range))
    }
  }

  private static let noMaximum = Expression.constant(Constant(.none))
  private static let pollParameters = [
    ParameterSignature(name: "every", type: .duration),
    ParameterSignature(name: "max", type: .int, defaultValue: noMaximum),
  ]
}
