/// Calls of functions and operators.
extension ProgramBuilder {
  mutating func emitCall(_ function: Function, _ arguments: [Expression], into target: Int) {
    if let alternative = Alternative(function) { return emitAlternative(alternative, arguments, into: target) }
    if function.fast == .text { return emitText(concatenating: arguments, into: target) }
    if function.fast == .not {
      return releasing { builder in
        let operand = builder.operand(arguments[0])
        builder.emit(.not, target, operand)
      }
    }
    let body = prepared(function, arguments)
    if let fast = function.fast, case .binary(let call) = body {
      program.binary.append(call)
      return emitBinary(fast, target, arguments[0], arguments[1], function: program.binary.count - 1)
    }
    switch body {
    case .nullary(let call):
      program.nullary.append(call)
      emit(.callNullary, target, 0, 0, program.nullary.count - 1)
    case .unary(let call):
      program.unary.append(call)
      let index = program.unary.count - 1
      releasing { builder in
        let operand = builder.operand(arguments[0])
        builder.emit(.callUnary, target, operand, 0, index)
      }
    case .binary(let call):
      program.binary.append(call)
      emitBinary(.callBinary, target, arguments[0], arguments[1], function: program.binary.count - 1)
    case .ternary(let call):
      program.ternary.append(call)
      emit(.callTernary, arguments, program.ternary.count - 1, into: target)
    case .metered(let count, let call):
      program.metered.append((count, call))
      emit(.callMetered, arguments, program.metered.count - 1, into: target)
    }
  }

  private mutating func emit(_ operation: Operation, _ arguments: [Expression], _ function: Int, into target: Int) {
    releasing { builder in
      let first = builder.arguments(arguments)
      builder.emit(operation, target, first, Int32(arguments.count), function)
    }
  }

  /// What the function does where some arguments are constants; as ever where those can never work, so that it fails
  /// when it is called.
  private func prepared(_ function: Function, _ arguments: [Expression]) -> Function.Body {
    guard let prepare = function.prepare else { return function.body }
    let constants = arguments.map { argument in
      if case .constant(let constant) = argument { constant.value } else { Value?.none }
    }
    guard constants.contains(where: { $0 != nil }), let body = try? prepare(constants) else { return function.body }
    return body
  }

  /// `a + b + c` of texts, without the texts in between.
  private mutating func emitText(concatenating arguments: [Expression], into target: Int) {
    var pieces: [Expression] = [arguments[1]]
    var rest = arguments[0]
    while case .call(let function, let inner) = rest, function.fast == .text {
      pieces.append(inner[1])
      rest = inner[0]
    }
    pieces.append(rest)
    emit(.interpolation(pieces.reversed()), into: target)
  }

  mutating func emitDispatch(
    _ name: String, _ style: Overload.Style, _ arguments: [Expression], into target: Int
  ) {
    if style == .member, arguments.count == 2, let alternative = Alternative(rawValue: name) {
      return emitAlternative(alternative, arguments, into: target)
    }
    let overloads = FunctionLibrary.overloads(named: name, in: program.dialect).filter {
      $0.style == style && $0.parameters.count == arguments.count
    }
    let dispatch = ProgramParts.Dispatch(name: name, overloads: overloads)
    if let fast = dispatch.fast {
      program.binary.append(dispatch.chosen)
      return emitBinary(fast, target, arguments[0], arguments[1], function: program.binary.count - 1)
    }
    program.dispatches.append(dispatch)
    emit(.dispatch, arguments, program.dispatches.count - 1, into: target)
  }
}

/// The functions that look at their argument only when the receiver is none (cel-go and cel-cpp do; the optionals
/// extension is silent).
private enum Alternative: String {
  case or, orValue

  /// Nil for every other function.
  init?(_ function: Function) {
    switch function.id {
    case "optional_or_optional", "cel_optional_or_optional": self = .or
    case "optional_orValue_value", "cel_optional_orValue_value": self = .orValue
    default: return nil
    }
  }
}

extension ProgramBuilder {
  /// `x.or(y)`, `x.orValue(y)`
  private mutating func emitAlternative(_ alternative: Alternative, _ arguments: [Expression], into target: Int) {
    emit(arguments[0], into: target)
    emit(.requireOptional, 0, Int32(target))
    let toSecond = emitJump(.jumpIfNone, Int32(target))
    if alternative == .orValue { emit(.unbox, target, Int32(target)) }
    let toEnd = emitJump(.jump)
    land(toSecond)
    emit(arguments[1], into: target)
    if alternative == .or { emit(.requireOptional, 0, Int32(target)) }
    land(toEnd)
  }
}

extension Operation {
  /// The operations that stand for common functions, by their identities.
  static func fast(for id: String) -> Operation? { byFunction[id] }

  private static let byFunction: [String: Operation] = {
    var table: [String: Operation] = [
      "add_int64": .addInts, "subtract_int64": .subtractInts, "multiply_int64": .multiplyInts,
      "add_double": .addDoubles, "subtract_double": .subtractDoubles, "multiply_double": .multiplyDoubles,
      "divide_double": .divideDoubles, "equals": .equal, "not_equals": .notEqual, "in_list": .isElement,
      "logical_not": .not, "add_string": .text,
    ]
    let kinds = [
      "int64", "uint64", "double", "string", "bytes", "bool", "timestamp", "duration", "size", "int64_double",
      "int64_uint64", "uint64_int64", "uint64_double", "double_int64", "double_uint64",
    ]
    for kind in kinds {
      table["less_\(kind)"] = .less
      table["less_equals_\(kind)"] = .lessOrEqual
      table["greater_\(kind)"] = .greater
      table["greater_equals_\(kind)"] = .greaterOrEqual
    }
    return table
  }()
}
