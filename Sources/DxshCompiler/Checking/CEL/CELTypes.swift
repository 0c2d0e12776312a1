import DxshExpressions

/// The types of one check of plain CEL: each has one number, so that equal types have equal numbers, and the type
/// variables of calls and of empty lists and maps have what they were found to stand for.
///
/// The rules are those of cel-go's checker (`checker/types.go`), since the specification leaves the inference open.
struct CELTypes {
  struct ID: Hashable {
    let index: Int32
  }

  enum Node: Hashable {
    case scalar(Type)
    case list(ID)
    case map(ID, ID)
    case optional(ID)
    case type(ID)
    case abstract(String, [ID])
    case variable(Int32)
  }

  private(set) var nodes: [Node] = []
  /// Whether a node holds no variable.
  private var areGround: [Bool] = []
  private var known: [Node: ID] = [:]
  /// The list of each type, by the type's number.
  private var lists: [ID?] = []
  /// What each variable stands for, by its number.
  private var bindings: [ID?] = []
  /// The variables bound since a try began, with what they stood for before.
  private var trail: [(variable: Int, before: ID?)] = []

  let bool, int, uint, double, string, bytes, null, dyn, timestamp, duration: ID

  init() {
    let scalars: [Type] = [.bool, .int, .uint, .double, .string, .bytes, .null, .dyn, .timestamp, .duration]
    for (index, type) in scalars.enumerated() {
      nodes.append(.scalar(type))
      areGround.append(true)
      known[.scalar(type)] = ID(index: Int32(index))
    }
    (bool, int, uint, double, string) = (
      ID(index: 0), ID(index: 1), ID(index: 2), ID(index: 3), ID(index: 4)
    )
    (bytes, null, dyn, timestamp, duration) = (
      ID(index: 5), ID(index: 6), ID(index: 7), ID(index: 8), ID(index: 9)
    )
  }

  subscript(id: ID) -> Node { nodes[Int(id.index)] }

  var count: Int { nodes.count }

  mutating func make(_ node: Node) -> ID {
    if let id = known[node] { return id }
    let id = ID(index: Int32(nodes.count))
    nodes.append(node)
    areGround.append(isGround(node))
    known[node] = id
    return id
  }

  func isGround(_ id: ID) -> Bool { areGround[Int(id.index)] }

  private func isGround(_ node: Node) -> Bool {
    switch node {
    case .scalar: true
    case .list(let inner), .optional(let inner), .type(let inner): isGround(inner)
    case .map(let key, let value): isGround(key) && isGround(value)
    case .abstract(_, let arguments): arguments.allSatisfy(isGround)
    case .variable: false
    }
  }

  mutating func list(of element: ID) -> ID {
    let index = Int(element.index)
    if index < lists.count, let known = lists[index] { return known }
    let list = make(.list(element))
    while lists.count <= index { lists.append(nil) }
    lists[index] = list
    return list
  }

  mutating func map(_ key: ID, _ value: ID) -> ID { make(.map(key, value)) }
  mutating func optional(of wrapped: ID) -> ID { make(.optional(wrapped)) }

  mutating func newVariable() -> ID {
    let id = ID(index: Int32(nodes.count))
    nodes.append(.variable(Int32(bindings.count)))
    areGround.append(false)
    bindings.append(nil)
    return id
  }

  /// The number of a type; its type parameters are looked up in `parameters`, and new ones become new variables.
  mutating func intern(_ type: Type, _ parameters: inout [String: ID]) -> ID {
    switch type {
    case .parameter(let name):
      if let known = parameters[name] { return known }
      let variable = newVariable()
      parameters[name] = variable
      return variable
    case .list(let element): return list(of: intern(element, &parameters))
    case .map(let key, let value):
      let key = intern(key, &parameters)
      return map(key, intern(value, &parameters))
    case .optional(let wrapped): return optional(of: intern(wrapped, &parameters))
    case .type(let type): return make(.type(intern(type, &parameters)))
    case .abstract(let name, let arguments):
      return make(.abstract(name, arguments.map { intern($0, &parameters) }))
    case .secret(let content): return intern(content, &parameters)
    case .json, .unknown, .never, .record, .enumeration, .connection: return dyn
    case .bool: return bool
    case .int: return int
    case .uint: return uint
    case .double: return double
    case .string: return string
    case .bytes: return bytes
    case .null: return null
    case .dyn: return dyn
    case .timestamp: return timestamp
    case .duration: return duration
    case .size, .decimal, .money: return make(.scalar(type))
    }
  }

  mutating func intern(_ type: Type) -> ID {
    var parameters: [String: ID] = [:]
    return intern(type, &parameters)
  }

  /// The type of a number; a variable that stands for nothing is `dyn`.
  func type(_ id: ID) -> Type {
    switch self[id] {
    case .scalar(let type): type
    case .list(let element): .list(type(element))
    case .map(let key, let value): .map(type(key), type(value))
    case .optional(let wrapped): .optional(type(wrapped))
    case .type(let inner): .type(type(inner))
    case .abstract(let name, let arguments): .abstract(name, arguments.map(type))
    case .variable(let number): bindings[Int(number)].map(type) ?? .dyn
    }
  }

