/// A checked expression: every name resolved, every overload chosen, nothing left to look up but values.
///
/// It has no source ranges and is part of the plan's stored form.
package indirect enum Expression: Sendable, Hashable {
  case constant(Constant)
  /// A name of the workflow: a slot in the frame `depth` scopes further out.
  case binding(depth: Int, slot: Int)
  /// A variable of a macro, counted from the outermost.
  case local(Int)
  /// A field that the record has, or of `dyn` none. `slot` is where the record's type has it: a hint, of which nothing
  /// but speed depends.
  case field(Expression, String, slot: Int)
  /// `.?f`: none when the operand is none or the field absent.
  case optionalField(Expression, String)
  /// `e[i]`; fails when there is no such element.
  case index(Expression, Expression)
  /// `e[?i]`: none when the operand is none or there is no such element.
  case optionalIndex(Expression, Expression)
  case call(Function, [Expression])
  /// Plain CEL: a call whose overload the arguments' kinds decide when it is made, among those of the name and style.
  case dispatch(String, Overload.Style, [Expression])
  /// Plain CEL: `e.f` of a map or an optional; fails when there is no such key.
  case member(Expression, String)
  /// Plain CEL: `has(e.f)` of a map or an optional.
  case presence(Expression, String)
  case and(Expression, Expression)
  case or(Expression, Expression)
  case conditional(Expression, Expression, Expression)
  /// Elements may be `ifPresent`.
  case list([Expression])
  /// One expression for each name; `none` leaves the field absent.
  case record([String], [Expression])
  /// Keys and values in turn; a repeated key fails. Values may be `ifPresent`.
  case map([Expression])
  /// Only inside a list or as a value of a map: the content of an optional; none leaves the element or entry out.
  case ifPresent(Expression)
  /// The body, in which the local of that number is the value. Where the value fails, so does each use of it.
  case letting(Int, Expression, in: Expression)
  case comprehension(Comprehension)
  /// Pieces of text, each of a type that renders.
  case interpolation([Expression])
  /// The value as one of this type: decoded when it came as `json`, projected when it has further fields.
  case conform(Expression, Type)
  /// `try(e)`: none when `e` fails.
  case attempt(Expression)
  /// `attempt(e)`: a record of the `value` and the `error`, each optional.
  case outcome(Expression)
  /// What always fails.
  case failure(EvaluationError)
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

/// A macro over the elements of a list or the entries of a map.
///
/// With one variable it goes over the elements of a list or the keys of a map; with two, over indexes and elements or
/// keys and values.
package struct Comprehension: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case all, exists, existsOne = "exists_one", map, filter, sortBy, groupBy
    case transformList, transformMap, transformMapEntry, fold
    /// Over an optional instead of a list.
    case optMap, optFlatMap

    /// How many variables it has; of `all`, `exists` and `existsOne` also two are possible.
    package var variables: ClosedRange<Int> {
      switch self {
      case .all, .exists, .existsOne: 1...2
      case .map, .filter, .sortBy, .groupBy, .optMap, .optFlatMap: 1...1
      case .transformList, .transformMap, .transformMapEntry, .fold: 2...2
      }
    }
  }

  package var kind: Kind
  package var range: Expression
  /// The number of the first variable among the locals. Of `fold` it is the accumulator, the element is the next.
  package var local: Int
  /// How many variables there are.
  package var variables: Int
  /// Of `fold`: what the accumulator is at first.
  package var initial: Expression?
  /// Only the elements that satisfy it.
  package var condition: Expression?
  package var body: Expression

  package init(
    _ kind: Kind, range: Expression, local: Int, variables: Int? = nil, initial: Expression? = nil,
    condition: Expression? = nil, body: Expression
  ) {
    self.kind = kind
    self.range = range
    self.local = local
    self.variables = variables ?? kind.variables.lowerBound
    self.initial = initial
    self.condition = condition
    self.body = body
  }
}
