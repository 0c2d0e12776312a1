/// What can stand at the top level of a file.
package enum Declaration: Sendable {
  case importing(ImportDeclaration)
  case type(TypeDeclaration)
  case enumeration(EnumDeclaration)
  case node(NodeDeclaration)
  case workflow(WorkflowDeclaration)
  case secret(SecretDeclaration)
  case connection(ConnectionDeclaration)
  case connectionKind(ConnectionKindDeclaration)
  case constant(ConstantDeclaration)
  case function(FunctionDeclaration)
  case defaults(DefaultsDeclaration)
  case test(TestDeclaration)
  /// Text in which the parser found no declaration; it has said so.
  case unreadable(SourceRange)

  package var range: SourceRange {
    switch self {
    case .importing(let declaration): declaration.range
    case .type(let declaration): declaration.range
    case .enumeration(let declaration): declaration.range
    case .node(let declaration): declaration.range
    case .workflow(let declaration): declaration.range
    case .secret(let declaration): declaration.range
    case .connection(let declaration): declaration.range
    case .connectionKind(let declaration): declaration.range
    case .constant(let declaration): declaration.range
    case .function(let declaration): declaration.range
    case .defaults(let declaration): declaration.range
    case .test(let declaration): declaration.range
    case .unreadable(let range): range
    }
  }
}

/// `import "path" as name` or `import "path" { A, b }`
package struct ImportDeclaration: Sendable {
  package enum Names: Sendable {
    /// Everything, as `name.member`.
    case alias(Name)
    case listed([Name])
  }

  package var documentation: String?
  /// The file's path as written, without its quotes.
  package var path: String
  /// Of the path with its quotes.
  package var pathRange: SourceRange
  package var names: Names
  package var range: SourceRange
}

/// `type Name = …`
package struct TypeDeclaration: Sendable {
  package var documentation: String?
  package var name: Name
  package var typeParameters: [Name]
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
    package var range: SourceRange
  }

  package var documentation: String?
  package var name: Name
  package var members: [Member]
  package var range: SourceRange
}

/// `name: Type @annotation(…) = default where e` of a node, a function, a workflow or a form.
package struct Parameter: Sendable {
  package var documentation: String?
  package var name: Name
  package var type: TypeSyntax
  package var annotations: [Call]
  package var defaultValue: ExpressionSyntax?
  /// `where e`: what holds of the value, `self`.
  package var refinement: ExpressionSyntax?
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
  /// `= exec("./program")`: what runs it; nil for a node that dxsh itself implements.
  package var program: Call?
  package var range: SourceRange
}

/// `workflow name(…) -> R { … }`
package struct WorkflowDeclaration: Sendable {
  package var documentation: String?
  package var name: Name
  package var parameters: [Parameter]
  package var result: TypeSyntax?
  /// `throws a, b`: the kinds of failure that it declares.
  package var errors: [Name]
  package var was: Name?
  package var schedules: [ScheduleDeclaration]
  package var triggers: [TriggerDeclaration]
  package var limits: LimitsDeclaration?
  package var defaults: DefaultsDeclaration?
  /// The items between the header and `finally`; its range is that of the whole body with its braces.
  package var body: Block
  package var finally: Block?
  package var range: SourceRange
}

/// `schedule name { cron: …, timezone: … }`
package struct ScheduleDeclaration: Sendable {
  package var documentation: String?
  package var name: Name
  package var was: Name?
  package var fields: [FieldEntry]
  package var range: SourceRange
}

/// `on webhook name as T { path: …, params: … }`
package struct TriggerDeclaration: Sendable {
  package var documentation: String?
  /// `webhook`, `file` or `workflow`.
  package var kind: Name
  package var name: Name
  package var payload: TypeSyntax?
  package var was: Name?
  package var fields: [FieldEntry]
  package var range: SourceRange
}

/// `limits { concurrency: 8 }`
package struct LimitsDeclaration: Sendable {
  package var fields: [FieldEntry]
  package var range: SourceRange
}

/// `defaults with timeout(60s), retry(3)`
package struct DefaultsDeclaration: Sendable {
  package var policies: [Call]
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
