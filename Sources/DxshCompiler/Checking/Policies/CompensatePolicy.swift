import DxshExpressions
import DxshPlan
import DxshSyntax

/// `compensate(node(args))`: what undoes the step when what comes after it fails (rule 36); `self` is the result.
extension PolicyChecker {
  func compensate(_ policy: Call, result: TypedExpression) -> CheckedFollowUp? {
    guard policy.arguments.count == 1, policy.arguments[0].label == nil,
      let call = Call(calling: policy.arguments[0].value)
    else {
      session.report(
        .badPolicyValue("`compensate` takes the call of a node, such as `stock.release(id: self.id)`", at: policy.range)
      )
      return nil
    }
    var expressions = expressions
    expressions.scope = NameInScope("self", result, in: expressions.scope)
    guard let signature = session.node(call.path.text) else {
      call.arguments.forEach { _ = expressions.lookingForNames.infer($0.value) }
      StepChecker(expressions).report(unknown: call.path)
      return nil
    }
    session.noteUse(of: signature)
    if signature.effect <= .read {
      session.report(.badPolicyValue("`\(signature.path)` only reads, and undoes nothing", at: call.range))
    }
    var substitution = Substitution()
    let arguments = expressions.bind(
      call, to: signature.parameters, of: signature.path, declared: signature.range, &substitution)
    return CheckedFollowUp(
      signature: signature, arguments: arguments, result: substitution.apply(to: signature.result, fallback: .json),
      range: call.range)
  }
}

extension Call {
  /// `a.b(args)` as the call of the node `a.b`; nil for what is no such call.
  init?(calling syntax: ExpressionSyntax) {
    switch syntax.kind {
    case .call(let name, let arguments): self.init(path: Path(name), arguments: arguments, range: syntax.range)
    case .method(let base, let name, let arguments):
      guard let names = base.dottedNames else { return nil }
      self.init(path: Path(names + [name]), arguments: arguments, range: syntax.range)
    default: return nil
    }
  }
}

extension ExpressionSyntax {
  /// The names of `a.b.c`; nil for anything else.
  fileprivate var dottedNames: [Name]? {
    switch kind {
    case .name(let name): [Name(name, at: range)]
    case .select(let base, let field, optional: false): base.dottedNames.map { $0 + [field] }
    default: nil
    }
  }
}
