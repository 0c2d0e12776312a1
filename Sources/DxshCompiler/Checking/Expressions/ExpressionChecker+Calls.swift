import DxshExpressions
import DxshSyntax

/// Functions, methods and macros.
extension ExpressionChecker {
  /// `f(…)`
  func call(_ name: Name, _ arguments: [Argument], at syntax: ExpressionSyntax) -> TypedExpression {
    if name.text == "declassify" { return declassify(arguments, at: syntax) }
    if let function = session.function(name.text) { return call(function, name, arguments, at: syntax) }
    reportLabels(arguments)
    switch name.text {
    case "has" where arguments.count == 1: return has(arguments[0].value)
    case "try" where arguments.count == 1:
      let operand = guarded.infer(arguments[0].value)
      let type = operand.type.withoutSecrets.asOptional
      return TypedExpression(.attempt(operand.expression), operand.type.containsSecret ? type.asSecret : type)
    case "attempt" where arguments.count == 1: return attempt(arguments[0].value)
    default: break
    }
    let typed = arguments.map { infer($0.value) }
    let overloads = FunctionLibrary.overloads(named: name.text, in: .dxsh).filter { $0.style == .global }
    guard !overloads.isEmpty else {
      if !name.isMissing { report(unknownFunction(name, on: nil)) }
      return .unknown
    }
    return apply(overloads, name, typed, at: syntax)
  }

  /// `e.f(…)`: a qualified function, a macro, or a method, in this order (rule 18).
  func call(
    _ name: Name, on base: ExpressionSyntax, _ arguments: [Argument], at syntax: ExpressionSyntax
  ) -> TypedExpression {
    reportLabels(arguments)
    if case .name(let family) = base.kind {
      let overloads = FunctionLibrary.overloads(named: "\(family).\(name.text)", in: .dxsh)
      if !overloads.isEmpty { return apply(overloads, name, arguments.map { infer($0.value) }, at: syntax) }
      if !isValue(family), let node = session.node("\(family).\(name.text)") {
        report(.nodeInExpression(node, at: syntax.range))
        return .unknown
      }
    }
    if let macro = Macro(rawValue: name.text), macro.accepts(arguments.count) {
      return run(macro, on: base, arguments, at: syntax)
    }
    let receiver = infer(base)
    if receiver.type == .unknown {
      arguments.forEach { _ = infer($0.value) }
      return .unknown
    }
    let overloads = FunctionLibrary.overloads(named: name.text, in: .dxsh).filter { $0.style == .member }
    guard !overloads.isEmpty else {
      arguments.forEach { _ = infer($0.value) }
      if !name.isMissing { report(unknownFunction(name, on: receiver.type)) }
      return .unknown
    }
    let takesOptional = overloads.allSatisfy { $0.parameters[0].isOptional }
    let open = receiver.type.withoutSecrets
    if open.isOptional, !takesOptional, open != .optional(.never) {
      report(.optionalNotNarrowed(receiver.type, path: base.path, at: base.range))
      return .unknown
    }
    let hint = takesOptional ? open.unwrapped : nil
    let typed = arguments.map { infer($0.value, expecting: hint) }
    let isProven = name.text == "value" && !open.isOptional
    return apply(overloads, name, [receiver] + typed, at: syntax, isProven: isProven)
  }

  private func reportLabels(_ arguments: [Argument]) {
    for argument in arguments {
      if let label = argument.label { report(.labelInExpression(label)) }
    }
  }

  private func unknownFunction(_ name: Name, on receiver: Type?) -> Diagnostic {
    let style: Overload.Style = receiver == nil ? .global : .member
    let names = FunctionLibrary.names.filter { candidate in
      FunctionLibrary.overloads(named: candidate, in: .dxsh).contains { $0.style == style }
    }
    let macros = receiver == nil ? ["has", "try"] : Macro.allCases.map(\.rawValue)
    return .unknownName(
      receiver.map { "method of \($0)" } ?? "function", name.text,
      candidates: names.filter { !$0.contains("_") && !$0.contains(".") } + macros, at: name.range)
  }

