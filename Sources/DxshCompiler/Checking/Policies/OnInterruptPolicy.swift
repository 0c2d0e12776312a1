import DxshExpressions
import DxshPlan
import DxshSyntax

/// `on_interrupt(ask | fail | retry | verify(node(args)))`: what is done about an attempt of a `once` step of which
/// nobody knows whether it took place (rule 63).
extension PolicyChecker {
  /// In `defaults`: who could say whether a step took place differs from step to step.
  func defaultOnInterrupt(_ policy: Call) -> CheckedInterruption? {
    if policy.verifies {
      session.report(
        .badPolicyValue(
          "in `defaults`, `on_interrupt` takes `ask`, `fail` or `retry`: what verifies a step is said at the step",
          at: policy.range))
      return nil
    }
    return onInterrupt(policy, result: .unknown)
  }

  /// - result: of the step
  func onInterrupt(_ policy: Call, result: Type) -> CheckedInterruption? {
    guard policy.arguments.count == 1, policy.arguments[0].label == nil else {
      session.report(.badPolicyValue(Self.forms, at: policy.range))
      return nil
    }
    let choice = policy.arguments[0].value
    switch choice.kind {
    case .name("ask"): return nil
    case .name("retry"): return .retry
    case .name("fail"): return .fail
    case .name(let word):
      session.report(
        .unknownName(
          "choice of `on_interrupt`", word, candidates: ["ask", "fail", "retry", "verify"], at: choice.range))
      return nil
    case .call(let name, let arguments) where name.text == "verify" && arguments.count == 1:
      return verification(arguments[0].value, at: choice.range, result: result).map { .verify($0) }
    default:
      session.report(.badPolicyValue(Self.forms, at: choice.range))
      return nil
    }
  }

  private func verification(
    _ syntax: ExpressionSyntax, at range: SourceRange, result: Type
  ) -> CheckedFollowUp? {
    guard let call = Call(calling: syntax) else {
      session.report(
        .badPolicyValue("`verify` takes the call of a node, such as `bank.find(order: order)`", at: range))
      return nil
    }
    guard let signature = session.node(call.path.text) else {
      call.arguments.forEach { _ = expressions.lookingForNames.infer($0.value) }
      StepChecker(expressions).report(unknown: call.path)
      return nil
    }
    session.noteUse(of: signature)
    if signature.effect > .read {
      session.report(
        .badPolicyValue(
          "`\(signature.path)` has the effect `\(signature.effect.rawValue)`, and `verify` only reads", at: call.range))
    }
    var substitution = Substitution()
    let arguments = expressions.bind(
      call, to: signature.parameters, of: signature.path, declared: signature.range, &substitution)
    let answer = substitution.apply(to: signature.result, fallback: .json)
    if answer != .bool, answer != .unknown, result != .unknown {
      guard case .optional(let wrapped) = answer, wrapped.isAssignable(to: result) else {
        session.report(.verificationOfOther(signature, answer, step: result, at: call.range))
        return nil
      }
    }
    return CheckedFollowUp(signature: signature, arguments: arguments, result: answer, range: call.range)
  }

  /// A compensation that mentions `self` reads what a verification has to say.
  func checkVerified(_ policies: StepPolicies, slot: TypedExpression) {
    guard let verification = policies.verification, verification.result == .bool,
      let compensation = policies.compensation, case .binding(_, let slot) = slot.expression
    else { return }
    var readsResult = false
    for argument in compensation.arguments {
      argument.forEachBinding { depth, read in if depth == 0, read == slot { readsResult = true } }
    }
    if readsResult {
      session.report(
        .badPolicyValue(
          "`compensate` reads `self`, which `\(verification.signature.path)` does not say", at: compensation.range))
    }
  }

  private static let forms = "`on_interrupt` takes `ask`, `fail`, `retry` or `verify(node(args))`"
}

extension Call {
  /// Whether it is `on_interrupt(verify(…))`.
  var verifies: Bool {
    guard path.text == PolicyName.onInterrupt.rawValue, let choice = arguments.first?.value,
      case .call(let name, _) = choice.kind
    else { return false }
    return name.text == "verify"
  }
}

extension Diagnostic {
  fileprivate static func verificationOfOther(
    _ signature: NodeSignature, _ answer: Type, step: Type, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .badOperand, "`\(signature.path)` answers \(answer), which does not say what the step gave", at: range,
      related: [Related(signature.range, "declared here")],
      help: "a node for `verify` gives `bool`, or `\(step.asOptional)`: none where the step did not take place")
  }

  static func interruptionOfOther(_ signature: NodeSignature, at range: SourceRange) -> Diagnostic {
    .badPolicyValue(
      "`on_interrupt` is for steps whose effect is `once`: what interrupts `\(signature.path)` only repeats it",
      at: range)
  }

  static func verifiedWithoutResult(_ step: Name, at range: SourceRange) -> Diagnostic {
    .badPolicyValue(
      "somebody reads `\(step.text)`, and its `verify` says only whether it took place, not what it gave", at: range)
  }
}
