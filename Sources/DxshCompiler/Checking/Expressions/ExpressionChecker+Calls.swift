import DxshExpressions
import DxshSyntax

/// Functions, methods and macros.
extension ExpressionChecker {
  /// `f(…)`
  func call(_ name: Name, _ arguments: [Argument], at syntax: ExpressionSyntax) -> TypedExpression {
    if name.text == "declassify" { return declassify(arguments, at: syntax) }
    if let function = session.function(name.text) {
      session.noteUse(of: name.text)
      return call(function, name, arguments, at: syntax)
    }
    let overloads = FunctionLibrary.overloads(named: name.text, in: .dxsh, .global)
    let isKnown = !overloads.isEmpty || ["has", "try", "attempt"].contains(name.text)
    guard isKnown else {
      if !name.isMissing, !session.isLost(name.text) { report(unknownFunction(name, on: nil)) }
      inferOfUnknown(arguments)
      return .unknown
    }
    reportLabels(arguments)
    switch name.text {
    case "has" where arguments.count == 1: return has(arguments[0].value)
    case "try" where arguments.count == 1:
      let operand = guarded.infer(arguments[0].value)
      let type = operand.type.withoutSecrets.asOptional
      return TypedExpression(.attempt(operand.expression), operand.type.containsSecret ? type.asSecret : type)
    case "attempt" where arguments.count == 1: return attempt(arguments[0].value)
    case "string" where arguments.count == 1:
      // A member of an enum is its text already.
      let operand = infer(arguments[0].value)
      if case .enumeration = operand.type.withoutSecrets {
        return TypedExpression(operand.expression, operand.type.isSecret ? .secret(.string) : .string)
      }
      return apply(FunctionLibrary.overloads(named: "string", in: .dxsh), name, [operand], at: syntax)
    default: break
    }
    guard !overloads.isEmpty else {
      report(.badOperand("`\(name.text)` takes 1 argument, not \(arguments.count)", at: syntax.range))
      inferOfUnknown(arguments)
      return .unknown
    }
    return apply(overloads, name, infer(arguments, for: overloads), at: syntax)
  }

  /// `e.f(…)`: a qualified function, a macro, or a method, in this order (rule 18).
  func call(
    _ name: Name, on base: ExpressionSyntax, _ arguments: [Argument], at syntax: ExpressionSyntax
  ) -> TypedExpression {
    if case .name(let file) = base.kind, !isValue(file), let function = session.function("\(file).\(name.text)") {
      session.noteUse(of: file)
      return call(function, name, arguments, at: syntax)
    }
    if case .name(let file) = base.kind, session.importNames[file] != nil, isOnlyFile(file) {
      inferOfUnknown(arguments)
      report(
        .unknownName(
          "function in the file `\(file)`", name.text, candidates: session.definitionNames(in: file), at: name.range))
      return .unknown
    }
    reportLabels(arguments)
    if case .name(let family) = base.kind {
      if family == "math", name.text == "greatest" || name.text == "least", !isValue(family) {
        return extreme(name, arguments.map(\.value), at: syntax)
      }
      let overloads = FunctionLibrary.overloads(named: "\(family).\(name.text)", in: .dxsh)
      if !overloads.isEmpty { return apply(overloads, name, infer(arguments, for: overloads), at: syntax) }
      if !isValue(family), let node = session.node("\(family).\(name.text)") {
        report(.nodeInExpression(node, at: syntax.range))
        return .unknown
      }
    }
    if let macro = Macro(name.text, arguments.count) { return run(macro, name, on: base, arguments.map(\.value)) }
    let receiver = infer(base)
    if receiver.type.isUnknown {
      inferOfUnknown(arguments)
      return .unknown
    }
    let overloads = FunctionLibrary.overloads(named: name.text, in: .dxsh, .member)
    guard !overloads.isEmpty else {
      if !name.isMissing { report(unknownFunction(name, on: receiver.type)) }
      inferOfUnknown(arguments)
      return .unknown
    }
    let takesOptional = overloads.allSatisfy { $0.parameters[0].isOptional }
    let open = receiver.type.withoutSecrets
    if open.isOptional, !takesOptional, open != .optional(.never) {
      report(.optionalNotNarrowed(receiver.type, path: base.path, at: base.range))
      return .unknown
    }
    let typed =
      takesOptional
      ? arguments.map { infer($0.value, expecting: open.unwrapped) } : infer(arguments, for: overloads, after: 1)
    let isProven = name.text == "value" && !open.isOptional
    return apply(overloads, name, typed.isEmpty ? [receiver] : [receiver] + typed, at: syntax, isProven: isProven)
  }

  /// Looks for mistakes in the arguments of what nobody knows: it may be a macro, whose first arguments name variables,
  /// and may catch what fails.
  func inferOfUnknown(_ arguments: [Argument]) {
    var inner = lookingForNames
    for argument in arguments.dropLast() {
      guard case .name(let name) = argument.value.kind, !isValue(name) else { break }
      inner = inner.binding(name, .unknown, origin: nil)
    }
    for argument in arguments { _ = inner.infer(argument.value) }
  }

