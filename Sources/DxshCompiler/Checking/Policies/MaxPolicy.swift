import DxshExpressions
import DxshSyntax

/// `max(n)`: how often a `repeat` may go round (rule 33); there has to be one.
extension PolicyChecker {
  /// Nil when it is missing, which is reported.
  func check(iteration item: RepeatItem) -> Expression? {
    var maximum: Expression?
    visit(item.policies, in: [.max], of: "a `repeat`") { _, call in
      if let value = call.arguments.first?.value, let count = value.whole, count < 1 {
        session.report(.badPolicyValue("`max` takes at least 1", at: value.range))
      }
      maximum = bind(call, to: [ParameterSignature(name: "times", type: .int)]).first
    }
    if maximum == nil, !hasUnknown(item.policies) { session.report(.missingMaximum(at: item.name.range)) }
    return maximum
  }
}
