/// What can stand at the top level of a file.
package enum Declaration: Sendable {
  case type(TypeDeclaration)
  case enumeration(EnumDeclaration)
  case node(NodeDeclaration)
  case workflow(WorkflowDeclaration)
  case secret(SecretDeclaration)
  case connection(ConnectionDeclaration)
  case connectionKind(ConnectionKindDeclaration)
  case constant(ConstantDeclaration)
  case function(FunctionDeclaration)
}

/// `type Name = …`
package struct TypeDeclaration: Sendable {
  package var documentation: String?
  package var name: Name
  package var type: TypeSyntax
  package var range: SourceRange
}

/// `const name: T = e`
package struct ConstantDeclaration: Sendable {
  package var documentation: String?
  package var name: Name
  package var type: TypeSyntax?
  package var value: ExpressionSyntax
  package var range: SourceRange
}

/// `func name<T>(p: T = e) -> R = body`; in the library a dotted name, `self`, `throws` and no body.
package struct FunctionDeclaration: Sendable {
  package var documentation: String?
  package var path: Path
  package var typeParameters: [Name]
  package var parameters: [Parameter]
  package var result: TypeSyntax
  package var errors: [Name]
  /// Nil for a function that the program itself implements.
  package var body: ExpressionSyntax?
  package var range: SourceRange

  /// What a function that is called as `e.name(…)` is called on: its first parameter, `self`.
  package var receiver: Parameter? { parameters.first.flatMap { $0.name.text == "self" ? $0 : nil } }
}

/// `enum Name { a, b = "wire" }`
package struct EnumDeclaration: Sendable {
  package struct Member: Sendable {
    package var documentation: String?
    package var name: Name
    /// The text that stands for the member outside, when it is not its name.
    package var wireName: String?
  }

  package var documentation: String?
  package var name: Name
  package var members: [Member]
  package var range: SourceRange
}

/// `name: Type @annotation(…) = default` of a node or workflow.
package struct Parameter: Sendable {
  package var documentation: String?
  package var name: Name
  package var type: TypeSyntax
  package var annotations: [Call]
  package var defaultValue: ExpressionSyntax?
  package var range: SourceRange
}

/// `node family.name<T>(…) -> R effect … throws … uses … timeout(…)`
package struct NodeDeclaration: Sendable {
  package var documentation: String?
  package var path: Path
  package var typeParameters: [Name]
  package var parameters: [Parameter]
  package var result: TypeSyntax
  /// Nil when the clause is missing, which the checker reports.
  package var effect: Name?
  package var errors: [Name]
  package var uses: Call?
  package var timeout: ExpressionSyntax?
  package var range: SourceRange
}

/// `workflow name(…) -> R { … }`
package struct WorkflowDeclaration: Sendable {
  package var documentation: String?
  package var name: Name
  package var parameters: [Parameter]
  package var result: TypeSyntax?
  package var body: Block
  package var range: SourceRange
}

/// `secret name: T = env("X")`
package struct SecretDeclaration: Sendable {
  package var documentation: String?
  package var name: Name
  /// Nil is text.
  package var type: TypeSyntax?
  /// Where the value comes from.
  package var source: ExpressionSyntax
  package var range: SourceRange
}

/// `connection name = kind(…)`
package struct ConnectionDeclaration: Sendable {
  package var documentation: String?
  package var name: Name
  /// The kind with its settings.
  package var call: Call
  package var range: SourceRange
}

/// `connection kind(…)`: what connections of a kind are made of. The library declares them.
package struct ConnectionKindDeclaration: Sendable {
  package var documentation: String?
  package var path: Path
  package var parameters: [Parameter]
  package var range: SourceRange
}
