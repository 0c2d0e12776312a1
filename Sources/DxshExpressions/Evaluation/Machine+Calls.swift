/// Calls and operators.
extension Machine {
  @inline(__always)
  mutating func ints(
    _ instruction: Instruction, _ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) throws(EvaluationError) {
    if case .int(let a) = operand(instruction.a).pointee, case .int(let b) = operand(instruction.b).pointee {
      let (result, overflow) = operation(a, b)
      if !overflow { return set(instruction, .int(result)) }
    }
    try callBinary(instruction)
  }

  @inline(__always)
  mutating func doubles(
    _ instruction: Instruction, _ operation: (Double, Double) -> Double
  ) throws(EvaluationError) {
    if case .double(let a) = operand(instruction.a).pointee, case .double(let b) = operand(instruction.b).pointee {
      return set(instruction, .double(operation(a, b)))
    }
    try callBinary(instruction)
  }

  @inline(__always)
  mutating func compare(
    _ instruction: Instruction, _ ints: (Int64, Int64) -> Bool, _ doubles: (Double, Double) -> Bool
  ) throws(EvaluationError) {
    if case .int(let a) = operand(instruction.a).pointee, case .int(let b) = operand(instruction.b).pointee {
      return set(instruction, .bool(ints(a, b)))
    }
    if case .double(let a) = operand(instruction.a).pointee, case .double(let b) = operand(instruction.b).pointee {
      return set(instruction, .bool(doubles(a, b)))
    }
    try callBinary(instruction)
  }

  @inline(__always)
  mutating func isEqual(_ instruction: Instruction) throws(EvaluationError) -> Bool {
    let (left, right) = (operand(instruction.a), operand(instruction.b))
    if case .int(let a) = left.pointee, case .int(let b) = right.pointee { return a == b }
    if case .string(let a) = left.pointee, case .string(let b) = right.pointee { return a == b }
    return try left.pointee.isEqual(to: right.pointee, &meter)
  }

  mutating func isElement(_ instruction: Instruction) throws(EvaluationError) {
    guard case .list(let elements) = operand(instruction.b).pointee else { return try callBinary(instruction) }
    let wanted = operand(instruction.a)
    for element in elements {
      try meter.charge(1)
      if try element.isEqual(to: wanted.pointee, &meter) { return set(instruction, .bool(true)) }
    }
    set(instruction, .bool(false))
  }

  @inline(__always)
  mutating func not(_ instruction: Instruction) throws(EvaluationError) {
    set(instruction, .bool(try !bool(instruction.a)))
  }

  mutating func callUnary(_ instruction: Instruction) throws(EvaluationError) {
    let argument = operand(instruction.a)
    try charge(argument)
    set(instruction, try program.parts.unary[Int(instruction.c)](argument.pointee))
  }

  mutating func callBinary(_ instruction: Instruction) throws(EvaluationError) {
    let (first, second) = (operand(instruction.a), operand(instruction.b))
    try charge(first)
    try charge(second)
    set(instruction, try program.parts.binary[Int(instruction.c)](first.pointee, second.pointee))
  }

  mutating func callTernary(_ instruction: Instruction) throws(EvaluationError) {
    let first = registers + Int(instruction.a)
    for number in 0..<3 { try charge(UnsafePointer(first + number)) }
    set(instruction, try program.parts.ternary[Int(instruction.c)](first[0], first[1], first[2]))
  }

  mutating func callMetered(_ instruction: Instruction) throws(EvaluationError) {
    let function = program.parts.metered[Int(instruction.c)]
    set(instruction, try function.call(arguments(instruction, function.count), &meter))
  }

  private func arguments(_ instruction: Instruction, _ count: Int) -> [Value] {
    let first = registers + Int(instruction.a)
    return (0..<count).map { first[$0] }
  }

  /// A call is charged in proportion to the outermost size of its arguments.
  @inline(__always)
  private mutating func charge(_ argument: UnsafePointer<Value>) throws(EvaluationError) {
    switch argument.pointee {
    case .string(let text): try meter.charge(moving: text.utf8.count)
    case .bytes(let bytes): try meter.charge(moving: bytes.count)
    case .list(let elements): try meter.charge(moving: elements.count)
    case .none, .null, .bool, .int, .uint, .double, .timestamp, .duration, .size, .map, .record, .boxed: break
    }
  }

