import DxshPlan
import DxshSyntax

/// `assume(effect, reason: "…")`: the author's claim that this call has another effect than its node declares
/// (rule 43).
extension PolicyChecker {
  func assume(_ call: Call) -> Effect? {
    guard let first = call.arguments.first, case .name(let word) = first.value.kind else {
      session.report(.badPolicyValue("`assume` takes an effect, such as `read`, and a reason", at: call.range))
      return nil
    }
    let hasReason = call.arguments.dropFirst().contains { argument in
      guard argument.label?.text == "reason", case .literal(.string(let text)) = argument.value.kind else {
        return false
      }
      return !text.isEmpty
    }
    if !hasReason || call.arguments.count != 2 {
      session.report(.badPolicyValue("`assume` takes an effect and `reason: \"…\"`", at: call.range))
    }
    if let effect = Effect(rawValue: word) { return effect }
    session.report(
      .unknownName("effect", word, candidates: Effect.allCases.map(\.rawValue), at: first.value.range))
    return nil
  }
}
