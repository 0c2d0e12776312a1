package import DxshExpressions

/// `wait`: over once one of its alternatives comes about, or its time.
package struct PlanWait: Sendable, Hashable {
  /// What is waited for.
  package enum Source: Sendable, Hashable {
    /// A duration from when the wait begins; gives the time when it was over.
    case delay(Expression)
    /// A timestamp; gives the time when it was over.
    case until(Expression)
    /// The next signal of a name, a text, and a key, an optional text; gives what it brings, of the type.
    case signal(name: Expression, key: Expression?, Type)
  }

  package struct Alternative: Sendable, Hashable {
    /// Nil in a wait that is for one thing alone.
    package var name: String?
    package var source: Source

    package init(name: String?, source: Source) {
      self.name = name
      self.source = source
    }
  }

  /// One without a name, whose value is the wait's; or several with names, whose value is a record of `chosen` and a
  /// field for each of them.
  package var alternatives: [Alternative]
  /// A duration from when the wait begins, after which it is over without a value.
  package var timeout: Expression?
  /// Nil when nobody reads the value.
  package var slot: Int?

  package init(alternatives: [Alternative], timeout: Expression?, slot: Int?) {
    self.alternatives = alternatives
    self.timeout = timeout
    self.slot = slot
  }

  /// What `chosen` is when the time was over.
  package static let timeoutName = "timeout"

  package var isChoice: Bool { alternatives.first?.name != nil }

  /// The value of the wait when an alternative came about, or none did in time.
  package func value(chosen: Int?, _ value: Value) -> Value {
    guard isChoice else { return chosen == nil ? .none : value }
    let names = alternatives.map { $0.name ?? "" }
    var fields = [Value](repeating: .none, count: names.count + 1)
    fields[0] = .text(chosen.map { names[$0] } ?? Self.timeoutName)
    if let chosen { fields[chosen + 1] = value }
    return .record(RecordValue(RecordShape(["chosen"] + names), fields))
  }

  package func forEachExpression(_ visit: (Expression) -> Void) {
    for alternative in alternatives {
      switch alternative.source {
      case .delay(let expression), .until(let expression): visit(expression)
      case .signal(let name, let key, _):
        visit(name)
        if let key { visit(key) }
      }
    }
    if let timeout { visit(timeout) }
  }
}
