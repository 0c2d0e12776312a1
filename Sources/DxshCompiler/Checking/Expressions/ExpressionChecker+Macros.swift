import DxshExpressions
import DxshSyntax

/// Macros over lists, maps and optionals.
extension ExpressionChecker {
  func run(
    _ macro: Macro, _ name: Name, on base: ExpressionSyntax, _ arguments: [ExpressionSyntax]
  ) -> TypedExpression {
    var variables: [String] = []
    for argument in arguments.prefix(macro.variables) {
      guard case .name(let variable) = argument.kind else {
        report(.macroNeedsVariable(name.text, at: argument.range))
        return .unknown
      }
      if isValue(variable) { report(.shadows(variable, at: argument.range)) }
      variables.append(variable)
    }
    let range = infer(base)
    return lifting(range) { open in
      if macro.kind == .optMap || macro.kind == .optFlatMap {
        return optional(macro.kind, open, variables[0], arguments[1], base)
      }
      return run(macro, name, over: open, of: base, variables, arguments, isSecret: range.type.isSecret)
    }
  }

  /// `isSecret` says that the whole range is a secret, and so are its elements.
  private func run(
    _ macro: Macro, _ name: Name, over range: TypedExpression, of base: ExpressionSyntax, _ variables: [String],
    _ arguments: [ExpressionSyntax], isSecret: Bool
  ) -> TypedExpression {
    var (first, second) = elements(of: range, base, name)
    if isSecret { (first, second) = (first.asSecret, second.asSecret) }
    if macro.kind == .fold {
      return fold(range, variables, second, initial: arguments[2], arguments[3], origin: origin(of: base))
    }
    var inner = self
    let isMap = if case .map = range.type { true } else { false }
    let types = variables.count == 2 ? [first, second] : [isMap ? first : second]
    for (variable, type) in zip(variables, types) {
      inner = inner.binding(variable, type, origin: type.isConfined ? origin(of: base) : nil)
    }
    if isMap, let map = base.path { inner.facts.insert(member: variables[0], of: map) }
    var condition: Expression?
    if macro.hasCondition {
      let syntax = arguments[macro.variables]
      condition = inner.condition(syntax).expression
      inner = inner.knowing(syntax, is: true)
    }
    let (result, typed) = inner.result(of: macro, arguments[arguments.count - 1], types)
    guard !range.type.isUnknown, !types.contains(.unknown) else { return TypedExpression(range.expression, result) }
    let comprehension = Comprehension(
      macro.kind, range: range.expression, local: locals.count, variables: variables.count, condition: condition,
      body: typed.expression)
    return TypedExpression(.comprehension(comprehension), result)
  }

  /// The types of indexes and elements, or of keys and values.
  private func elements(of range: TypedExpression, _ base: ExpressionSyntax, _ macro: Name) -> (Type, Type) {
    switch range.type {
    case .unknown: break
    case .list(let type): return (.int, type)
    case .map(let key, let value): return (key, value)
    case .optional(let wrapped) where wrapped != .never:
      report(.optionalNotNarrowed(range.type, path: base.path, at: base.range))
    default:
      report(.badOperand("`\(macro.text)` goes over lists and maps, not over \(range.type)", at: base.range))
    }
    return (.unknown, .unknown)
  }

