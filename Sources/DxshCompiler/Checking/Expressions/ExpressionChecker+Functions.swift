import DxshExpressions
import DxshSyntax

/// Calls of the file's own functions, whose bodies stand in the place of the calls; and `attempt`.
extension ExpressionChecker {
  /// `f(a, name: b)`; nothing is known of a function with a mistake in it.
  func call(
    _ function: CheckedFunction?, _ name: Name, _ arguments: [Argument], at syntax: ExpressionSyntax
  ) -> TypedExpression {
    guard let function else {
      arguments.forEach { _ = infer($0.value) }
      return .unknown
    }
    guard let bound = bind(arguments, to: function, name, at: syntax) else { return .unknown }
    var substitution = Substitution()
    var isSecret = false
    var values: [Expression] = []
    for (parameter, argument) in zip(function.parameters, bound) {
      guard let argument else {
        values.append(parameter.defaultValue ?? .constant(Constant(.none)))
        continue
      }
      let expected = substitution.apply(to: parameter.type)
      let typed = infer(argument, expecting: expected.hasParameters ? nil : expected)
      if typed.type.isUnknown { return .unknown }
      if typed.type.containsSecret { isSecret = true }
      let open = typed.type.containsSecret ? typed.open : typed
      guard open.type.isOptional == false || parameter.type.isOptional || isParameter(parameter.type),
        substitution.match(parameter.type, open.type)
      else {
        return TypedExpression(coerce(open, to: expected, at: argument).expression, .unknown)
      }
      values.append(convert(open, to: substitution.apply(to: parameter.type, fallback: .never)).expression)
    }
    let result = substitution.apply(to: function.result, fallback: .never)
    return TypedExpression(expanded(function, values), isSecret ? result.asSecret : result)
  }

  private func isParameter(_ type: Type) -> Bool {
    if case .parameter = type { true } else { false }
  }

  /// The function's body with its parameters as locals.
  private func expanded(_ function: CheckedFunction, _ values: [Expression]) -> Expression {
    let first = locals.count
    var whole = function.body.movingLocals(from: 0, by: first)
    for (number, value) in values.enumerated().reversed() {
      whole = .letting(first + number, value.movingLocals(from: first, by: number), in: whole)
    }
    return whole
  }

  /// One expression for each parameter, nil where the default stands; nil when the arguments do not fit.
  private func bind(
    _ arguments: [Argument], to function: CheckedFunction, _ name: Name, at syntax: ExpressionSyntax
  ) -> [ExpressionSyntax?]? {
    let what = "`\(name.text)`"
    var given = [Argument?](repeating: nil, count: function.parameters.count)
    var fits = true
    for (number, argument) in arguments.enumerated() {
      var position: Int? = number
      if let label = argument.label {
        position = function.parameters.firstIndex { $0.name == label.text }
        if position == nil {
          report(.unknownArgument(label, of: what, parameters: function.parameters.map(\.name)))
        }
      } else if number >= function.parameters.count {
        report(.tooManyArguments(function.parameters.count, of: what, at: argument.range))
        position = nil
      }
      guard let position else {
        fits = false
        _ = lookingForNames.infer(argument.value)
        continue
      }
      if let first = given[position] {
        report(.repeatedArgument(function.parameters[position].name, at: argument.range, first: first.range))
        fits = false
      }
      given[position] = argument
    }
    let missing = zip(function.parameters, given).filter { $1 == nil && $0.defaultValue == nil }.map(\.0)
    if !missing.isEmpty, fits {
      report(.missingArguments(missing, of: what, at: syntax.range, declared: function.name.range))
    }
    return fits && missing.isEmpty ? given.map { $0?.value } : nil
  }

  /// `attempt(e)`: a record of the value, or of why there is none.
  func attempt(_ argument: ExpressionSyntax) -> TypedExpression {
    let operand = guarded.infer(argument)
    if operand.type.isUnknown { return .unknown }
    let error = RecordType([.init("kind", .string), .init("message", .string)])
    let result = Type.record(
      RecordType([
        .init("value", operand.type.withoutSecrets.asOptional), .init("error", .optional(.record(error))),
      ]))
    return TypedExpression(.outcome(operand.expression), operand.type.containsSecret ? result.asSecret : result)
  }
}
