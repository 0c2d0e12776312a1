import DxshExpressions
import DxshSyntax

/// The arguments of nodes, workflows, connections and policies, put into the order of the parameters.
extension ExpressionChecker {
  /// The expression for the only parameter.
  func bind(
    _ call: Call, to parameter: ParameterSignature, of callee: String, declared: SourceRange?,
    _ substitution: inout Substitution
  ) -> Expression {
    if call.hasOnlyArgument(for: parameter.name) {
      return argument(call.arguments[0].value, for: parameter.name, parameter.type, of: callee, &substitution)
    }
    return bind(call, to: [parameter], of: callee, declared: declared, &substitution)[0]
  }

  /// One expression for each parameter, defaults filled in; mistakes are reported.
  /// - isOwn: which of the arguments are for the parameters, by their numbers; the caller looks at the others
  func bind(
    _ call: Call, to parameters: [ParameterSignature], of callee: String, declared: SourceRange?,
    _ substitution: inout Substitution, where isOwn: (Int) -> Bool = { _ in true }
  ) -> [Expression] {
    // Most calls have one argument for the only parameter, and files have very many calls.
    if parameters.count == 1, isOwn(0), call.hasOnlyArgument(for: parameters[0].name) {
      return [argument(call.arguments[0].value, for: parameters[0].name, parameters[0].type, of: callee, &substitution)]
    }
    // Which parameter each argument is for.
    var places: [Int?] = []
    places.reserveCapacity(call.arguments.count)
    var isComplete = true
    var count = 0
    for (number, argument) in call.arguments.enumerated() {
      guard isOwn(number) else {
        places.append(nil)
        continue
      }
      count += 1
      guard let position = position(of: argument, count - 1, parameters, callee) else {
        isComplete = false
        places.append(nil)
        _ = lookingForNames.infer(argument.value)
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
    for position in parameters.indices {
      if let number = places.firstIndex(of: position) {
        let (name, type) = (parameters[position].name, parameters[position].type)
        values.append(argument(call.arguments[number].value, for: name, type, of: callee, &substitution))
      } else if let value = parameters[position].defaultValue {
        values.append(value)
      } else {
        missing.append(parameters[position])
        substitution.giveUp(parameters[position].type)
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

  private func argument(
    _ value: ExpressionSyntax, for parameter: String, _ type: Type, of callee: String,
    _ substitution: inout Substitution
  ) -> Expression {
    var expressions = self
    expressions.place = .argument(parameter: parameter, of: callee)
    guard type.hasParameters else { return expressions.check(value, expecting: type).expression }
    let known = substitution.apply(to: type)
    guard known.hasParameters else { return expressions.check(value, expecting: known).expression }
    let typed = expressions.infer(value, expecting: known)
    if typed.type.isUnknown {
      substitution.giveUp(type)
    } else if !substitution.match(type, typed.type) {
      session.report(.typeMismatch(found: typed.type, expected: known, at: value.range))
      substitution.giveUp(type)
      return typed.expression
    }
    for name in substitution.confined {
      session.report(
        .secretKept(
          typed.type, "what `\(callee)` gives back", origin: expressions.origin(of: value), at: value.range))
      substitution[name] = .unknown
    }
    return expressions.convert(typed, to: substitution.apply(to: type, fallback: .unknown)).expression
  }
}

extension Call {
  /// Whether it has one argument, which is for this parameter if that is the only one.
  fileprivate func hasOnlyArgument(for parameter: String) -> Bool {
    arguments.count == 1 && arguments[0].label.map { $0.text == parameter } ?? true
  }
}
