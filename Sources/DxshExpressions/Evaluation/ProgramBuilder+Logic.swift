/// Logical operators, and what catches failures.
extension ProgramBuilder {
  /// `&&` (the decisive side is false) and `||` (it is true).
  mutating func emitLogical(_ left: Expression, _ right: Expression, decisive: Bool, into target: Int) {
    let leave: Operation = decisive ? .jumpIfTrue : .jumpIfFalse
    guard mayFailAsCondition(left) else {
      emit(left, into: target)
      let toEnd = emitJump(leave, Int32(target))
      emit(right, into: target)
      requireBool(right, in: target)
      return land(toEnd)
    }
    let place = newPlace()
    emit(.forget, 0, 0, place)
    var toEnd = 0
    let region = watching(keeping: place) { builder in
      builder.emit(left, into: target)
      toEnd = builder.emitJump(leave, Int32(target))
    }
    handle(region)
    emit(right, into: target)
    requireBool(right, in: target)
    emit(.settle, target, 0, place, decisive ? 1 : 0)
    land(toEnd)
  }

  private mutating func requireBool(_ expression: Expression, in target: Int) {
    if isCEL, !expression.isBool { emit(.requireBool, 0, Int32(target)) }
  }

  private func mayFailAsCondition(_ expression: Expression) -> Bool {
    expression.mayFail || (isCEL && !expression.isBool)
  }

  /// Whether emitted code of a macro's condition is to be watched.
  func mayFail(_ condition: Expression) -> Bool { mayFailAsCondition(condition) }

  /// `try(e)`
  mutating func emitAttempt(_ operand: Expression, into target: Int) {
    let region = watching { $0.emit(operand, into: target) }
    let toEnd = emitJump(.jump)
    handle(region)
    emit(.move, target, constant(.none))
    land(toEnd)
  }

  /// `attempt(e)`
  mutating func emitOutcome(_ operand: Expression, into target: Int) {
    let place = newPlace()
    let region = watching(keeping: place) { $0.emit(operand, into: target) }
    emit(.outcome, target, Int32(target))
    let toEnd = emitJump(.jump)
    handle(region)
    emit(.outcome, target, constant(.none), place, 1)
    land(toEnd)
  }

  /// In plain CEL the variable of `cel.bind` is as good as evaluated where it is used: where its value fails, each use
  /// does, and a bind that nobody uses does not ("Bindings" extension).
  mutating func emitLetting(_ value: Expression, _ body: Expression, into target: Int) {
    releasing { builder in
      let register = builder.allocate()
      let isWatched = builder.isCEL && value.mayFail
      if isWatched {
        let place = builder.newPlace()
        let region = builder.watching(keeping: place) { $0.emit(value, into: register) }
        let toBody = builder.emitJump(.jump)
        builder.handle(region)
        builder.emit(.keep, register, 0, place)
        builder.land(toBody)
      } else {
        builder.emit(value, into: register)
      }
      builder.bindLocal(register, mayHoldFailure: isWatched)
      builder.emit(body, into: target)
      builder.unbindLocals(1)
    }
  }
}

extension Expression {
  /// Whether there may be no value: something in it can overflow, be missing, malformed or of a wrong kind. Limits do
  /// not count: nothing catches them.
  package var mayFail: Bool {
    switch self {
    case .constant, .binding, .local, .attempt, .outcome: false
    case .index, .map, .conform, .dispatch, .member, .presence, .failure, .ifPresent: true
    case .call(let function, let arguments): !function.isTotal || arguments.contains(where: \.mayFail)
    case .comprehension, .letting: true
    case .field, .optionalField, .optionalIndex, .and, .or, .conditional, .list, .record, .interpolation:
      children.contains(where: \.mayFail)
    }
  }

  /// Whether its value, if it has one, is certainly a bool.
  var isBool: Bool {
    switch self {
    case .constant(let constant): if case .bool = constant.value { true } else { false }
    case .and, .or, .presence: true
    case .call(let function, _): function.isPredicate
    case .conditional(_, let yes, let no): yes.isBool && no.isBool
    case .comprehension(let macro): macro.kind == .all || macro.kind == .exists || macro.kind == .existsOne
    case .binding, .local, .field, .optionalField, .member, .index, .optionalIndex, .dispatch, .list, .record, .map,
      .interpolation, .conform, .attempt, .outcome, .failure, .ifPresent, .letting:
      false
    }
  }
}

extension Function {
  /// Whether it gives a value for all arguments of its types, and a bool.
  var isPredicate: Bool {
    switch fast {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .not, .isElement: true
    default: id == "in_map"
    }
  }

  /// Whether it gives a value for all arguments of its types.
  var isTotal: Bool {
    switch fast {
    case .addDoubles, .subtractDoubles, .multiplyDoubles, .divideDoubles, .text: true
    default: isPredicate || Self.total.contains(id)
    }
  }

  private static let total: Set<String> = [
    "size_list", "list_size", "size_map", "map_size", "size_string", "string_size", "size_bytes", "bytes_size",
    "contains_string", "starts_with_string", "ends_with_string", "optional_hasValue", "optional_orValue_value",
    "cel_optional_hasValue",
  ]
}
