/// An expression as written.
package struct ExpressionSyntax: Sendable {
  /// Only what holds expressions or a name's range is behind a pointer, so that leaves cost no allocation.
  package enum Kind: Sendable {
    /// The text has no expression here; the parser has said so.
    case missing
    case literal(Literal)
    /// A bare identifier.
    case name(String)
    /// `e.field`, or `e.?field` when `optional`.
    indirect case select(ExpressionSyntax, field: Name, optional: Bool)
    /// `e[i]`, or `e[?i]` when `optional`.
    indirect case index(ExpressionSyntax, ExpressionSyntax, optional: Bool)
    /// `f(…)`
    indirect case call(Name, [Argument])
    /// `e.f(…)`; whether `e.f` is a qualified function or a method of a value is the checker's to say.
    indirect case method(ExpressionSyntax, Name, [Argument])
    indirect case unary(UnaryOperator, ExpressionSyntax)
    indirect case binary(BinaryOperator, ExpressionSyntax, ExpressionSyntax)
    /// `c ? a : b`
    indirect case conditional(ExpressionSyntax, ExpressionSyntax, ExpressionSyntax)
    case list([Element])
    /// `{ a: e }` with bare words as keys.
    case record([Field])
    /// `{ "a": e }`
    case map([Entry])
    /// `{}`: a record, a map or json, as the expected type says.
    case emptyBraces
    /// `"a ${e} b"`
    case interpolation([Segment])
    /// `match e { p => e, … }` as a value
    indirect case match(ExpressionSyntax, [MatchArm])
    /// `e as T`
    indirect case cast(ExpressionSyntax, TypeSyntax)
    /// `(e)`, kept so that the text can be printed back.
    indirect case parenthesized(ExpressionSyntax)
  }

  package enum Literal: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The magnitude; at most 2^63, and 2^63 only directly under a minus.
    case int(UInt64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    /// A duration literal in milliseconds.
    case duration(Int64)
    /// A size literal in bytes.
    case size(Int64)
  }

  /// An element of a list literal, `?e` when `optional`.
  package struct Element: Sendable {
    package var value: ExpressionSyntax
    package var optional: Bool

    package init(value: ExpressionSyntax, optional: Bool) {
      self.value = value
      self.optional = optional
    }
  }

  /// `name: e` in a record literal, `?name: e` when `optional`.
  package struct Field: Sendable {
    package var name: Name
    package var value: ExpressionSyntax
    package var optional: Bool
  }

  /// `k: e` in a map literal, `?k: e` when `optional`.
  package struct Entry: Sendable {
    package var key: ExpressionSyntax
    package var value: ExpressionSyntax
    package var optional: Bool
  }

  /// `p | q => e`
  package struct MatchArm: Sendable {
    package var patterns: [Pattern]
    package var value: ExpressionSyntax
    package var range: SourceRange
  }

  /// What an arm of a `match` is for.
  package struct Pattern: Sendable {
    package enum Kind: Sendable {
      /// `_`
      case anything
      /// A literal, negated by a `-` before it.
      case literal(Literal, negated: Bool)
      /// A member of an enum, `none` or `some`: `pro`, `Tier.pro`.
      case member(Path)
    }

    package var kind: Kind
    package var range: SourceRange
  }

  package enum Segment: Sendable {
    /// Decoded text between placeholders.
    case text(String)
    case expression(ExpressionSyntax)
  }

  package var kind: Kind
  package var range: SourceRange

  package init(_ kind: Kind, at range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

package enum UnaryOperator: String, Sendable, Hashable {
  case not = "!"
  case negate = "-"
}

package enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
  case or = "||"
  case and = "&&"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case membership = "in"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"

  /// Its place among all.
  package var index: Int {
    switch self {
    case .or: 0
    case .and: 1
    case .less: 2
    case .lessOrEqual: 3
    case .greater: 4
    case .greaterOrEqual: 5
    case .equal: 6
    case .notEqual: 7
    case .membership: 8
    case .add: 9
    case .subtract: 10
    case .multiply: 11
    case .divide: 12
    case .remainder: 13
    }
  }
}
