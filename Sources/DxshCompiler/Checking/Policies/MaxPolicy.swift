import DxshExpressions
import DxshSyntax

/// `max(n)`: how often a `repeat` may go round (rule 33); there has to be one.
extension PolicyChecker {
  /// Nil when it is missing, which is reported.
  func check(iteration item: RepeatItem) -> Expression? {
    var maximum: Expression?
    visit(item.policies, in: [.max], of: "a `repeat`") { _, call in
      maximum = bind(call, to: ParameterSignature(name: "times", type: .int))
      if case .int(let count)? = known(maximum), count < 1, let value = call.arguments.first?.value {
        session.report(.badPolicyValue("`max` takes at least 1", at: value.range))
      }
    }
    if maximum == nil, !hasUnknown(item.policies) { session.report(.missingMaximum(at: item.name.range)) }
    return maximum
  }
}
