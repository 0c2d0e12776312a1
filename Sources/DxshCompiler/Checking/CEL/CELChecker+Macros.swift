import DxshExpressions
import DxshSyntax

/// The macros of plain CEL and of its extensions (CEL specification, "Macros"; cel-go's `ext`).
extension CELChecker {
  /// Nil when the name, with that many arguments, is no macro.
  mutating func macro(
    _ name: Name, on base: ExpressionSyntax, _ arguments: [Argument], at syntax: ExpressionSyntax
  ) -> Typed? {
    if case .name(let family) = base.kind, let typed = qualified(family, name, arguments, at: syntax) { return typed }
    guard let kind = CELMacro(name.text, arguments.count) else { return nil }
    var names: [String] = []
    for argument in arguments.prefix(kind.variables) {
      guard let variable = variableName(argument.value) else {
        return mistake(.macroNeedsVariable(name.text, at: argument.value.range))
      }
      names.append(variable)
    }
    let range = infer(base)
    if kind.kind == .optMap || kind.kind == .optFlatMap {
      return optional(kind.kind, range, names[0], arguments[1].value, base)
    }
    let (first, second) = elements(of: range.type, name, at: base)
    let variables =
      names.count == 2
      ? [(names[0], first), (names[1], second)] : [(names[0], elementType(range.type, first, second))]
    return run(kind, range, variables, arguments)
  }

  /// With one variable: the elements of a list, the keys of a map.
  private func elementType(_ range: ID, _ first: ID, _ second: ID) -> ID {
    if case .list = types.node(range) { second } else { first }
  }

  /// The types of indexes and elements, or of keys and values.
  private mutating func elements(of range: ID, _ macro: Name, at base: ExpressionSyntax) -> (ID, ID) {
    let resolved = types.resolved(range)
    switch types[resolved] {
    case .list(let element): return (types.int, element)
    case .map(let key, let value): return (key, value)
    case .variable: _ = types.isAssignable(types.dyn, to: resolved)
    case .scalar, .optional, .type, .abstract:
      if resolved != types.dyn {
        report(
          .badOperand(
            "`\(macro.text)` goes over lists and maps, not over \(types.type(range))", at: base.range))
      }
    }
    return (types.dyn, types.dyn)
  }

  private mutating func run(
    _ macro: CELMacro, _ range: Typed, _ variables: [(name: String, type: ID)], _ arguments: [Argument]
  ) -> Typed {
    let local = locals.count
    var condition: Expression?
    let body = with(variables) { checker in
      if macro.hasCondition { condition = checker.condition(arguments[macro.variables].value) }
      let syntax = arguments[arguments.count - 1].value
      return macro.isOfConditions
        ? Typed(expression: checker.condition(syntax), type: checker.types.bool) : checker.infer(syntax)
    }
    let expression = Expression.comprehension(
      Comprehension(
        macro.kind, range: range.expression, local: local, variables: variables.count, condition: condition,
        body: body.expression))
    return Typed(expression: expression, type: result(macro.kind, range, variables, body))
  }

  private mutating func result(
    _ kind: Comprehension.Kind, _ range: Typed, _ variables: [(name: String, type: ID)], _ body: Typed
  ) -> ID {
    guard environment.isChecked else { return types.dyn }
    switch kind {
    case .all, .exists, .existsOne: return types.bool
    case .filter, .sortBy: return types.list(of: variables[0].type)
    case .map, .transformList: return types.list(of: body.type)
    case .transformMap: return types.map(variables[0].type, body.type)
    case .transformMapEntry:
      let (key, value) = (types.newVariable(), types.newVariable())
      let map = types.map(key, value)
      return types.isAssignable(body.type, to: map) ? map : types.map(types.dyn, types.dyn)
    case .groupBy: return types.map(body.type, types.list(of: variables[0].type))
    case .fold, .optMap, .optFlatMap: return body.type
    }
  }

  /// An expression that has to be a bool.
  private mutating func condition(_ syntax: ExpressionSyntax) -> Expression {
    let typed = infer(syntax)
    if !types.isAssignable(typed.type, to: types.bool) {
      report(.typeMismatch(found: types.type(typed.type), expected: .bool, at: syntax.range))
    }
    return typed.expression
  }

  /// `e.optMap(x, f)`, `e.optFlatMap(x, f)`
  private mutating func optional(
    _ kind: Comprehension.Kind, _ range: Typed, _ name: String, _ body: ExpressionSyntax, _ base: ExpressionSyntax
  ) -> Typed {
    var content = types.dyn
    if case .optional(let wrapped) = types.node(range.type) {
      content = wrapped
    } else if !types.isDyn(range.type) {
      report(.notOptional(types.type(range.type), at: base.range))
    }
    let local = locals.count
    let typed = with([(name, content)]) { $0.infer(body) }
    var type = typed.type
    if kind == .optMap {
      type = types.optional(of: typed.type)
    } else {
      let wrapped = types.optional(of: types.newVariable())
      if types.isAssignable(typed.type, to: wrapped) {
        type = wrapped
      } else {
        report(.notOptional(types.type(typed.type), at: body.range))
      }
    }
    let macro = Comprehension(kind, range: range.expression, local: local, body: typed.expression)
    return Typed(expression: .comprehension(macro), type: type)
  }

