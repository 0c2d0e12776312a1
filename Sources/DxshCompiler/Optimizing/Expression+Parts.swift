import DxshExpressions

extension Expression {
  /// The expressions directly inside, in the order of `replacingParts`.
  var parts: [Expression] {
    switch self {
    case .constant, .binding, .local: []
    case .field(let operand, _), .optionalField(let operand, _), .conform(let operand, _), .attempt(let operand):
      [operand]
    case .index(let left, let right), .optionalIndex(let left, let right), .and(let left, let right),
      .or(let left, let right):
      [left, right]
    case .conditional(let condition, let yes, let no): [condition, yes, no]
    case .call(_, let parts), .list(let parts), .record(_, let parts), .map(let parts), .interpolation(let parts):
      parts
    case .comprehension(let macro): [macro.range, macro.body] + (macro.condition.map { [$0] } ?? [])
    }
  }

  /// The same expression over other parts, as many as it has.
  func replacingParts(_ parts: [Expression]) -> Expression {
    switch self {
    case .constant, .binding, .local: return self
    case .field(_, let name): return .field(parts[0], name)
    case .optionalField(_, let name): return .optionalField(parts[0], name)
    case .index: return .index(parts[0], parts[1])
    case .optionalIndex: return .optionalIndex(parts[0], parts[1])
    case .call(let function, _): return .call(function, parts)
    case .and: return .and(parts[0], parts[1])
    case .or: return .or(parts[0], parts[1])
    case .conditional: return .conditional(parts[0], parts[1], parts[2])
    case .list: return .list(parts)
    case .record(let names, _): return .record(names, parts)
    case .map: return .map(parts)
    case .comprehension(var macro):
      macro.range = parts[0]
      macro.body = parts[1]
      if macro.condition != nil { macro.condition = parts[2] }
      return .comprehension(macro)
    case .interpolation: return .interpolation(parts)
    case .conform(_, let type): return .conform(parts[0], type)
    case .attempt: return .attempt(parts[0])
    }
  }

  /// Whether it is one word: nothing is inside.
  var isLeaf: Bool {
    switch self {
    case .constant, .binding, .local: true
    case .field, .optionalField, .index, .optionalIndex, .call, .and, .or, .conditional, .list, .record, .map,
      .comprehension, .interpolation, .conform, .attempt:
      false
    }
  }

  /// Whether it is a constant.
  var isConstant: Bool {
    if case .constant = self { true } else { false }
  }

  /// Whether it always has a value: nothing in it can overflow, be missing or be malformed.
  var cannotFail: Bool {
    switch self {
    case .constant, .binding, .local, .attempt: true
    case .call, .index, .map, .comprehension, .conform: false
    case .field, .optionalField, .optionalIndex, .and, .or, .conditional, .list, .record, .interpolation:
      parts.allSatisfy(\.cannotFail)
    }
  }

  /// Visits every slot that the expression reads, as (scopes further out, slot).
  func forEachBinding(_ visit: (Int, Int) -> Void) {
    switch self {
    case .constant, .local: break
    case .binding(let depth, let slot): visit(depth, slot)
    case .field(let operand, _), .optionalField(let operand, _), .conform(let operand, _), .attempt(let operand):
      operand.forEachBinding(visit)
    case .index(let left, let right), .optionalIndex(let left, let right), .and(let left, let right),
      .or(let left, let right):
      left.forEachBinding(visit)
      right.forEachBinding(visit)
    case .call(_, let parts), .list(let parts), .record(_, let parts), .map(let parts), .interpolation(let parts):
      for part in parts { part.forEachBinding(visit) }
    case .conditional, .comprehension:
      for part in parts { part.forEachBinding(visit) }
    }
  }
}
