package import DxshExpressions
package import DxshPlan
package import DxshSyntax

/// A declared node as calls see it.
package struct NodeSignature: Sendable {
  /// The dotted name.
  package var path: String
  package var typeParameters: [String]
  package var parameters: [ParameterSignature]
  package var result: Type
  package var effect: Effect
  /// The kinds of failure that it declares.
  package var errors: [String]
  /// A constant duration.
  package var timeout: Expression
  package var documentation: String?
  /// Where the name is declared.
  package var range: SourceRange
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
