package import DxshExpressions
package import DxshPlan
package import DxshSyntax

/// A declared node as calls see it. One for all its calls, of which there may be very many.
package final class NodeSignature: Sendable {
  /// The dotted name.
  package let path: String
  package let typeParameters: [String]
  package let parameters: [ParameterSignature]
  package let result: Type
  package let effect: Effect
  /// The kinds of failure that it declares.
  package let errors: [String]
  /// A constant duration.
  package let timeout: Expression
  package let documentation: String?
  /// Where the name is declared.
  package let range: SourceRange
  /// Whether one of its parameters names what it reads or writes.
  let hasAccess: Bool

  init(
    path: String, typeParameters: [String], parameters: [ParameterSignature], result: Type, effect: Effect,
    errors: [String], timeout: Expression, documentation: String?, range: SourceRange
  ) {
    self.path = path
    self.typeParameters = typeParameters
    self.parameters = parameters
    self.result = result
    self.effect = effect
    self.errors = errors
    self.timeout = timeout
    self.documentation = documentation
    self.range = range
    hasAccess = parameters.contains { $0.access != nil }
  }

  /// Whether whoever is at the other end, a program or a server, says something while it is at work (`heartbeat`).
  var showsLife: Bool { parameters.contains { $0.sink?.kind == .url || $0.sink?.kind == .shell } }

  /// Whether a failure may ask for a time before the next attempt: whoever is at the other end of a URL decides that.
  var mayAskForTime: Bool { parameters.contains { $0.sink?.kind == .url } }
}

/// A parameter of a node, workflow or policy.
package struct ParameterSignature: Sendable {
  /// What a node does with what an argument names: `@reads(file)`, `@writes(file)`.
  package struct Access: Sendable {
    package var writes: Bool
    /// Such as `file`.
    package var kind: String
  }

  /// What becomes of text that others may have written, if it comes here: `@sink(sql)`, `@sink(url, unless: hosts)`.
  package struct Sink: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
      case sql, shell, path, url, prompt
    }

    package var kind: Kind
    /// The parameter that makes it safe when it is given.
    package var guardedBy: String?
  }

  package var name: String
  package var type: Type
  /// Nil when an argument is required.
  package var defaultValue: Expression?
  package var range: SourceRange?
  package var access: Access?
  package var sink: Sink?
}