  private func reportLabels(_ arguments: [Argument]) {
    for argument in arguments {
      if let label = argument.label { report(.labelInExpression(label)) }
    }
  }

  private func unknownFunction(_ name: Name, on receiver: Type?) -> Misspelling {
    let style: Overload.Style = receiver == nil ? .global : .member
    let names = FunctionLibrary.names.filter { candidate in
      FunctionLibrary.overloads(named: candidate, in: .dxsh).contains { $0.style == style }
    }
    let macros = receiver == nil ? ["has", "try", "attempt"] : Macro.names
    return .unknownName(
      receiver.map { "method of \($0)" } ?? "function", name.text,
      candidates: names.filter { !$0.contains("_") && !$0.contains(".") } + macros, at: name.range)
  }

  /// `math.greatest(…)` and `math.least(…)` of any number of numbers, or of one list.
  private func extreme(_ name: Name, _ arguments: [ExpressionSyntax], at syntax: ExpressionSyntax) -> TypedExpression {
    let overloads = FunctionLibrary.overloads(
      named: name.text == "greatest" ? "math.@max" : "math.@min", in: .dxsh)
    guard arguments.count > 2 else { return apply(overloads, name, arguments.map { infer($0) }, at: syntax) }
    let elements = list(
      arguments.map { ExpressionSyntax.Element(value: $0, optional: false) }, at: syntax, expecting: nil)
    if elements.type.hasUnknown { return .unknown }
    return apply(overloads, name, [elements], at: syntax, isProven: true)
  }

  /// The arguments; a literal adapts to a parameter that is of one type in all overloads. `first` parameters are not
  /// among them.
  private func infer(_ arguments: [Argument], for overloads: [Overload], after first: Int = 0) -> [TypedExpression] {
    arguments.enumerated().map { number, argument in
      var expected: Type?
      for overload in overloads where overload.parameters.count == arguments.count + first {
        let type = overload.parameters[number + first]
        if expected ?? type != type {
          expected = nil
          break
        }
        expected = type
      }
      return infer(argument.value, expecting: expected?.hasParameters == false ? expected : nil)
    }
  }

  // MARK: - Overloads

  /// An operator on typed operands.
  func apply(
    _ name: String, _ operands: [TypedExpression], at syntax: ExpressionSyntax, isProven: Bool = false
  ) -> TypedExpression {
    if operands.contains(where: { $0.type.isUnknown }) { return .unknown }
    if let result = first(
      of: FunctionLibrary.overloads(named: name, in: .dxsh), operands, at: syntax, isProven: isProven)
    {
      return result
    }
    if !operands.contains(where: \.type.hasUnknown) {
      report(.badOperator(name, operands.map(\.type), at: syntax.range))
    }
    return .unknown
  }

  private func apply(
    _ overloads: [Overload], _ name: Name, _ arguments: [TypedExpression], at syntax: ExpressionSyntax,
    isProven: Bool = false
  ) -> TypedExpression {
    if arguments.contains(where: { $0.type.isUnknown }) { return .unknown }
    if let result = first(of: overloads, arguments, at: syntax, isProven: isProven) { return result }
    if !arguments.contains(where: \.type.hasUnknown) {
      report(.noOverload(name, overloads, arguments.map(\.type)))
    }
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
      if overload.isPartial, !isProven, !isProvenByConstants(result.expression, at: syntax.range) {
        requireOverloadProof(overload, at: syntax.range)
      }
      let tellsPresence = overload.name == "hasValue" && !arguments[0].type.isSecretlyPresent
      return isSecret && !tellsPresence ? TypedExpression(result.expression, result.type.asSecret) : result
    }
    return nil
  }

  /// Whether a call of a partial function works whatever its other arguments are, as its constants say; a call of
  /// constants alone that fails is reported here (rule 49).
  private func isProvenByConstants(_ call: Expression, at range: SourceRange) -> Bool {
    guard case .call(let function, let arguments) = call else { return false }
    let constants = arguments.map(\.constantValue)
    do {
      if constants.allSatisfy({ $0 != nil }) {
        _ = try Evaluator.evaluateEarly(call)
        return true
      }
      guard function.isProvenByPreparing, let prepare = function.prepare else { return false }
      return try prepare(constants) != nil
    } catch {
      if error.kind == .limit { return false }
      guard !isGuarded else { return true }
      report(.failingOperation(error.message, at: range))
      return true
    }
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
    let converted = arguments.indices.map { number in
      convert(arguments[number], to: substitution.apply(to: overload.parameters[number], fallback: .never)).expression
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
}

extension Type {
  /// Whether `<` compares its values.
  var isOrdered: Bool {
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