  /// The overload that takes the arguments' kinds; of an int, uint or double literal beside another number none is
  /// found, as CEL has no implicit conversions. Where the elements of lists fit none, the only one that takes lists at
  /// all says what it does with them: the checker chooses it too.
  mutating func dispatch(_ instruction: Instruction) throws(EvaluationError) {
    let dispatch = program.parts.dispatches[Int(instruction.c)]
    let count = Int(instruction.b)
    // Before the elements of lists are looked at.
    for number in 0..<count { try charge(UnsafePointer(registers + Int(instruction.a) + number)) }
    let arguments = arguments(instruction, count)
    if let overload = dispatch.overloads.first(where: { $0.admits(arguments) }) {
      return set(instruction, try apply(overload.function, arguments))
    }
    let others = dispatch.overloads.filter { $0.admitsOutermost(arguments) }
    if others.count == 1 { return set(instruction, try apply(others[0].function, arguments)) }
    let kinds = arguments.map(\.summary).joined(separator: ", ")
    let name = FunctionLibrary.writtenName(of: dispatch.name)
    throw EvaluationError(.decode, "`\(name)` does not take \(kinds.isEmpty ? "no arguments" : kinds)")
  }

  private mutating func apply(_ function: Function, _ arguments: [Value]) throws(EvaluationError) -> Value {
    switch function.body {
    case .nullary(let call): return try call()
    case .unary(let call): return try call(arguments[0])
    case .binary(let call): return try call(arguments[0], arguments[1])
    case .ternary(let call): return try call(arguments[0], arguments[1], arguments[2])
    case .metered(_, let call): return try call(arguments, &meter)
    }
  }

  /// The text of several values.
  mutating func text(_ instruction: Instruction) throws(EvaluationError) {
    let first = registers + Int(instruction.a)
    let count = Int(instruction.b)
    var bytes: [UInt8] = []
    var length = 0
    for piece in 0..<count {
      if case .string(let text) = first[piece] { length += text.utf8.count } else { length += 24 }
    }
    try meter.charge(moving: length)
    bytes.reserveCapacity(length)
    for piece in 0..<count {
      if case .string(let text) = first[piece] {
        bytes.append(contentsOf: text.utf8)
      } else {
        guard let text = TextForm.rendering(first[piece]) else { throw .noOverload("string", first[piece]) }
        bytes.append(contentsOf: text.utf8)
      }
    }
    set(instruction, .string(Text(validUTF8: bytes)))
  }
}

extension Overload {
  /// Whether the kinds of the arguments, and of the elements of lists, are those of the parameters.
  func admits(_ arguments: [Value]) -> Bool {
    arguments.count == parameters.count && zip(parameters, arguments).allSatisfy { $0.admits($1) }
  }

  /// Whether the kinds of the arguments are those of the parameters, whatever lists have in them.
  func admitsOutermost(_ arguments: [Value]) -> Bool {
    arguments.count == parameters.count
      && zip(parameters, arguments).allSatisfy { parameter, argument in
        if case (.list, .list) = (parameter, argument) { true } else { parameter.admits(argument) }
      }
  }
}

extension Type {
  /// Whether a value's outermost kind is that of the type.
  package func admits(_ value: Value) -> Bool {
    switch (self, value) {
    case (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double), (.string, .string), (.bytes, .bytes),
      (.timestamp, .timestamp), (.duration, .duration), (.size, .size), (.null, .null), (.map, .map),
      (.record, .record), (.map, .record), (.optional, .none), (.enumeration, .string):
      true
    case (.list(let element), .list(let elements)): element.admitsAll(elements)
    case (.dyn, _), (.parameter, _), (.json, _), (.unknown, _): true
    case (.secret(let content), _): content.admits(value)
    case (_, .boxed(let box)): admits(box.content)
    default: false
    }
  }

  /// Of a list also the elements' kinds count, where its type says one.
  private func admitsAll(_ elements: [Value]) -> Bool {
    switch self {
    case .dyn, .parameter, .unknown, .json: true
    default: elements.allSatisfy { admits($0) }
    }
  }

  private func admits(_ content: BoxedValue.Content) -> Bool {
    switch (self, content) {
    case (.optional, .optional), (.type, .type), (.decimal, .decimal), (.money, .money): true
    case (.abstract("net.IP", _), .ip), (.abstract("net.CIDR", _), .cidr), (.file, .file): true
    default: false
    }
  }
}
