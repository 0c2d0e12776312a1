/// One overload of a function as evaluation sees it: its identity and what it does.
package struct Function: Sendable {
  package enum Body: Sendable {
    case unary(@Sendable (Value) throws(EvaluationError) -> Value)
    case binary(@Sendable (Value, Value) throws(EvaluationError) -> Value)
  }

  /// The overload's stable identity, as CEL names them: `add_int64`.
  package let id: String
  package let body: Body

  package init(_ id: String, _ body: Body) {
    self.id = id
    self.body = body
  }
}

extension Function: Hashable {
  package static func == (left: Function, right: Function) -> Bool { left.id == right.id }

  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Why an expression has no value. The kinds are those of rule 60.
package struct EvaluationError: Error, Hashable, Sendable {
  package enum Kind: String, Sendable {
    /// Overflow, division by zero, a time out of range.
    case arithmetic
    /// A text, a json value or an index that is not what the expression says.
    case decode
    /// The expression costs more than it may.
    case limit
  }

  package var kind: Kind
  /// One sentence without a full stop.
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
