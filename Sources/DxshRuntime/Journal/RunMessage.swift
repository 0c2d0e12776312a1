package import DxshExpressions

/// What others tell a run.
package enum RunMessage: Sendable, Equatable {
  case signal(SignalName, Value)
  case cancel
  /// Nothing new is to start until somebody takes it back.
  case pause(reason: String?)
  /// A pause is over.
  case resume
}

/// What signals are told apart by.
package struct SignalName: Hashable, Sendable {
  package var name: String
  package var key: String?

  package init(_ name: String, key: String? = nil) {
    self.name = name
    self.key = key
  }
}
