import DxshExpressions
import DxshSyntax

/// `timeout(d)`: how long one attempt may take.
extension PolicyChecker {
  func timeout(_ call: Call) -> Expression? {
    bind(call, to: Self.timeoutParameters).first
  }

  private static let timeoutParameters = [ParameterSignature(name: "limit", type: .duration)]
}
