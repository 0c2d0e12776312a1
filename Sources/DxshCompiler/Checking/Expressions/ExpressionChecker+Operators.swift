import DxshExpressions
import DxshSyntax

/// Operators and the conditional.
extension ExpressionChecker {
  func unary(
    _ symbol: UnaryOperator, _ operand: ExpressionSyntax, at syntax: ExpressionSyntax, expecting expected: Type?
  ) -> TypedExpression {
    switch symbol {
    case .not:
      let typed = self.operand(operand, expecting: .bool)
      let type: Type = typed.type.isSecret ? .secret(.bool) : .bool
      return apply("!_", [TypedExpression(typed.expression, type)], at: syntax)
    case .negate:
      if case .literal(let literal) = operand.kind, literal.isSigned {
        return check(literal, at: syntax.range, negated: true, expecting: expected)
      }
      return apply("-_", [infer(operand, expecting: expected)], at: syntax)
    }
  }

  func binary(
    _ symbol: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, at syntax: ExpressionSyntax,
    expecting expected: Type?
  ) -> TypedExpression {
    switch symbol {
    case .and, .or: return logical(symbol, left, right)
    case .equal, .notEqual: return equality(symbol, left, right, at: syntax)
    case .membership: return membership(left, right, at: syntax)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return apply(symbol.functionName, operands(left, right, hint: nil), at: syntax)
    case .add, .subtract, .multiply:
      return apply(symbol.functionName, operands(left, right, hint: expected), at: syntax)
    case .divide, .remainder: return division(symbol, left, right, at: syntax, expecting: expected)
    }
  }

  /// Both sides, integer literals adapted to a double on the other side (rule 31).
  private func operands(_ left: ExpressionSyntax, _ right: ExpressionSyntax, hint: Type?) -> [TypedExpression] {
    let hint = hint?.unwrapped == .double || hint?.unwrapped == .decimal ? hint : nil
    var typed = [
      infer(left, expecting: left.isIntegerLiteral && hint?.unwrapped == .double ? nil : hint),
      infer(right, expecting: right.isIntegerLiteral && hint?.unwrapped == .double ? nil : hint),
    ]
    adaptWholeNumbers(&typed, [left, right])
    return typed
  }

  private func logical(_ symbol: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax) -> TypedExpression
  {
    let first = condition(left).expression
    let second = knowing(left, is: symbol == .and).condition(right).expression
    return TypedExpression(symbol == .and ? .and(first, second) : .or(first, second), .bool)
  }

  /// Types that have nothing in common are never equal, which is a mistake; an optional compares with its value
  /// (rule 24 vi).
  private func equality(
    _ symbol: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, at syntax: ExpressionSyntax
  ) -> TypedExpression {
    let (first, second) = bothSides(left, right)
    guard !first.type.isUnknown, !second.type.isUnknown else { return TypedExpression(first.expression, .bool) }
    if first.type.containsConnection || second.type.containsConnection {
      report(.opaqueConnection(at: syntax.range))
    } else if !areComparable(first.type, second.type) {
      report(.incomparable(first.type, second.type, at: syntax.range))
      return TypedExpression(first.expression, .bool)
    }
    let overload = FunctionLibrary.overloads(named: symbol.functionName, in: .dxsh)[0]
    let test = Expression.call(overload.function, [first.expression, second.expression])
    let sides = [first.type, second.type]
    let tellsPresence = sides.contains(.optional(.never)) && !sides.contains(where: \.isSecretlyPresent)
    let isSecret = first.type.containsSecret || second.type.containsSecret
    return TypedExpression(test, isSecret && !tellsPresence ? .secret(.bool) : .bool)
  }

  /// A bare enum member takes its enum from the other side.
  private func bothSides(
    _ left: ExpressionSyntax, _ right: ExpressionSyntax
  ) -> (TypedExpression, TypedExpression) {
    if case .name(let name) = left.kind, !isValue(name), name != "none" {
      let second = infer(right)
      return (infer(left, expecting: second.type), second)
    }
    let first = infer(left)
    var pair = [first, infer(right, expecting: first.type)]
    adaptWholeNumbers(&pair, [left, right])
    return (pair[0], pair[1])
  }