  // MARK: - Overloads

  /// An operator on typed operands.
  func apply(
    _ name: String, _ operands: [TypedExpression], at syntax: ExpressionSyntax, isProven: Bool = false
  ) -> TypedExpression {
    if operands.contains(where: { $0.type == .unknown }) { return .unknown }
    if let result = first(
      of: FunctionLibrary.overloads(named: name, in: .dxsh), operands, at: syntax, isProven: isProven)
    {
      return result
    }
    report(.badOperator(name, operands.map(\.type), at: syntax.range))
    return .unknown
  }

  private func apply(
    _ overloads: [Overload], _ name: Name, _ arguments: [TypedExpression], at syntax: ExpressionSyntax,
    isProven: Bool = false
  ) -> TypedExpression {
    if arguments.contains(where: { $0.type == .unknown }) { return .unknown }
    if let result = first(of: overloads, arguments, at: syntax, isProven: isProven) { return result }
    report(.noOverload(name, overloads, arguments.map(\.type)))
    return .unknown
  }

  /// The first overload that takes the arguments; what it makes of secrets is secret. Nil when there is none.
  private func first(
    of overloads: [Overload], _ arguments: [TypedExpression], at syntax: ExpressionSyntax, isProven: Bool
  ) -> TypedExpression? {
    if arguments.contains(where: { $0.type.containsConnection }) {
      report(.opaqueConnection(at: syntax.range))
      return .unknown
    }
    let isSecret = arguments.contains { $0.type.containsSecret }
    let open = isSecret ? arguments.map(\.open) : arguments
    for overload in overloads {
      guard let result = match(overload, open) else { continue }
      if overload.isPartial, !isProven { requireOverloadProof(overload, at: syntax.range) }
      let tellsPresence = overload.name == "hasValue" && !arguments[0].type.isSecretlyPresent
      return isSecret && !tellsPresence ? TypedExpression(result.expression, result.type.asSecret) : result
    }
    return nil
  }

  private func requireOverloadProof(_ overload: Overload, at range: SourceRange) {
    let what = overload.name.hasPrefix("_") ? "the divisor may be zero" : "`\(overload.name)` can fail here"
    requireProof(what, remedy: "write `try(…)`, which is none then", at: range)
  }

  private func match(_ overload: Overload, _ arguments: [TypedExpression]) -> TypedExpression? {
    guard overload.parameters.count == arguments.count else { return nil }
    var substitution = Substitution()
    for (parameter, argument) in zip(overload.parameters, arguments) {
      if argument.type.isOptional, !parameter.isOptional, !isParameter(parameter) { return nil }
      guard substitution.match(parameter, argument.type) else { return nil }
    }
    let converted = zip(overload.parameters, arguments).map { parameter, argument in
      convert(argument, to: substitution.apply(to: parameter, fallback: .never)).expression
    }
    return TypedExpression(
      .call(overload.function, converted), substitution.apply(to: overload.result, fallback: .never))
  }

  private func isParameter(_ type: Type) -> Bool {
    if case .parameter = type { true } else { false }
  }

  // MARK: - Macros

  /// `has(r.f)`: whether an optional field has a value (rule 25).
  private func has(_ argument: ExpressionSyntax) -> TypedExpression {
    guard case .select(let base, let field, false) = argument.kind else {
      report(.hasNeedsField(at: argument.range))
      return TypedExpression(.constant(Constant(.bool(false))), .bool)
    }
    let operand = infer(base)
    let isSecret = operand.type.isSecret
    let type = isSecret ? operand.type.withoutSecrets : operand.type
    let hasValue = FunctionLibrary.overloads(named: "hasValue", in: .dxsh)[0].function
    let test = Expression.call(hasValue, [.optionalField(operand.expression, field.text)])
    switch type {
    case .unknown, .json, .dyn, .map(.string, _): break
    case .record(let record):
      if record[field.text] == nil { report(.unknownField(field, in: record)) }
    case .optional(let wrapped) where wrapped != .never:
      report(.optionalNotNarrowed(operand.type, path: base.path, field: field, at: base.range))
    default: report(.noFields(operand.type, field, candidates: []))
    }
    return TypedExpression(test, isSecret ? .secret(.bool) : .bool)
  }