  /// A bare name, or what `cel.block` has in its place: `cel.iterVar(0, 0)`.
  private func variableName(_ syntax: ExpressionSyntax) -> String? {
    switch syntax.kind {
    case .name(let name): return name.hasPrefix(".") ? nil : name
    case .method(let base, let name, let arguments):
      guard case .name("cel") = base.kind, name.text == "iterVar" || name.text == "accuVar", arguments.count == 2,
        let depth = arguments[0].value.whole, let number = arguments[1].value.whole
      else { return nil }
      return "@\(name.text):\(depth):\(number)"
    default: return nil
    }
  }

  // MARK: - Qualified macros

  private mutating func qualified(
    _ family: String, _ name: Name, _ arguments: [Argument], at syntax: ExpressionSyntax
  ) -> Typed? {
    guard family == "cel" || family == "math" else { return nil }
    switch (family, name.text, arguments.count) {
    case ("cel", "bind", 3): return bind(arguments)
    case ("cel", "block", 2):
      guard case .list(let values) = arguments[0].value.kind else { return nil }
      return block(values.map(\.value), 0, arguments[1].value)
    case ("cel", "index", 1):
      guard let start = blocks.last, let number = arguments[0].value.whole, start + number < locals.count else {
        return nil
      }
      return Typed(expression: .local(start + number), type: locals[start + number].type)
    case ("cel", "iterVar", 2), ("cel", "accuVar", 2): return variableName(syntax).flatMap(local)
    case ("math", "greatest", 1...), ("math", "least", 1...): return extreme(name, arguments, at: syntax)
    default: return nil
    }
  }

  /// `cel.bind(x, e, body)`
  private mutating func bind(_ arguments: [Argument]) -> Typed {
    guard let name = variableName(arguments[0].value) else {
      return mistake(.macroNeedsVariable("bind", at: arguments[0].value.range))
    }
    let value = infer(arguments[1].value)
    let local = locals.count
    let body = with([(name, value.type)]) { $0.infer(arguments[2].value) }
    return Typed(expression: .letting(local, value.expression, in: body.expression), type: body.type)
  }

  /// `cel.block([e, …], body)`, in which `cel.index(0)` is the first value: each value sees those before it.
  private mutating func block(_ values: [ExpressionSyntax], _ number: Int, _ body: ExpressionSyntax) -> Typed {
    let start = locals.count
    blocks.append(start)
    defer {
      blocks.removeLast()
      locals.removeLast(locals.count - start)
    }
    var expressions: [Expression] = []
    for value in values {
      let typed = infer(value)
      expressions.append(typed.expression)
      locals.append(("", typed.type))
    }
    let typed = infer(body)
    var whole = typed.expression
    for (offset, expression) in expressions.enumerated().reversed() {
      whole = .letting(start + offset, expression, in: whole)
    }
    return Typed(expression: whole, type: typed.type)
  }

  /// `math.greatest(…)` and `math.least(…)` of any number of numbers, or of one list ("Math" extension).
  private mutating func extreme(
    _ name: Name, _ arguments: [Argument], at syntax: ExpressionSyntax
  ) -> Typed {
    let function = name.text == "greatest" ? "math.@max" : "math.@min"
    if arguments.count <= 2 { return apply(function, arguments.map { infer($0.value) }, at: syntax) }
    let typed = arguments.map { infer($0.value) }
    var element: ID?
    for number in typed { element = types.join(element, number.type) }
    let list = Typed(
      expression: .list(typed.map(\.expression)), type: types.list(of: element ?? types.dyn))
    return apply(function, [list], at: syntax)
  }
}

/// A macro with a receiver, as it is written.
struct CELMacro {
  let kind: Comprehension.Kind
  /// How many of the arguments are names of variables.
  let variables: Int
  /// Whether a condition stands before the last argument.
  let hasCondition: Bool

  /// Whether the last argument is a condition.
  var isOfConditions: Bool {
    switch kind {
    case .all, .exists, .existsOne, .filter: true
    case .map, .sortBy, .groupBy, .transformList, .transformMap, .transformMapEntry, .fold, .optMap, .optFlatMap: false
    }
  }

  /// Nil when there is no macro of the name that takes so many arguments.
  init?(_ name: String, _ arguments: Int) {
    guard (2...4).contains(arguments) else { return nil }
    let found: (Comprehension.Kind, Int, Bool)? =
      switch (name, arguments) {
      case ("all", 2): (.all, 1, false)
      case ("all", 3): (.all, 2, false)
      case ("exists", 2): (.exists, 1, false)
      case ("exists", 3): (.exists, 2, false)
      case ("exists_one", 2), ("existsOne", 2): (.existsOne, 1, false)
      case ("exists_one", 3), ("existsOne", 3): (.existsOne, 2, false)
      case ("map", 2): (.map, 1, false)
      case ("map", 3): (.map, 1, true)
      case ("filter", 2): (.filter, 1, false)
      case ("sortBy", 2): (.sortBy, 1, false)
      case ("transformList", 3): (.transformList, 2, false)
      case ("transformList", 4): (.transformList, 2, true)
      case ("transformMap", 3): (.transformMap, 2, false)
      case ("transformMap", 4): (.transformMap, 2, true)
      case ("transformMapEntry", 3): (.transformMapEntry, 2, false)
      case ("transformMapEntry", 4): (.transformMapEntry, 2, true)
      case ("optMap", 2): (.optMap, 1, false)
      case ("optFlatMap", 2): (.optFlatMap, 1, false)
      default: nil
      }
    guard let found else { return nil }
    (kind, variables, hasCondition) = found
  }
}
