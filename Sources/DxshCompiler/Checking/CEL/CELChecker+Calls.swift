import DxshExpressions
import DxshSyntax

/// Calls of functions and operators.
extension CELChecker {
  /// `f(…)`
  mutating func call(_ name: Name, _ arguments: [Argument], at syntax: ExpressionSyntax) -> Typed {
    if let label = label(in: arguments) { return mistake(.labelInExpression(label)) }
    if environment.hasMacros, name.text == "has", arguments.count == 1 { return presence(arguments[0].value) }
    guard let function = function(name.text) else {
      for argument in arguments { _ = infer(argument.value) }
      return mistake(unknownFunction(name))
    }
    return apply(function, isMember: false, operands(arguments), name, at: syntax)
  }

  /// `e.f(…)`: a macro, a qualified function, or a function of a receiver.
  mutating func call(
    _ name: Name, on base: ExpressionSyntax, _ arguments: [Argument], at syntax: ExpressionSyntax
  ) -> Typed {
    if let label = label(in: arguments) { return mistake(.labelInExpression(label)) }
    if environment.hasMacros, let result = macro(name, on: base, arguments, at: syntax) { return result }
    if let prefix = qualifiedName(of: base, among: roots.functions),
      let function = function("\(prefix).\(name.text)")
    {
      return apply(function, isMember: false, operands(arguments), name, at: syntax)
    }
    let operands = operands(arguments, of: base)
    guard let function = function(name.text) else { return mistake(unknownFunction(name)) }
    return apply(function, isMember: true, operands, name, at: syntax)
  }

  private func unknownFunction(_ name: Name) -> Misspelling {
    .unknownName(
      "function", name.text, candidates: FunctionLibrary.names.filter { !$0.contains("_") && !$0.contains("@") },
      at: name.range)
  }

  /// The function of a simple or qualified name.
  private mutating func function(_ name: String) -> CELFunction? {
    if let known = functions[name] { return known }
    var found: CELFunction?
    for candidate in environment.candidates(for: name) where found == nil {
      found = CELFunction(candidate, environment, &types)
    }
    functions[name] = .some(found)
    return found
  }

  private func label(in arguments: [Argument]) -> Name? {
    for index in arguments.indices {
      if let label = arguments[index].label { return label }
    }
    return nil
  }

  /// What a call is made with: the receiver, if there is one, and the arguments.
  private mutating func operands(_ arguments: [Argument], of receiver: ExpressionSyntax? = nil) -> Operands {
    var operands = Operands(capacity: arguments.count + (receiver == nil ? 0 : 1))
    if let receiver { operands.append(infer(receiver)) }
    for argument in arguments { operands.append(infer(argument.value)) }
    return operands
  }

  // MARK: - Overloads

  /// The operands of a call.
  struct Operands {
    private(set) var expressions: [Expression] = []
    /// The types of the first two.
    private(set) var first, second: ID?
    /// Those of the others.
    private var further: [ID] = []

    init(capacity: Int) { expressions.reserveCapacity(capacity) }

    init(_ typed: [Typed]) {
      self.init(capacity: typed.count)
      for next in typed { append(next) }
    }

    mutating func append(_ typed: Typed) {
      switch expressions.count {
      case 0: first = typed.type
      case 1: second = typed.type
      default: further.append(typed.type)
      }
      expressions.append(typed.expression)
    }

    var count: Int { expressions.count }

    var types: [ID] { [first, second].compactMap(\.self) + further }
  }

  /// An operator by its name in the library.
  mutating func apply(_ symbol: String, _ operands: [Typed], at syntax: ExpressionSyntax) -> Typed {
    guard let function = function(symbol) else { preconditionFailure("there is no operator \(symbol)") }
    return apply(function, Operands(operands), at: syntax)
  }

  private mutating func apply(_ symbol: CELFunction, _ operands: Operands, at syntax: ExpressionSyntax) -> Typed {
    if let result = resolve(symbol, isMember: false, operands) { return result }
    return mistake(.badOperator(symbol.name, operands.types.map { types.type($0) }, at: syntax.range))
  }

  /// The overloads of a binary operator.
  private mutating func function(_ symbol: BinaryOperator) -> CELFunction {
    if let known = operators[symbol.index] { return known }
    guard let found = function(symbol.functionName) else { preconditionFailure("there is no operator \(symbol)") }
    operators[symbol.index] = found
    return found
  }

  private mutating func apply(
    _ function: CELFunction, isMember: Bool, _ operands: Operands, _ name: Name, at syntax: ExpressionSyntax
  ) -> Typed {
    if let result = resolve(function, isMember: isMember, operands) { return result }
    return mistake(.noOverload(of: name, operands.types.map { types.type($0) }, isMember: isMember))
  }

  /// The call, with the result of the overloads that take the operands: `dyn` where they differ. Nil when none does.
  private mutating func resolve(_ function: CELFunction, isMember: Bool, _ operands: Operands) -> Typed? {
    let style: Overload.Style = isMember ? .member : .global
    let expressions = operands.expressions
    guard environment.isChecked else {
      return Typed(expression: .dispatch(function.name, style, expressions), type: types.dyn)
    }
    guard let resolution = resolution(of: function, isMember: isMember, operands) else { return nil }
    guard let match = resolution.only else {
      return Typed(expression: .dispatch(function.name, style, expressions), type: resolution.result)
    }
    guard let native = match.function else {
      return Typed(
        expression: .failure(EvaluationError(.decode, "`\(function.name)` has no implementation")),
        type: resolution.result)
    }
    return Typed(
      expression: resolution.isCertain ? .call(native, expressions) : .dispatch(function.name, style, expressions),
      type: resolution.result)
  }