  private func run(
    _ macro: Macro, on base: ExpressionSyntax, _ arguments: [Argument], at syntax: ExpressionSyntax
  ) -> TypedExpression {
    let range = infer(base)
    return lifting(range) { open in run(macro, over: open, of: base, arguments, isSecret: range.type.isSecret) }
  }

  /// `isSecret` says that the whole range is a secret, and so are its elements.
  private func run(
    _ macro: Macro, over range: TypedExpression, of base: ExpressionSyntax, _ arguments: [Argument], isSecret: Bool
  ) -> TypedExpression {
    guard case .name(let variable) = arguments[0].value.kind else {
      report(.macroNeedsVariable(macro.rawValue, at: arguments[0].value.range))
      return .unknown
    }
    var (element, isMap) = elements(of: range, base, macro)
    if isSecret { element = element.asSecret }
    var inner = binding(variable, element, origin: element.isConfined ? origin(of: base) : nil)
    if isMap, let map = base.path { inner.facts.insert(member: variable, of: map) }
    let body = arguments[arguments.count - 1].value
    var condition: Expression?
    if arguments.count == 3 {
      condition = inner.condition(arguments[1].value).expression
      inner = inner.knowing(arguments[1].value, is: true)
    }
    let (result, typed) = inner.result(of: macro, body, element)
    guard range.type != .unknown, element != .unknown else { return TypedExpression(range.expression, result) }
    let comprehension = Comprehension(
      macro.kind, range: range.expression, local: locals.count, condition: condition, body: typed.expression)
    return TypedExpression(.comprehension(comprehension), result)
  }

  /// The type of what the macro's variable stands for, and whether that is the keys of a map.
  private func elements(of range: TypedExpression, _ base: ExpressionSyntax, _ macro: Macro) -> (Type, isMap: Bool) {
    switch range.type {
    case .unknown: break
    case .list(let type): return (type, false)
    case .map(let key, _): return (key, true)
    case .optional(let wrapped) where wrapped != .never:
      report(.optionalNotNarrowed(range.type, path: base.path, at: base.range))
    default:
      report(.badOperand("`\(macro.rawValue)` goes over lists and maps, not over \(range.type)", at: base.range))
    }
    return (.unknown, false)
  }

  /// The macro's type and its body, in the checker that knows the variable.
  private func result(
    of macro: Macro, _ body: ExpressionSyntax, _ element: Type
  ) -> (Type, TypedExpression) {
    switch macro {
    case .all, .exists, .existsOne:
      let typed = operand(body, expecting: .bool)
      return (typed.type.isSecret ? .secret(.bool) : .bool, typed)
    case .filter: return (.list(element), condition(body))
    case .map:
      let typed = infer(body)
      return (.list(typed.type), typed)
    case .sortBy:
      let typed = infer(body)
      if !typed.type.withoutSecrets.isOrdered { report(.notOrdered(typed.type, at: body.range)) }
      return (typed.type.containsSecret ? Type.list(element).asSecret : .list(element), typed)
    case .groupBy:
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
  }
}

extension Macro {
  fileprivate var kind: Comprehension.Kind {
    switch self {
    case .all: .all
    case .exists: .exists
    case .existsOne: .existsOne
    case .map: .map
    case .filter: .filter
    case .sortBy: .sortBy
    case .groupBy: .groupBy
    }
  }
}

extension Type {
  /// Whether `<` compares its values.
  fileprivate var isOrdered: Bool {
    switch self {
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .enumeration, .unknown,
      .never:
      true
    case .money, .json, .null, .dyn, .list, .map, .optional, .record, .parameter, .secret, .connection, .type,
      .abstract:
      false
    }
  }
}
