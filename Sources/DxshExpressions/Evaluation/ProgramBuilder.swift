/// Compiles a checked expression into a program.
///
/// Registers are handed out like a stack: a part's are free again when its value has been used.
struct ProgramBuilder {
  var program: ProgramParts
  /// The first register that is free.
  private var free = 0
  /// The registers of the macros' variables, by their number, and whether they may hold a failure instead.
  private var locals: [(register: Int, mayHoldFailure: Bool)] = []

  init(_ dialect: Overload.Dialects) {
    program = ProgramParts(dialect: dialect)
  }

  var isCEL: Bool { program.dialect == .cel }

  mutating func build(_ expression: Expression) {
    if case .constant(let constant) = expression {
      program.constants = [constant.value]
      emit(.move, allocate(), ~0)
    } else {
      emit(expression, into: allocate())
    }
    emit(.end, 0, 0)
  }

  // MARK: - Registers, tables and jumps

  mutating func allocate(_ count: Int = 1) -> Int {
    let first = free
    free += count
    program.registers = max(program.registers, free)
    return first
  }

  /// Does something whose registers are free again afterwards.
  mutating func releasing<Result>(_ body: (inout ProgramBuilder) -> Result) -> Result {
    let mark = free
    defer { free = mark }
    return body(&self)
  }

  var position: Int { program.code.count }

  mutating func emit(_ operation: Operation, _ target: Int = 0, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int = 0) {
    program.code.append(Instruction(operation, target, a, b, c))
  }

  /// A jump to a place that is still unknown; `land` says where it goes.
  mutating func emitJump(_ operation: Operation, _ a: Int32 = 0) -> Int {
    emit(operation, 0, a)
    return position - 1
  }

  mutating func land(_ jump: Int) { program.code[jump].c = Int32(position) }

  mutating func newPlace() -> Int32 {
    program.places += 1
    return Int32(program.places - 1)
  }

  /// What is emitted inside is watched: where it fails, the code goes on at the returned region's handler.
  mutating func watching(keeping place: Int32 = -1, _ body: (inout ProgramBuilder) -> Void) -> Int {
    let start = position
    body(&self)
    program.regions.append(.init(start: start, end: position, handler: position, place: Int(place)))
    return program.regions.count - 1
  }

  mutating func handle(_ region: Int) { program.regions[region].handler = position }

  mutating func constant(_ value: Value) -> Int32 {
    program.constants.append(value)
    return ~Int32(program.constants.count - 1)
  }

  mutating func name(_ text: String) -> Int {
    program.names.append(.init(name: text, key: Text(text)))
    return program.names.count - 1
  }

  // MARK: - Locals

  mutating func bindLocal(_ register: Int, mayHoldFailure: Bool = false) {
    locals.append((register, mayHoldFailure))
  }

  mutating func unbindLocals(_ count: Int) { locals.removeLast(count) }

  /// Where the value of an expression is when the code reaches the place: a constant, a local or a new register.
  mutating func operand(_ expression: Expression) -> Int32 {
    switch expression {
    case .constant(let constant): return self.constant(constant.value)
    case .local(let number) where !locals[number].mayHoldFailure: return Int32(locals[number].register)
    default:
      let register = allocate()
      emit(expression, into: register)
      return Int32(register)
    }
  }

  /// Emits each expression into a register of its own, one after the other; gives the first.
  mutating func arguments(_ expressions: [Expression]) -> Int32 {
    let first = allocate(expressions.count)
    for (number, expression) in expressions.enumerated() { emit(expression, into: first + number) }
    return Int32(first)
  }

  // MARK: - Expressions

