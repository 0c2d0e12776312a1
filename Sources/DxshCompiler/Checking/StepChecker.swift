import DxshExpressions
import DxshPlan
import DxshSyntax

/// Checks a step: its node, its arguments, the type of its result, its policies.
struct StepChecker {
  private let expressions: ExpressionChecker
  private var session: CheckSession { expressions.session }

  init(_ expressions: ExpressionChecker) {
    self.expressions = expressions
  }

  /// Nil when there is no such node.
  /// - slot: where the result goes
  func check(_ item: StepItem, calling node: NodeSignature?, slot: Int?) -> CheckedCall? {
    guard !item.call.path.isMissing else { return nil }
    let expected = item.resultType.map { written in
      let type = TypeResolver(session: session).resolve(written)
      if type.isConfined { session.report(.secretTypeKept(type, "the result of a node", at: written.range)) }
      return type.isConfined ? .unknown : type
    }
    guard let signature = node else {
      report(unknown: item.call.path)
      item.call.arguments.forEach { _ = expressions.lookingForNames.infer($0.value) }
      _ = PolicyChecker(expressions).check(step: item.policies, of: nil, result: .unknown, .unknown)
      return nil
    }
    session.noteUse(of: signature)
    if !session.bringsUntrusted, signature.bringsUntrusted { session.bringsUntrusted = true }
    var substitution = Substitution()
    var result = signature.result
    if let expected, let written = item.resultType {
      result = bind(expected, to: signature.result, &substitution, at: written, signature)
    }
    let arguments = expressions.bind(
      item.call, to: signature.parameters, of: signature.path, declared: signature.range, &substitution)
    let type = substitution.apply(to: result, fallback: .json)
    let given = slot.map { TypedExpression(.binding(depth: 0, slot: $0), type) } ?? .unknown
    let checker = PolicyChecker(expressions)
    var policies = checker.check(step: item.policies, of: signature, result: given, type)
    if policies.cache != nil {
      let givesSecret = zip(signature.parameters, arguments).contains { parameter, argument in
        argument.constantValue == nil && substitution.apply(to: parameter.type, fallback: .json).isConfined
      }
      // One of `defaults` does not reach a step that is given a secret.
      let isOwn = item.policies.contains { $0.path.text == PolicyName.cache.rawValue }
      if givesSecret, !isOwn { policies.cache = nil }
      checker.check(cache: item.policies, policies, of: signature, type, givesSecret: givesSecret)
    }
    if policies.verification?.result == .bool {
      session.verifiedWithoutResult[item.name.range] = policies.verification?.range
    }
    let hasPolicies = !item.policies.isEmpty || !session.defaults.isEmpty
    return CheckedCall(
      signature: signature, arguments: arguments, result: type, slot: slot, policies: hasPolicies ? policies : nil,
      range: item.range)
  }

  func report(unknown path: Path) {
    if session.isLost(path.text) { return }
    let candidates = session.candidates(for: path) + session.workflows.keys.sorted()
    session.report(.unknownName("node", path.text, candidates: candidates, at: path.range))
  }

  /// `as T`: fixes the type parameters of the result (rules 28, 62), or decodes a result of json. In a record result
  /// only the fields with a type parameter are named.
  private func bind(
    _ expected: Type, to result: Type, _ substitution: inout Substitution, at written: TypeSyntax,
    _ signature: NodeSignature
  ) -> Type {
    if expected == .unknown { return .unknown }
    if result == .json { return expected }
    guard result.hasParameters else {
      if result.isAssignable(to: expected) { return result }
      session.report(.castOfTyped(result, expected, node: signature.path, at: written.range))
      return result
    }
    if case .record(let fields) = result, case .record(let wanted) = expected {
      for field in wanted.fields {
        guard let type = fields[field.name], substitution.match(type, field.type) else {
          session.report(.castOfTyped(result, expected, node: signature.path, at: written.range))
          return .unknown
        }
      }
      return result
    }
    guard substitution.match(result, expected) else {
      session.report(.castOfTyped(result, expected, node: signature.path, at: written.range))
      return .unknown
    }
    return result
  }
}

extension Call {
  /// The argument for the parameter of a name, which is the one at the position where it has no name of its own.
  func argument(for parameter: String, at position: Int) -> Argument? {
    if let named = arguments.first(where: { $0.label?.text == parameter }) { return named }
    return position < arguments.count && arguments[position].label == nil ? arguments[position] : nil
  }
}
