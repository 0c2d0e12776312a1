extension Expression {
  /// The expressions directly inside, in the order of evaluation; a macro's body among them.
  package var children: [Expression] {
    switch self {
    case .constant, .binding, .local, .failure: []
    case .field(let operand, _, _), .optionalField(let operand, _), .member(let operand, _), .presence(let operand, _),
      .conform(let operand, _), .attempt(let operand), .outcome(let operand), .ifPresent(let operand):
      [operand]
    case .index(let operand, let index), .optionalIndex(let operand, let index): [operand, index]
    case .call(_, let arguments), .dispatch(_, _, let arguments): arguments
    case .and(let left, let right), .or(let left, let right): [left, right]
    case .conditional(let condition, let yes, let no): [condition, yes, no]
    case .list(let elements), .map(let elements), .interpolation(let elements), .record(_, let elements): elements
    case .letting(_, let value, in: let body): [value, body]
    case .comprehension(let macro):
      [macro.range, macro.initial, macro.condition, macro.body].compactMap { $0 }
    }
  }

  /// The same expression with other expressions inside, as many as it has.
  package func replacingChildren(_ children: [Expression]) -> Expression {
    switch self {
    case .constant, .binding, .local, .failure: return self
    case .field(_, let name, let slot): return .field(children[0], name, slot: slot)
    case .optionalField(_, let name): return .optionalField(children[0], name)
    case .member(_, let name): return .member(children[0], name)
    case .presence(_, let name): return .presence(children[0], name)
    case .conform(_, let type): return .conform(children[0], type)
    case .attempt: return .attempt(children[0])
    case .outcome: return .outcome(children[0])
    case .ifPresent: return .ifPresent(children[0])
    case .index: return .index(children[0], children[1])
    case .optionalIndex: return .optionalIndex(children[0], children[1])
    case .call(let function, _): return .call(function, children)
    case .dispatch(let name, let style, _): return .dispatch(name, style, children)
    case .and: return .and(children[0], children[1])
    case .or: return .or(children[0], children[1])
    case .conditional: return .conditional(children[0], children[1], children[2])
    case .list: return .list(children)
    case .map: return .map(children)
    case .interpolation: return .interpolation(children)
    case .record(let names, _): return .record(names, children)
    case .letting(let local, _, in: _): return .letting(local, children[0], in: children[1])
    case .comprehension(var macro):
      macro.range = children[0]
      if macro.initial != nil { macro.initial = children[1] }
      if macro.condition != nil { macro.condition = children[children.count - 2] }
      macro.body = children[children.count - 1]
      return .comprehension(macro)
    }
  }
}

extension Function {
  /// How many arguments it takes.
  package var arity: Int {
    switch body {
    case .nullary: 0
    case .unary: 1
    case .binary: 2
    case .ternary: 3
    case .metered(let count, _): count
    }
  }
}
