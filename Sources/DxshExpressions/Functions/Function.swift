/// One overload of a function as evaluation sees it: its identity and what it does.
package final class Function: Sendable {
  /// What a call does. No value of any kind may trap: one of another kind than the overload's parameters say, or a list
  /// with an element of another kind, throws `EvaluationError.noOverload`.
  package enum Body: Sendable {
    case nullary(@Sendable () throws(EvaluationError) -> Value)
    case unary(@Sendable (Value) throws(EvaluationError) -> Value)
    case binary(@Sendable (Value, Value) throws(EvaluationError) -> Value)
    case ternary(@Sendable (Value, Value, Value) throws(EvaluationError) -> Value)
    /// Any number of arguments; or work that is not in proportion to the size of the arguments' outermost level, so
    /// that the function itself charges for it.
    case metered(count: Int, @Sendable ([Value], inout Meter) throws(EvaluationError) -> Value)
  }

  /// The overload's stable identity, as CEL names them: `add_int64`.
  package let id: String
  package let body: Body
  /// The operation that does it for the common kinds, if there is one.
  let fast: Operation?
  /// For arguments of which some are constants: what to do in place of `body`, with all arguments, when something can
  /// be prepared once, such as a pattern. Nil when nothing can; throws when the constants can never work.
  package let prepare: (@Sendable ([Value?]) throws(EvaluationError) -> Body?)?

  package init(
    _ id: String, _ body: Body, prepare: (@Sendable ([Value?]) throws(EvaluationError) -> Body?)? = nil
  ) {
    self.id = id
    self.fast = Operation.fast(for: id)
    self.body = body
    self.prepare = prepare
  }
}

extension Function {
  /// Whether a call cannot fail any more, but for overflow, when `prepare` has taken its constants: what can be wrong
  /// is a pattern, a zone, a text. Formats can also meet values that they do not take.
  package var isProvenByPreparing: Bool { prepare != nil && id != "string_format" }
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

  /// A function was called with values that none of its overloads takes.
  package static func noOverload(_ name: String, _ values: Value...) -> EvaluationError {
    EvaluationError(
      .decode,
      "`\(FunctionLibrary.writtenName(of: name))` does not take \(values.map(\.summary).joined(separator: ", "))")
  }
}