  private mutating func resolution(
    of function: CELFunction, isMember: Bool, _ operands: Operands
  ) -> CELFunction.Resolution? {
    let key = types.key(operands, isMember)
    if let key, let known = function[key] { return known }
    let given = operands.types
    var result: ID?
    var only: CELFunction.Candidate?
    var isCertain = false
    for candidate in function.candidates
    where candidate.isMember == isMember && candidate.parameters.count == given.count {
      guard let type = types.result(of: candidate, given) else { continue }
      if let earlier = result {
        only = nil
        if !types.isDyn(earlier), types.type(earlier) != types.type(type) { result = types.dyn }
      } else {
        (result, only) = (type, candidate)
        isCertain = zip(given, candidate.parameters).allSatisfy { self.isCertain($0, $1) }
      }
    }
    guard let result else { return nil }
    let resolution = CELFunction.Resolution(only: only, result: types.resolved(result), isCertain: isCertain)
    if let key, types.isGround(resolution.result) { function.remember(resolution, for: key) }
    return resolution
  }

  /// Whether a value of the type is of the parameter's outermost kind for sure.
  private func isCertain(_ type: ID, _ parameter: Type) -> Bool {
    switch parameter {
    case .parameter, .dyn: return true
    default: break
    }
    let resolved = types.resolved(type)
    if types.isVariable(resolved) || resolved == types.dyn { return false }
    return resolved != types.null || parameter == .null
  }

  // MARK: - Operators

  mutating func unary(_ symbol: UnaryOperator, _ operand: ExpressionSyntax, at syntax: ExpressionSyntax) -> Typed {
    if symbol == .negate, case .literal(let literal) = operand.kind, literal.takesSign {
      return infer(literal, at: syntax, negated: true)
    }
    return apply(symbol == .not ? "!_" : "-_", [infer(operand)], at: syntax)
  }

  mutating func binary(
    _ symbol: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, at syntax: ExpressionSyntax
  ) -> Typed {
    let first = infer(left)
    let second = infer(right)
    switch symbol {
    case .and, .or:
      guard
        !environment.isChecked || first.type == types.bool && second.type == types.bool
          || types.areAssignable([first.type, second.type], to: [types.bool, types.bool])
      else {
        return mistake(
          .badOperator("_\(symbol.rawValue)_", [types.type(first.type), types.type(second.type)], at: syntax.range))
      }
      let expression: Expression =
        symbol == .and ? .and(first.expression, second.expression) : .or(first.expression, second.expression)
      return Typed(expression: expression, type: types.bool)
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .membership, .add, .subtract, .multiply,
      .divide, .remainder:
      var operands = Operands(capacity: 2)
      operands.append(first)
      operands.append(second)
      return apply(function(symbol), operands, at: syntax)
    }
  }

  mutating func conditional(
    _ condition: ExpressionSyntax, _ yes: ExpressionSyntax, _ no: ExpressionSyntax, at syntax: ExpressionSyntax
  ) -> Typed {
    let test = infer(condition)
    let first = infer(yes)
    let second = infer(no)
    let expression = Expression.conditional(test.expression, first.expression, second.expression)
    guard environment.isChecked else { return Typed(expression: expression, type: types.dyn) }
    if !types.isAssignable(test.type, to: types.bool) {
      report(.typeMismatch(found: types.type(test.type), expected: .bool, at: condition.range))
    }
    if first.type == second.type, types.isGround(first.type) { return Typed(expression: expression, type: first.type) }
    let join = types.newVariable()
    guard types.areAssignable([first.type, second.type], to: [join, join]) else {
      return mistake(
        .noCommonType(
          types.type(first.type), types.type(second.type), what: "the branches of `? :`", at: no.range,
          first: yes.range))
    }
    return Typed(expression: expression, type: join)
  }
}

extension CELTypes {
  /// The types of one or two operands as a number; nil for others, and where a variable is in one.
  fileprivate func key(_ operands: CELChecker.Operands, _ isMember: Bool) -> UInt64? {
    guard let first = operands.first, operands.count <= 2, isGround(first) else { return nil }
    var second: UInt64 = 0
    if let type = operands.second {
      guard isGround(type) else { return nil }
      second = UInt64(type.index) + 1
    }
    return UInt64(first.index) << 33 | second << 1 | (isMember ? 1 : 0)
  }

  /// What an overload gives for arguments of these types; nil when it does not take them.
  fileprivate mutating func result(of candidate: CELFunction.Candidate, _ given: [ID]) -> ID? {
    if let fixed = candidate.fixed { return areAssignable(given, to: fixed.parameters) ? fixed.result : nil }
    var parameters: [String: ID] = [:]
    let expected = candidate.parameters.map { intern($0, &parameters) }
    return areAssignable(given, to: expected) ? intern(candidate.result, &parameters) : nil
  }
}

extension BinaryOperator {
  /// Its name among the functions.
  var functionName: String {
    switch self {
    case .or: "_||_"
    case .and: "_&&_"
    case .less: "_<_"
    case .lessOrEqual: "_<=_"
    case .greater: "_>_"
    case .greaterOrEqual: "_>=_"
    case .equal: "_==_"
    case .notEqual: "_!=_"
    case .membership: "_in_"
    case .add: "_+_"
    case .subtract: "_-_"
    case .multiply: "_*_"
    case .divide: "_/_"
    case .remainder: "_%_"
    }
  }
}

extension ExpressionSyntax.Literal {
  /// Whether a minus before it is a part of the literal.
  fileprivate var takesSign: Bool {
    switch self {
    case .int, .double: true
    case .null, .bool, .uint, .string, .bytes, .duration, .size: false
    }
  }
}
