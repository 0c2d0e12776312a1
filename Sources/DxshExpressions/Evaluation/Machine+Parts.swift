/// Fields, keys and elements.
extension Machine {
  /// A field that the type has: none where it is absent.
  @inline(__always)
  func field(_ instruction: Instruction) throws(EvaluationError) {
    let name = program.parts.names[Int(instruction.c)]
    switch operand(instruction.a).pointee {
    case .record(let record): set(instruction, record[name.name, near: Int(instruction.b)])
    case .map(let map): set(instruction, map[.string(name.key)] ?? .none)
    default: set(instruction, .none)
    }
  }

  /// `.f` of plain CEL: of a map the value of a key, of an optional an optional (CEL specification, "Field Selection";
  /// the extension of optionals).
  func member(_ instruction: Instruction) throws(EvaluationError) {
    let name = program.parts.names[Int(instruction.c)]
    set(instruction, try member(name, of: operand(instruction.a).pointee))
  }

  private func member(_ name: ProgramParts.FieldName, of value: Value) throws(EvaluationError) -> Value {
    switch value {
    case .map(let map):
      if let found = map[.string(name.key)] { return found }
    case .record(let record):
      let found = record[name.name]
      if !found.isNone { return found }
    case .none: return .none
    case .boxed(let box):
      guard case .optional(let content) = box.content else { throw noFields(value, name.name) }
      return boxed(try part(of: content, .string(name.key)))
    default: throw noFields(value, name.name)
    }
    throw EvaluationError(.decode, "there is no key \"\(name.name)\"")
  }

  private func noFields(_ value: Value, _ name: String) -> EvaluationError {
    EvaluationError(.decode, "\(value.summary) has no field \(name)")
  }

  func presence(_ instruction: Instruction) throws(EvaluationError) {
    let name = program.parts.names[Int(instruction.c)]
    let value = operand(instruction.a).pointee
    switch value {
    case .map(let map): set(instruction, .bool(map[.string(name.key)] != nil))
    case .record(let record): set(instruction, .bool(!record[name.name].isNone))
    case .none: set(instruction, .bool(false))
    case .boxed(let box):
      guard case .optional(let content) = box.content else { throw noFields(value, name.name) }
      set(instruction, .bool(try part(of: content, .string(name.key)) != nil))
    default: throw noFields(value, name.name)
    }
  }

  /// `.?f` and `[?k]`: an optional.
  func optionalPart(_ instruction: Instruction) throws(EvaluationError) {
    let isField = instruction.operation == .optionalField
    var container = operand(instruction.a).pointee
    let key = isField ? .string(program.parts.names[Int(instruction.c)].key) : operand(instruction.b).pointee
    guard program.parts.dialect == .cel else {
      return set(instruction, Self.unboxedPart(of: container, key) ?? .none)
    }
    if container.isNone { return set(instruction, .none) }
    if case .boxed(let box) = container, case .optional(let content) = box.content { container = content }
    set(instruction, boxed(try part(of: container, key)))
  }

  private func boxed(_ value: Value?) -> Value { value.map { .box(.optional($0)) } ?? .none }

  /// An element that may be missing; an index of a wrong kind fails.
  private func part(of container: Value, _ key: Value) throws(EvaluationError) -> Value? {
    switch container {
    case .map(let map):
      guard key.isKey else { throw EvaluationError(.decode, "\(key.summary) is no key of a map") }
      return map[key]
    case .record(let record):
      guard case .string(let name) = key else { throw EvaluationError(.decode, "\(key.summary) is no name of a field") }
      let value = record[name.string]
      return value.isNone ? nil : value
    case .list(let elements):
      guard let position = key.position else { throw EvaluationError(.decode, "\(key.summary) is no index of a list") }
      return elements.indices.contains(position) ? elements[position] : nil
    default: throw EvaluationError(.decode, "\(container.summary) has no elements")
    }
  }

  private static func unboxedPart(of container: Value, _ key: Value) -> Value? {
    switch (container, key) {
    case (.record(let record), .string(let name)): record[name.string]
    case (.list(let elements), .int(let position)):
      elements.indices.contains(Int(position)) ? elements[Int(position)] : nil
    case (.map(let map), _): map[key]
    default: nil
    }
  }

  func index(_ instruction: Instruction) throws(EvaluationError) {
    let container = operand(instruction.a)
    let key = operand(instruction.b)
    if case .list(let elements) = container.pointee, case .int(let position) = key.pointee,
      elements.indices.contains(Int(position))
    {
      return set(instruction, elements[Int(position)])
    }
    if case .boxed(let box) = container.pointee, case .optional(let content) = box.content {
      return set(instruction, boxed(try part(of: content, key.pointee)))
    }
    if container.pointee.isNone, program.parts.dialect == .cel { return set(instruction, .none) }
    if let found = try part(of: container.pointee, key.pointee) { return set(instruction, found) }
    let what = if case .list = container.pointee { "index" } else { "key" }
    throw EvaluationError(.decode, "\(container.pointee.summary) has no \(what) \(key.pointee.summary)")
  }
}

extension Value {
  /// Whether it can be looked up in a map: a double stands for the whole number that it is.
  fileprivate var isKey: Bool {
    switch self {
    case .bool, .int, .uint, .double, .string: true
    case .none, .null, .bytes, .timestamp, .duration, .size, .list, .map, .record, .boxed: false
    }
  }

  /// The index of a list that it is; any whole number of any kind is one.
  fileprivate var position: Int? {
    switch self {
    case .int(let number): Int(number)
    case .uint(let number): Int(exactly: number) ?? Int.max
    case .double(let number): Int(exactly: number)
    case .none, .null, .bool, .string, .bytes, .timestamp, .duration, .size, .list, .map, .record, .boxed: nil
    }
  }
}
