import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// `cache(ttl: d, key: text)`: for so long all runs of the store have the result of the same call, or of the same key,
/// of what only reads (rules 41 and 42).
extension PolicyChecker {
  func cache(_ call: Call) -> PlanCall.Cache {
    let arguments = bind(call, to: Self.cacheParameters)
    if case .duration(let span)? = known(arguments[0]), span <= .zero {
      let range = call.argument(for: "ttl", at: 0)?.value.range ?? call.range
      session.report(.badPolicyValue("a result is used for some time, so `ttl` is above 0s", at: range))
    }
    return PlanCall.Cache(lifetime: arguments[0], key: arguments[1] == Self.noKey ? nil : arguments[1])
  }

  /// - type: of what the step gives
  /// - givesSecret: whether an argument is a secret
  func check(
    cache calls: [Call], _ policies: StepPolicies, of signature: NodeSignature, _ type: Type, givesSecret: Bool
  ) {
    guard let cache = policies.cache, let call = calls.first(where: { $0.path.text == PolicyName.cache.rawValue })
    else {
      return
    }
    let effect = policies.assumedEffect ?? signature.effect
    if effect > .read {
      session.report(
        .badPolicyValue(
          "`cache` is for what only reads, and the effect of `\(signature.path)` is `\(effect.rawValue)`",
          at: call.range))
    } else if type.containsFile {
      session.report(
        .badPolicyValue("files belong to their run: what is in them can be cached, they cannot", at: call.range))
    } else if givesSecret, cache.key == nil {
      session.report(
        .badPolicyValue(
          "an argument is a secret, from which nothing is kept: say with `key:` what the result depends on",
          at: call.range))
    }
  }

  private static let noKey = Expression.constant(Constant(.none))
  private static let cacheParameters = [
    ParameterSignature(name: "ttl", type: .duration),
    ParameterSignature(name: "key", type: .string, defaultValue: noKey),
  ]
}
