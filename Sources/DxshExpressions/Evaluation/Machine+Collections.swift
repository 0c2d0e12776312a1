/// Making lists, maps and records; optionals and types.
extension Machine {
  /// Appends to the list that is being made in the target.
  mutating func extend(_ instruction: Instruction) throws(EvaluationError) {
    let target = Int(instruction.target)
    if instruction.operation == .newList {
      var elements: [Value] = []
      elements.reserveCapacity(Int(instruction.b))
      registers[target] = .list(elements)
      return
    }
    guard case .list(var elements) = registers[target] else { preconditionFailure("no list is being made") }
    registers[target] = .none
    defer { registers[target] = .list(elements) }
    switch instruction.operation {
    case .append: elements.append(operand(instruction.a).pointee)
    case .appendPresent:
      if let content = try content(of: operand(instruction.a).pointee) { elements.append(content) }
    case .appendEntry:
      elements.append(operand(instruction.a).pointee)
      elements.append(operand(instruction.b).pointee)
    case .appendPresentEntry:
      guard let content = try content(of: operand(instruction.b).pointee) else { return }
      elements.append(operand(instruction.a).pointee)
      elements.append(content)
    default:
      guard case .map(let map) = operand(instruction.a).pointee else {
        throw EvaluationError(.decode, "expected a map, found \(operand(instruction.a).pointee.summary)")
      }
      try meter.charge(map.entries.count)
      for entry in map.entries {
        elements.append(entry.key)
        elements.append(entry.value)
      }
    }
  }

  /// What an optional holds; nil for none.
  private func content(of optional: Value) throws(EvaluationError) -> Value? {
    if optional.isNone { return nil }
    guard program.parts.dialect == .cel else { return optional }
    if case .boxed(let box) = optional, case .optional(let content) = box.content { return content }
    throw EvaluationError(.decode, "expected an optional, found \(optional.summary)")
  }

  /// Keys are bools, whole numbers and texts, each once (CEL specification, "Aggregate Values").
  mutating func makeMap(_ instruction: Instruction) throws(EvaluationError) {
    guard case .list(let parts) = operand(instruction.a).pointee else { preconditionFailure("no map is being made") }
    try meter.charge(parts.count)
    var entries: [MapValue.Entry] = []
    entries.reserveCapacity(parts.count / 2)
    for position in stride(from: 0, to: parts.count, by: 2) {
      switch parts[position] {
      case .bool, .int, .uint, .string: break
      default: throw EvaluationError(.decode, "\(parts[position].summary) cannot be the key of a map")
      }
      entries.append(MapValue.Entry(key: parts[position], value: parts[position + 1]))
    }
    guard let map = MapValue(entries) else {
      var seen: Set<MapKey> = []
      let twice = entries.first { !seen.insert(MapKey($0.key)).inserted }
      throw EvaluationError(.decode, "the map has the key \(twice?.key.summary ?? "") twice")
    }
    set(instruction, .map(map))
  }

  func makeRecord(_ instruction: Instruction) {
    let shape = program.parts.shapes[Int(instruction.c)]
    let fields = Array(UnsafeBufferPointer(start: registers + Int(instruction.a), count: shape.names.count))
    set(instruction, .record(RecordValue(shape, fields)))
  }

  mutating func convert(_ instruction: Instruction) throws(EvaluationError) {
    let value = operand(instruction.a).pointee
    switch instruction.operation {
    case .box: set(instruction, .box(.optional(value)))
    case .unbox:
      if let content = try content(of: value) { set(instruction, content) }
    case .requireOptional:
      if program.parts.dialect == .cel { _ = try content(of: value) }
    case .conform:
      do {
        set(instruction, try program.parts.decoders[Int(instruction.c)].decode(value))
      } catch {
        throw EvaluationError(.decode, error.message)
      }
    default:
      let failure = instruction.c == 1 && !kept.isEmpty ? kept[Int(instruction.b)] : nil
      let error = failure.map {
        Value.record(RecordValue(Self.errorShape, [.text($0.kind.rawValue), .text($0.message)]))
      }
      set(instruction, .record(RecordValue(Self.outcomeShape, [failure == nil ? value : .none, error ?? .none])))
    }
  }

  /// The type `Error` of `attempt(e)`.
  private static let errorShape = RecordShape(["kind", "message"])
  private static let outcomeShape = RecordShape(["value", "error"])
}
