import DxshExpressions
import DxshSyntax

/// `parallel(n)`: how many instances of a loop may run at once; `parallel(1)` is strictly in order (rule 34 iv).
extension PolicyChecker {
  func parallel(_ call: Call) -> Expression {
    let width = bind(call, to: ParameterSignature(name: "width", type: .int))
    if case .int(let count)? = known(width), count < 1, let value = call.arguments.first?.value {
      session.report(.badPolicyValue("`parallel` takes at least 1", at: value.range))
    }
    return width
  }
}
