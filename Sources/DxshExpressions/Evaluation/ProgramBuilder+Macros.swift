/// Macros as loops.
extension ProgramBuilder {
  mutating func emit(_ macro: Comprehension, into target: Int) {
    switch macro.kind {
    case .all: emitQuantifier(macro, decisive: false, into: target)
    case .exists: emitQuantifier(macro, decisive: true, into: target)
    case .existsOne: emitExistsOne(macro, into: target)
    case .map, .filter, .transformList: emitListMacro(macro, into: target)
    case .transformMap, .transformMapEntry: emitMapMacro(macro, into: target)
    case .sortBy, .groupBy: emitOrdering(macro, into: target)
    case .fold: emitFold(macro, into: target)
    case .optMap, .optFlatMap: emitOptional(macro, into: target)
    }
  }

  /// Emits a loop. `body` gets the register of the first variable.
  private mutating func emitLoop(
    over range: Int32, variables: Int, _ body: (inout ProgramBuilder, Int) -> Void
  ) {
    let loop = allocate(2)
    let variable = allocate(variables)
    emit(.loop, loop, range)
    let start = position
    emit(variables == 2 ? .nextPair : .next, variable, Int32(loop))
    for number in 0..<variables { bindLocal(variable + number) }
    body(&self, variable)
    unbindLocals(variables)
    emit(.jump, 0, 0, 0, start)
    program.code[start].b = Int32(position - start)
    land(start)
  }

  private mutating func emitLoop(_ macro: Comprehension, _ body: (inout ProgramBuilder, Int) -> Void) {
    let range = operand(macro.range)
    emitLoop(over: range, variables: macro.variables) { builder, variable in
      builder.releasing { builder in
        let skip = macro.condition.map { condition in
          builder.releasing { builder in
            let test = builder.operand(condition)
            return builder.emitJump(.jumpIfFalse, test)
          }
        }
        body(&builder, variable)
        if let skip { builder.land(skip) }
      }
    }
  }

  /// `all` and `exists`: an element that decides absorbs the failures of others (CEL specification, "Macros").
  private mutating func emitQuantifier(_ macro: Comprehension, decisive: Bool, into target: Int) {
    let mayFail = mayFail(macro.body)
    let place = mayFail ? newPlace() : -1
    if mayFail { emit(.forget, 0, 0, place) }
    var toFound = 0
    emitLoop(macro) { builder, _ in
      let leave: Operation = decisive ? .jumpIfTrue : .jumpIfFalse
      let test = { (builder: inout ProgramBuilder) in
        let operand = builder.operand(macro.body)
        toFound = builder.emitJump(leave, operand)
      }
      guard mayFail else { return test(&builder) }
      let region = builder.watching(keeping: place, test)
      builder.handle(region)
    }
    if mayFail { emit(.rethrow, 0, 0, place) }
    emit(.move, target, constant(.bool(!decisive)))
    let toEnd = emitJump(.jump)
    land(toFound)
    emit(.move, target, constant(.bool(decisive)))
    land(toEnd)
  }

  private mutating func emitExistsOne(_ macro: Comprehension, into target: Int) {
    let number = allocate()
    emit(.move, number, constant(.int(0)))
    emitLoop(macro) { builder, _ in
      let test = builder.operand(macro.body)
      let skip = builder.emitJump(.jumpIfFalse, test)
      builder.emit(.count, number)
      builder.land(skip)
    }
    emit(.equal, target, Int32(number), constant(.int(1)))
  }

  private mutating func emitListMacro(_ macro: Comprehension, into target: Int) {
    let list = allocate()
    emit(.newList, list)
    emitLoop(macro) { builder, variable in
      guard macro.kind == .filter else {
        let element = builder.operand(macro.body)
        return builder.emit(.append, list, element)
      }
      let test = builder.operand(macro.body)
      let skip = builder.emitJump(.jumpIfFalse, test)
      builder.emit(.append, list, Int32(variable))
      builder.land(skip)
    }
    emit(.take, target, Int32(list))
  }

  private mutating func emitMapMacro(_ macro: Comprehension, into target: Int) {
    let list = allocate()
    emit(.newList, list)
    emitLoop(macro) { builder, variable in
      let value = builder.operand(macro.body)
      if macro.kind == .transformMap {
        builder.emit(.appendEntry, list, Int32(variable), value)
      } else {
        builder.emit(.appendEntries, list, value)
      }
    }
    emit(.makeMap, target, Int32(list))
  }

  private mutating func emitOrdering(_ macro: Comprehension, into target: Int) {
    let range = operand(macro.range)
    let keys = allocate()
    emit(.newList, keys)
    emitLoop(over: range, variables: 1) { builder, _ in
      builder.releasing { builder in
        let key = builder.operand(macro.body)
        builder.emit(.append, keys, key)
      }
    }
    emit(macro.kind == .sortBy ? .sort : .group, target, range, Int32(keys))
  }

  /// `fold(acc, x, init, e)`: the accumulator is the first local, the element the second.
  private mutating func emitFold(_ macro: Comprehension, into target: Int) {
    guard let initial = macro.initial else { preconditionFailure("a fold starts with a value") }
    let range = operand(macro.range)
    let accumulator = allocate()
    emit(initial, into: accumulator)
    bindLocal(accumulator)
    emitLoop(over: range, variables: 1) { builder, _ in
      builder.releasing { builder in
        let next = builder.allocate()
        builder.emit(macro.body, into: next)
        builder.emit(.take, accumulator, Int32(next))
      }
    }
    unbindLocals(1)
    emit(.take, target, Int32(accumulator))
  }

  private mutating func emitOptional(_ macro: Comprehension, into target: Int) {
    let optional = operand(macro.range)
    emit(.requireOptional, 0, optional)
    let toNone = emitJump(.jumpIfNone, optional)
    let variable = allocate()
    emit(.unbox, variable, optional)
    bindLocal(variable)
    emit(macro.body, into: target)
    unbindLocals(1)
    if macro.kind == .optFlatMap {
      emit(.requireOptional, 0, Int32(target))
    } else if isCEL {
      emit(.box, target, Int32(target))
    }
    let toEnd = emitJump(.jump)
    land(toNone)
    emit(.move, target, constant(.none))
    land(toEnd)
  }
}
