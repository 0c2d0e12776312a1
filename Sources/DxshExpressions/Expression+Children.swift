extension Expression {
  /// The expressions directly inside, in the order of evaluation; a macro's body among them.
  package var children: [Expression] {
    switch self {
    case .constant, .binding, .local: []
    case .field(let operand, _), .optionalField(let operand, _), .conform(let operand, _), .attempt(let operand):
      [operand]
    case .index(let operand, let index), .optionalIndex(let operand, let index): [operand, index]
    case .call(_, let arguments): arguments
    case .and(let left, let right), .or(let left, let right): [left, right]
    case .conditional(let condition, let yes, let no): [condition, yes, no]
    case .list(let elements), .map(let elements), .interpolation(let elements), .record(_, let elements): elements
    case .comprehension(let comprehension):
      [comprehension.range, comprehension.condition, comprehension.body].compactMap { $0 }
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
