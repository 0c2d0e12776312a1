import DxshExpressions
import DxshSyntax

/// `parallel(n)`: how many instances of a loop may run at once; `parallel(1)` is strictly in order (rule 34 iv).
extension PolicyChecker {
  func parallel(_ call: Call) -> Expression? {
    if let value = call.arguments.first?.value, let count = value.whole, count < 1 {
      session.report(.badPolicyValue("`parallel` takes at least 1", at: value.range))
    }
    return bind(call, to: [ParameterSignature(name: "width", type: .int)]).first
  }
}
