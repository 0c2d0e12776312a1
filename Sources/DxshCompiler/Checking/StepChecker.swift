import DxshExpressions
import DxshPlan
import DxshSyntax

/// Checks a step: its node, its arguments, the type of its result, its policies.
struct StepChecker {
  let session: CheckSession
  let expressions: ExpressionChecker

  /// Nil when there is no such node.
  /// - slot: that of the step's result
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
      _ = PolicyChecker(session: session, expressions: expressions).check(
        step: item.policies, of: nil, result: .unknown)
      return nil
    }
    session.noteUse(of: signature.path)
    if !session.bringsUntrusted, signature.bringsUntrusted { session.bringsUntrusted = true }
    var substitution = Substitution()
    var result = signature.result
    if let expected, let written = item.resultType {
      result = bind(expected, to: signature.result, &substitution, at: written, signature)
    }
    let binder = ArgumentBinder(session: session, expressions: expressions)
    let arguments = binder.bind(
      item.call, to: signature.parameters, of: signature.path, declared: signature.range, &substitution)
    let type = substitution.apply(to: result, fallback: .json)
    let given = slot.map { TypedExpression(.binding(depth: 0, slot: $0), type) } ?? .unknown
    let policies = PolicyChecker(binder).check(step: item.policies, of: signature, result: given)
    return CheckedCall(
      signature: signature, arguments: arguments, result: type, slot: slot, policies: policies, range: item.range)
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

/// Puts a call's arguments into the order of the parameters.
struct ArgumentBinder {
  let session: CheckSession
  let expressions: ExpressionChecker

  /// One expression for each parameter, defaults filled in; mistakes are reported.
  func bind(
    _ call: Call, to parameters: [ParameterSignature], of callee: String, declared: SourceRange?,
    _ substitution: inout Substitution
  ) -> [Expression] {
    // Most calls have one argument for the only parameter, and files have very many calls.
    if parameters.count == 1, call.arguments.count == 1,
      call.arguments[0].label.map({ $0.text == parameters[0].name }) ?? true
    {
      var expressions = expressions
      expressions.place = .argument(parameter: parameters[0].name, of: callee)
      return [check(call.arguments[0].value, expressions, for: parameters[0], of: callee, &substitution)]
    }
    // Which parameter each argument is for.
    var places: [Int?] = []
    var isComplete = true
    for (number, argument) in call.arguments.enumerated() {
      guard let position = position(of: argument, number, parameters, callee) else {
        isComplete = false
        places.append(nil)
        _ = expressions.lookingForNames.infer(argument.value)
        continue
      }
      if let first = places.firstIndex(of: position) {
        places.append(nil)
        session.report(
          .repeatedArgument(parameters[position].name, at: argument.range, first: call.arguments[first].range))
      } else {
        places.append(position)
      }
    }
    if !isComplete { parameters.forEach { substitution.giveUp($0.type) } }
    var missing: [ParameterSignature] = []
    var values: [Expression] = []
    values.reserveCapacity(parameters.count)
    var expressions = expressions
    for (position, parameter) in parameters.enumerated() {
      if let number = places.firstIndex(of: position) {
        expressions.place = .argument(parameter: parameter.name, of: callee)
        values.append(check(call.arguments[number].value, expressions, for: parameter, of: callee, &substitution))
      } else if let value = parameter.defaultValue {
        values.append(value)
      } else {
        missing.append(parameter)
        substitution.giveUp(parameter.type)
        values.append(.constant(Constant(.none)))
      }
    }
    if !missing.isEmpty, isComplete {
      session.report(.missingArguments(missing, of: "`\(callee)`", at: call.range, declared: declared))
    }
    return values
  }

  private func position(
    of argument: Argument, _ number: Int, _ parameters: [ParameterSignature], _ callee: String
  ) -> Int? {
    guard let label = argument.label else {
      if number < parameters.count { return number }
      session.report(.tooManyArguments(parameters.count, of: "`\(callee)`", at: argument.range))
      return nil
    }
    if let position = parameters.firstIndex(where: { $0.name == label.text }) { return position }
    session.report(.unknownArgument(label, of: "`\(callee)`", parameters: parameters.map(\.name)))
    return nil
  }

  private func check(
    _ value: ExpressionSyntax, _ expressions: ExpressionChecker, for parameter: ParameterSignature, of callee: String,
    _ substitution: inout Substitution
  ) -> Expression {
    guard parameter.type.hasParameters else { return expressions.check(value, expecting: parameter.type).expression }
    let known = substitution.apply(to: parameter.type)
    guard known.hasParameters else { return expressions.check(value, expecting: known).expression }
    let typed = expressions.infer(value, expecting: known)
    if typed.type.isUnknown {
      substitution.giveUp(parameter.type)
    } else if !substitution.match(parameter.type, typed.type) {
      session.report(.typeMismatch(found: typed.type, expected: known, at: value.range))
      substitution.giveUp(parameter.type)
      return typed.expression
    }
    for name in substitution.confined {
      session.report(
        .secretKept(
          typed.type, "what `\(callee)` gives back", origin: expressions.origin(of: value), at: value.range))
      substitution[name] = .unknown
    }
    return expressions.convert(typed, to: substitution.apply(to: parameter.type, fallback: .unknown)).expression
  }
}

extension Call {
  /// The argument for the parameter of a name, which is the one at the position where it has no name of its own.
  func argument(for parameter: String, at position: Int) -> Argument? {
    if let named = arguments.first(where: { $0.label?.text == parameter }) { return named }
    return position < arguments.count && arguments[position].label == nil ? arguments[position] : nil
  }
}
