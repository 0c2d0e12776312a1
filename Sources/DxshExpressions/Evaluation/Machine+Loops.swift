/// Going over lists and maps.
extension Machine {
  /// A loop has two registers: what it goes over, and the number of the next element.
  mutating func startLoop(_ instruction: Instruction) throws(EvaluationError) {
    let range = operand(instruction.a).pointee
    switch range {
    case .list, .map, .record: break
    default: throw EvaluationError(.decode, "a macro goes over a list or a map, not over \(range.summary)")
    }
    registers[Int(instruction.target)] = range
    registers[Int(instruction.target) + 1] = .int(0)
  }

  /// False at the end.
  @inline(__always)
  mutating func advance(_ instruction: Instruction) throws(EvaluationError) -> Bool {
    let loop = registers + Int(instruction.a)
    guard case .int(let position) = loop[1] else { preconditionFailure("no loop is under way") }
    switch loop[0] {
    case .list(let elements):
      guard position < elements.count else { return false }
      set(instruction, elements[Int(position)])
    case .map(let map):
      guard position < map.entries.count else { return false }
      set(instruction, map.entries[Int(position)].key)
    case .record(let record):
      guard position < record.shape.names.count else { return false }
      set(instruction, .text(record.shape.names[Int(position)]))
    default: return false
    }
    loop[1] = .int(position + 1)
    try meter.charge(Int(instruction.b))
    return true
  }

  mutating func advancePair(_ instruction: Instruction) throws(EvaluationError) -> Bool {
    let loop = registers + Int(instruction.a)
    guard case .int(let position) = loop[1] else { preconditionFailure("no loop is under way") }
    let second = Int(instruction.target) + 1
    switch loop[0] {
    case .list(let elements):
      guard position < elements.count else { return false }
      set(instruction, .int(position))
      registers[second] = elements[Int(position)]
    case .map(let map):
      guard position < map.entries.count else { return false }
      set(instruction, map.entries[Int(position)].key)
      registers[second] = map.entries[Int(position)].value
    case .record(let record):
      guard position < record.shape.names.count else { return false }
      set(instruction, .text(record.shape.names[Int(position)]))
      registers[second] = record.fields[Int(position)]
    default: return false
    }
    loop[1] = .int(position + 1)
    try meter.charge(Int(instruction.b))
    return true
  }

  func count(_ instruction: Instruction) {
    guard case .int(let number) = registers[Int(instruction.target)] else { preconditionFailure("nothing is counted") }
    registers[Int(instruction.target)] = .int(number + 1)
  }

  /// Stable, ascending.
  mutating func sort(_ instruction: Instruction) throws(EvaluationError) {
    let (elements, keys) = try elementsAndKeys(instruction)
    set(instruction, .list(try FunctionLibrary.sorted(elements, by: keys, &meter)))
  }

  /// A map from each key to its elements, both in the order of their first occurrence.
  mutating func group(_ instruction: Instruction) throws(EvaluationError) {
    let (elements, keys) = try elementsAndKeys(instruction)
    try meter.charge(2 * elements.count)
    var groups = ValueGroups()
    var members: [[Value]] = []
    for (element, key) in zip(elements, keys) {
      guard MapKey(key) != .other else { throw EvaluationError(.decode, "\(key.summary) cannot be the key of a map") }
      let (group, isNew) = groups.insert(key)
      if isNew { members.append([]) }
      members[group].append(element)
    }
    set(instruction, .map(MapValue(distinct: zip(groups.values, members).map { .init(key: $0, value: .list($1)) })))
  }

  private func elementsAndKeys(_ instruction: Instruction) throws(EvaluationError) -> ([Value], [Value]) {
    guard case .list(let keys) = operand(instruction.b).pointee else { preconditionFailure("there are no keys") }
    switch operand(instruction.a).pointee {
    case .list(let elements): return (elements, keys)
    case .map(let map): return (map.entries.map(\.key), keys)
    case let other: throw EvaluationError(.decode, "a macro goes over a list or a map, not over \(other.summary)")
    }
  }
}

extension FunctionLibrary {
  /// The elements in the ascending order of their keys, which are all of one ordered kind; those with equal keys in the
  /// order that they had.
  static func sorted(_ elements: [Value], by keys: [Value], _ meter: inout Meter) throws(EvaluationError) -> [Value] {
    let bits = Int.bitWidth - keys.count.leadingZeroBitCount
    try meter.charge(keys.count * (1 + bits))
    for key in keys where !key.isOrdered(beside: keys[0]) {
      throw EvaluationError(.decode, "\(keys[0].summary) and \(key.summary) have no order")
    }
    let sequence = keys.indices.sorted { left, right in
      let order = order(keys[left], keys[right])
      return order == .less || (order != .greater && left < right)
    }
    return sequence.map { elements[$0] }
  }
}

extension Value {
  /// Whether `<` compares it with another.
  func isOrdered(beside other: Value) -> Bool {
    switch (self, other) {
    case (.int, .int), (.uint, .uint), (.double, .double), (.string, .string), (.bytes, .bytes), (.bool, .bool),
      (.timestamp, .timestamp), (.duration, .duration), (.size, .size):
      true
    case (.int, .uint), (.int, .double), (.uint, .int), (.uint, .double), (.double, .int), (.double, .uint): true
    case (.boxed(let a), .boxed(let b)): a.isDecimal && b.isDecimal
    default: false
    }
  }
}
