/// A checked expression: every name resolved, every overload chosen, nothing left to look up but values.
///
/// It has no source ranges and is part of the plan's stored form.
package indirect enum Expression: Sendable, Hashable {
  case constant(Constant)
  /// A name of the workflow: a slot in the frame `depth` scopes further out.
  case binding(depth: Int, slot: Int)
  /// A variable of a macro, counted from the outermost.
  case local(Int)
  /// A field that the record has, or of `json` none.
  case field(Expression, String)
  /// `.?f`: none when the operand is none or the field absent.
  case optionalField(Expression, String)
  /// `e[i]`; fails when there is no such element.
  case index(Expression, Expression)
  /// `e[?i]`: none when the operand is none or there is no such element.
  case optionalIndex(Expression, Expression)
  case call(Function, [Expression])
  case and(Expression, Expression)
  case or(Expression, Expression)
  case conditional(Expression, Expression, Expression)
  case list([Expression])
  /// One expression for each name; `none` leaves the field absent.
  case record([String], [Expression])
  /// Keys and values in turn; a repeated key fails.
  case map([Expression])
  case comprehension(Comprehension)
  /// Pieces of text, each of a type that renders.
  case interpolation([Expression])
  /// The value as one of this type: decoded when it came as `json`, projected when it has further fields.
  case conform(Expression, Type)
  /// `try(e)`: none when `e` fails.
  case attempt(Expression)
}

extension Expression {
  /// How deeply the expressions of a plan may nest, which bounds the recursion of all that reads them.
  package static let depthLimit = 2_000
}

/// A constant value, equal to another when it is the same kind with the same content (unlike `Value`, whose
/// equality is CEL's).
package struct Constant: Sendable, Hashable {
  package let value: Value

  package init(_ value: Value) {
    self.value = value
  }

  package static func == (left: Constant, right: Constant) -> Bool {
    left.value.isIdentical(to: right.value)
  }

  package func hash(into hasher: inout Hasher) {
    value.hashIdentity(into: &hasher)
  }
}

/// A macro over the elements of a list or the keys of a map.
package struct Comprehension: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case all, exists, existsOne = "exists_one", map, filter, sortBy, groupBy
  }

  package var kind: Kind
  package var range: Expression
  /// The number of the variable among the locals.
  package var local: Int
  /// Of `map` with three arguments: only the elements that satisfy it.
  package var condition: Expression?
  package var body: Expression

  package init(_ kind: Kind, range: Expression, local: Int, condition: Expression? = nil, body: Expression) {
    self.kind = kind
    self.range = range
    self.local = local
    self.condition = condition
    self.body = body
  }
}