  mutating func emit(_ expression: Expression, into target: Int) {
    switch expression {
    case .constant(let constant): emit(.move, target, self.constant(constant.value))
    case .binding(let depth, let slot): emit(.load, target, Int32(depth), Int32(slot))
    case .local(let number):
      if locals[number].mayHoldFailure { emit(.check, 0, Int32(locals[number].register)) }
      emit(.move, target, Int32(locals[number].register))
    case .field(let operand, let name, let slot): emitPart(.field, target, operand, name, slot: slot)
    case .optionalField(let operand, let name): emitPart(.optionalField, target, operand, name)
    case .member(let operand, let name): emitPart(.member, target, operand, name)
    case .presence(let operand, let name): emitPart(.presence, target, operand, name)
    case .index(let container, let key): emitBinary(.index, target, container, key)
    case .optionalIndex(let container, let key): emitBinary(.optionalIndex, target, container, key)
    case .call(let function, let arguments): emitCall(function, arguments, into: target)
    case .dispatch(let name, let style, let arguments): emitDispatch(name, style, arguments, into: target)
    case .and(let left, let right): emitLogical(left, right, decisive: false, into: target)
    case .or(let left, let right): emitLogical(left, right, decisive: true, into: target)
    case .conditional(let condition, let yes, let no): emitConditional(condition, yes, no, into: target)
    case .list(let elements): emitList(elements, into: target)
    case .map(let entries): emitMap(entries, into: target)
    case .record(let names, let fields): emitRecord(names, fields, into: target)
    case .comprehension(let macro): releasing { $0.emit(macro, into: target) }
    case .interpolation(let pieces): emitText(pieces, into: target)
    case .conform(let operand, let type): emitConform(operand, type, into: target)
    case .attempt(let operand): emitAttempt(operand, into: target)
    case .outcome(let operand): emitOutcome(operand, into: target)
    case .letting(_, let value, in: let body): emitLetting(value, body, into: target)
    case .failure(let failure):
      program.failures.append(failure)
      emit(.fail, 0, 0, 0, program.failures.count - 1)
    case .ifPresent(let operand): emit(operand, into: target)
    }
  }

  private mutating func emitPart(
    _ operation: Operation, _ target: Int, _ operand: Expression, _ name: String, slot: Int = 0
  ) {
    releasing { builder in
      let container = builder.operand(operand)
      builder.emit(operation, target, container, Int32(clamping: slot), builder.name(name))
    }
  }

  mutating func emitBinary(
    _ operation: Operation, _ target: Int, _ left: Expression, _ right: Expression, function: Int = 0
  ) {
    releasing { builder in
      let first = builder.operand(left)
      let second = builder.operand(right)
      builder.emit(operation, target, first, second, function)
    }
  }

  private mutating func emitConditional(
    _ condition: Expression, _ yes: Expression, _ no: Expression, into target: Int
  ) {
    let toNo = releasing { builder in
      let test = builder.operand(condition)
      return builder.emitJump(.jumpIfFalse, test)
    }
    emit(yes, into: target)
    let toEnd = emitJump(.jump)
    land(toNo)
    emit(no, into: target)
    land(toEnd)
  }

  private mutating func emitList(_ elements: [Expression], into target: Int) {
    releasing { builder in
      let list = builder.allocate()
      builder.emit(.newList, list, 0, Int32(clamping: elements.count))
      for element in elements {
        builder.releasing { builder in
          let operand = builder.operand(element)
          builder.emit(element.isIfPresent ? .appendPresent : .append, list, operand)
        }
      }
      builder.emit(.take, target, Int32(list))
    }
  }

  private mutating func emitMap(_ entries: [Expression], into target: Int) {
    releasing { builder in
      let list = builder.allocate()
      builder.emit(.newList, list, 0, Int32(clamping: entries.count))
      for position in stride(from: 0, to: entries.count, by: 2) {
        builder.releasing { builder in
          let key = builder.operand(entries[position])
          let value = builder.operand(entries[position + 1])
          builder.emit(entries[position + 1].isIfPresent ? .appendPresentEntry : .appendEntry, list, key, value)
        }
      }
      builder.emit(.makeMap, target, Int32(list))
    }
  }

  private mutating func emitRecord(_ names: [String], _ fields: [Expression], into target: Int) {
    releasing { builder in
      let first = builder.arguments(fields)
      builder.program.shapes.append(RecordShape(names))
      builder.emit(.makeRecord, target, first, 0, builder.program.shapes.count - 1)
    }
  }

  private mutating func emitText(_ pieces: [Expression], into target: Int) {
    releasing { builder in
      let first = builder.arguments(pieces)
      builder.emit(.text, target, first, Int32(pieces.count))
    }
  }

  private mutating func emitConform(_ operand: Expression, _ type: Type, into target: Int) {
    releasing { builder in
      let value = builder.operand(operand)
      builder.program.decoders.append(TypeDecoder(type))
      builder.emit(.conform, target, value, 0, builder.program.decoders.count - 1)
    }
  }
}

extension Expression {
  fileprivate var isIfPresent: Bool {
    if case .ifPresent = self { true } else { false }
  }
}
