import DxshExpressions
import DxshSyntax
import DxshTime

/// `timeout(d)`: how long one attempt may take.
extension PolicyChecker {
  func timeout(_ call: Call) -> Expression {
    span(call, "an attempt takes some time, so its `timeout` is above 0s")
  }

  /// The span of a policy, which is above zero.
  /// - why: what is said where it is not
  func span(_ call: Call, _ why: String) -> Expression {
    let limit = bind(call, to: Self.limit)
    if case .duration(let span)? = known(limit), span <= .zero, let value = call.arguments.first?.value {
      session.report(.badPolicyValue(why, at: value.range))
    }
    return limit
  }

  private static let limit = ParameterSignature(name: "limit", type: .duration)
}