  /// The outermost form, through what variables stand for.
  func resolved(_ id: ID) -> ID {
    var id = id
    while case .variable(let number) = self[id], let bound = bindings[Int(number)] { id = bound }
    return id
  }

  func node(_ id: ID) -> Node { self[resolved(id)] }

  func isDyn(_ id: ID) -> Bool { resolved(id) == dyn }

  func isVariable(_ id: ID) -> Bool {
    if case .variable = self[id] { true } else { false }
  }
}

// MARK: - Assignability

extension CELTypes {
  /// Whether values of the first types go where the second are expected; learns what variables stand for when they do.
  mutating func areAssignable(_ types: [ID], to expected: [ID]) -> Bool {
    if types == expected, types.allSatisfy(isGround) { return true }
    guard types.count == expected.count else { return false }
    let mark = trail.count
    for (type, target) in zip(types, expected) where !isAssignable(type, target) {
      while trail.count > mark {
        let change = trail.removeLast()
        bindings[change.variable] = change.before
      }
      return false
    }
    return true
  }

  mutating func isAssignable(_ type: ID, to expected: ID) -> Bool {
    type == expected && isGround(type) || areAssignable([type], to: [expected])
  }

  /// The more general of two types that go together; `dyn` where they do not.
  mutating func join(_ previous: ID?, _ current: ID) -> ID {
    guard let previous else { return current }
    return isAssignable(previous, to: current) ? mostGeneral(previous, current) : dyn
  }

  private mutating func isAssignable(_ left: ID, _ right: ID) -> Bool {
    if left == right, !isVariable(left) { return true }
    if isVariable(right) {
      let (isValid, isBound) = substitute(left, for: right)
      if isValid { return true }
      if isBound { return false }
    }
    if isVariable(left) { return substitute(right, for: left).isValid }
    if left == dyn || right == dyn { return true }
    if left == null { return takesNull(right) }
    if right == null { return takesNull(left) }
    switch (self[left], self[right]) {
    case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)): return isAssignable(a, b)
    case (.map(let a, let x), .map(let b, let y)): return isAssignable(a, b) && isAssignable(x, y)
    case (.type, .type): return true
    case (.abstract(let name, let arguments), .abstract(let other, let others)):
      guard name == other, arguments.count == others.count else { return false }
      for (argument, counterpart) in zip(arguments, others) where !isAssignable(argument, counterpart) { return false }
      return true
    default: return false
    }
  }

  private func takesNull(_ id: ID) -> Bool {
    if id == null || id == timestamp || id == duration { return true }
    return switch self[id] {
    case .abstract, .optional: true
    case .scalar, .list, .map, .type, .variable: false
    }
  }

  /// Whether a variable may stand for a type, and whether it stood for one already.
  private mutating func substitute(_ type: ID, for variable: ID) -> (isValid: Bool, isBound: Bool) {
    if type == variable { return (true, true) }
    guard case .variable(let number) = self[variable] else { return (false, false) }
    if let bound = bindings[Int(number)] {
      if type == bound { return (true, true) }
      guard isAssignable(type, bound) else { return (false, true) }
      let general = mostGeneral(type, bound)
      if !occurs(variable, in: general) { bind(Int(number), general) }
      return (true, true)
    }
    guard !occurs(variable, in: type) else { return (false, false) }
    bind(Int(number), type)
    return (true, false)
  }

  private mutating func bind(_ variable: Int, _ type: ID) {
    trail.append((variable, bindings[variable]))
    bindings[variable] = type
  }

  private func occurs(_ variable: ID, in type: ID) -> Bool {
    if type == variable { return true }
    return switch self[type] {
    case .scalar: false
    case .list(let inner), .optional(let inner), .type(let inner): occurs(variable, in: inner)
    case .map(let key, let value): occurs(variable, in: key) || occurs(variable, in: value)
    case .abstract(_, let arguments): arguments.contains { occurs(variable, in: $0) }
    case .variable(let number): bindings[Int(number)].map { occurs(variable, in: $0) } ?? false
    }
  }

  private func mostGeneral(_ left: ID, _ right: ID) -> ID { isLessSpecific(left, right) ? left : right }

  /// Whether the first is the same type or less specific: `dyn` or a variable where the other says more.
  private func isLessSpecific(_ left: ID, _ right: ID) -> Bool {
    if left == right || left == dyn || isVariable(left) { return true }
    if right == dyn || isVariable(right) { return false }
    return switch (self[left], self[right]) {
    case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)): isLessSpecific(a, b)
    case (.map(let a, let x), .map(let b, let y)): isLessSpecific(a, b) && isLessSpecific(x, y)
    case (.type, .type): true
    case (.abstract(let name, let arguments), .abstract(let other, let others)):
      name == other && arguments.count == others.count && zip(arguments, others).allSatisfy { isLessSpecific($0, $1) }
    default: false
    }
  }
}
