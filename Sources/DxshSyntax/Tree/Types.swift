/// A type as written.
package struct TypeSyntax: Sendable {
  package indirect enum Kind: Sendable {
    /// The text has no type here; the parser has said so.
    case missing
    /// `int`, `Order`, `list<Order>`
    case named(Path, arguments: [TypeSyntax])
    /// `T?`
    case optional(TypeSyntax)
    /// `{ a: int, b: string? }`
    case record([Field])
  }

  package struct Field: Sendable {
    package var documentation: String?
    package var name: Name
    package var type: TypeSyntax
    /// `where e`: what holds of the value, `self`.
    package var refinement: ExpressionSyntax?
    package var range: SourceRange
  }

  package var kind: Kind
  package var range: SourceRange

  package init(_ kind: Kind, at range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}
