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
    let (every, maximum) = Self.places(in: call, until: until)
    if let every, case .duration(let span)? = known(arguments[0]), span <= .zero {
      session.report(.badPolicyValue("between two polls is some time, so `every` is above 0s", at: every.value.range))
    }
    if let maximum, case .int(let count)? = known(arguments[1]), count < 1 {
      session.report(.badPolicyValue("`max` takes at least 1", at: maximum.value.range))
    }
    // In `defaults`, where nothing has a slot, there is no `poll`.
    let slot = expressions.scope.bindHidden("self", type) ?? 0
    var expressions = expressions
    expressions.scope = NameInScope(
      "self", TypedExpression(.binding(depth: 0, slot: slot), type), in: expressions.scope)
    return PlanCall.Poll(
      every: arguments[0], slot: slot,
      condition: expressions.check(call.arguments[until].value, expecting: .bool).expression,
      maximum: maximum == nil ? nil : arguments[1])
  }

  /// The arguments of both, by their names or their places among those that are not `until`.
  private static func places(in call: Call, until: Int) -> (every: Argument?, maximum: Argument?) {
    var others = call.arguments
    others.remove(at: until)
    func argument(_ name: String, _ place: Int) -> Argument? {
      others.first { $0.label?.text == name }
        ?? (others.indices.contains(place) && others[place].label == nil ? others[place] : nil)
    }
    return (argument("every", 0), argument("max", 1))
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