  private func areComparable(_ left: Type, _ right: Type) -> Bool {
    let (left, right) = (left.withoutSecrets, right.withoutSecrets)
    if left.unwrapped.joined(with: right.unwrapped) != nil { return true }
    return left.unwrapped.isNumber && right.unwrapped.isNumber
  }

  /// The enum of the value that is looked for, for the bare members of a list.
  private func memberHint(_ left: ExpressionSyntax, _ right: ExpressionSyntax) -> Type? {
    guard case .list = right.kind, left.path != nil else { return nil }
    let type = session.probing { infer(left) }.type.withoutSecrets.unwrapped
    if case .enumeration = type { return .list(type) } else { return nil }
  }

  private func membership(
    _ left: ExpressionSyntax, _ right: ExpressionSyntax, at syntax: ExpressionSyntax
  ) -> TypedExpression {
    let container = infer(right, expecting: memberHint(left, right))
    let element: Type?
    switch container.type.withoutSecrets {
    case .list(let type): element = type
    case .map(let key, _): element = key
    default: element = nil
    }
    let first = infer(left, expecting: element)
    if let element, !first.type.isUnknown, !areComparable(first.type, element) {
      report(.incomparable(first.type, element, at: syntax.range))
      return TypedExpression(first.expression, .bool)
    }
    return apply("_in_", [first, container], at: syntax)
  }

  private func division(
    _ symbol: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, at syntax: ExpressionSyntax,
    expecting expected: Type?
  ) -> TypedExpression {
    let typed = operands(left, right, hint: expected)
    let divisor = typed[1].type.withoutSecrets
    if divisor == .int || divisor == .uint, !isNonZero(right) {
      requireProof(
        "the divisor may be zero", remedy: "check `!= 0` before, or write `try(…)`, which is none then",
        at: right.range)
    }
    return apply(symbol.functionName, typed, at: syntax, isProven: true)
  }

  private func isNonZero(_ divisor: ExpressionSyntax) -> Bool {
    switch divisor.kind {
    case .literal(.int(let value)), .literal(.uint(let value)): value != 0
    case .unary(.negate, let operand), .parenthesized(let operand): isNonZero(operand)
    default: divisor.path.map(facts.isNonZero) ?? false
    }
  }

  func conditional(
    _ condition: ExpressionSyntax, _ yes: ExpressionSyntax, _ no: ExpressionSyntax, at syntax: ExpressionSyntax,
    expecting expected: Type?
  ) -> TypedExpression {
    let test = self.condition(condition)
    let ifTrue = knowing(condition, is: true)
    let ifFalse = knowing(condition, is: false)
    if let expected {
      let first = ifTrue.check(yes, expecting: expected)
      let second = ifFalse.check(no, expecting: expected)
      return TypedExpression(.conditional(test.expression, first.expression, second.expression), expected)
    }
    var branches = [ifTrue.infer(yes), ifFalse.infer(no)]
    adaptWholeNumbers(&branches, [yes, no])
    guard let join = branches[0].type.joined(with: branches[1].type) else {
      report(
        .noCommonType(
          branches[0].type, branches[1].type, what: "the branches of `? :`", at: no.range, first: yes.range))
      return .unknown
    }
    let converted = branches.map { convert($0, to: join).expression }
    return TypedExpression(.conditional(test.expression, converted[0], converted[1]), join)
  }
}

extension Type {
  fileprivate var isNumber: Bool { self == .int || self == .uint || self == .double }
}

extension ExpressionSyntax.Literal {
  fileprivate var isSigned: Bool {
    switch self {
    case .int, .double, .duration: true
    case .null, .bool, .uint, .string, .bytes, .size: false
    }
  }
}