  /// The macro's type and its body, in the checker that knows the variables.
  private func result(of macro: Macro, _ body: ExpressionSyntax, _ variables: [Type]) -> (Type, TypedExpression) {
    switch macro.kind {
    case .all, .exists, .existsOne:
      let typed = operand(body, expecting: .bool)
      return (typed.type.isSecret ? .secret(.bool) : .bool, typed)
    case .filter: return (.list(variables[0]), condition(body))
    case .map, .transformList:
      let typed = infer(body)
      return (.list(typed.type), typed)
    case .transformMap:
      let typed = infer(body)
      return (.map(variables[0].withoutSecrets, typed.type), typed)
    case .transformMapEntry:
      let typed = infer(body)
      switch typed.type.withoutSecrets {
      case .map, .unknown: break
      default:
        report(.badOperand("an entry is a map with one key, as in `{ (k): v }`, not \(typed.type)", at: body.range))
      }
      requireProof(
        "two entries may have one key", remedy: "write `try(…)`, which is none then", at: body.range)
      return (typed.type, typed)
    case .sortBy:
      let typed = infer(body)
      if !typed.type.withoutSecrets.isOrdered { report(.notOrdered(typed.type, at: body.range)) }
      let list = Type.list(variables[0])
      return (typed.type.containsSecret ? list.asSecret : list, typed)
    case .groupBy: return grouping(body, variables[0])
    case .fold, .optMap, .optFlatMap: return (.unknown, .unknown)
    }
  }

  private func grouping(_ body: ExpressionSyntax, _ element: Type) -> (Type, TypedExpression) {
    let typed = infer(body)
    let key = typed.type.withoutSecrets
    if key.isOptional {
      report(.optionalNotNarrowed(typed.type, path: body.path, at: body.range))
    } else if !key.isKeyType {
      report(.badKeyType(typed.type, at: body.range))
    }
    let groups = Type.map(key, .list(element))
    return (typed.type.containsSecret ? groups.asSecret : groups, typed)
  }

  /// `xs.fold(acc, x, init, e)`: over the elements of a list or the values of a map; `e` is of the type of `init`.
  private func fold(
    _ range: TypedExpression, _ variables: [String], _ element: Type, initial: ExpressionSyntax,
    _ body: ExpressionSyntax, origin: Name?
  ) -> TypedExpression {
    var start = infer(initial)
    guard !range.type.isUnknown, !start.type.isUnknown else { return .unknown }
    if case .map = range.type {
      report(.badOperand("`fold` goes over lists, not over \(range.type)", at: initial.range))
      return .unknown
    }
    func checked(_ type: Type) -> TypedExpression {
      binding(variables[0], type, origin: nil)
        .binding(variables[1], element, origin: element.isConfined ? origin : nil).infer(body, expecting: type)
    }
    // `fold(sum, x, 0, sum + x.price)` starts with a double.
    if initial.isIntegerLiteral, session.probing({ checked(.int).type }) == .unknown,
      session.probing({ checked(.double).type }) == .double
    {
      start = infer(initial, expecting: .double)
    }
    let accumulator = binding(variables[0], start.type, origin: nil)
      .binding(variables[1], element, origin: element.isConfined ? origin : nil)
    let next = accumulator.check(body, expecting: start.type)
    let comprehension = Comprehension(
      .fold, range: range.expression, local: locals.count, variables: 2, initial: start.expression,
      body: next.expression)
    return TypedExpression(.comprehension(comprehension), start.type)
  }

  /// `x.optMap(v, e)`, `x.optFlatMap(v, e)`: none for none, else of the value.
  private func optional(
    _ kind: Comprehension.Kind, _ operand: TypedExpression, _ variable: String, _ body: ExpressionSyntax,
    _ base: ExpressionSyntax
  ) -> TypedExpression {
    guard !operand.type.isUnknown else { return .unknown }
    guard operand.type.isOptional else {
      report(.badOperand("an optional is expected, and this is \(operand.type)", at: base.range))
      return .unknown
    }
    let typed = binding(variable, operand.type.unwrapped, origin: origin(of: base)).infer(body)
    if kind == .optFlatMap, !typed.type.isUnknown, !typed.type.isOptional {
      report(.badOperand("`optFlatMap` takes an optional, and this is \(typed.type)", at: body.range))
    }
    let macro = Comprehension(kind, range: operand.expression, local: locals.count, body: typed.expression)
    return TypedExpression(.comprehension(macro), typed.type.asOptional)
  }
}
