/// `test "what holds" { … }`
package struct TestDeclaration: Sendable {
  package var documentation: String?
  package var name: String
  /// Of the name with its quotes.
  package var nameRange: SourceRange
  package var items: [TestItem]
  package var range: SourceRange
}

/// What stands in a test.
package indirect enum TestItem: Sendable {
  case mock(MockItem)
  /// `decide gate -> { … } at d`
  case decide(AnswerItem)
  /// `send signal("name") -> e at d`
  case send(AnswerItem)
  /// `clock e`
  case clock(ExpressionSyntax, SourceRange)
  case fire(FireItem)
  case crash(CrashItem)
  case run(RunItem)
  /// `expect e`
  case expect(ExpressionSyntax, SourceRange)
  /// Text in which the parser found no item; it has said so.
  case unreadable(SourceRange)

  package var range: SourceRange {
    switch self {
    case .mock(let item): item.range
    case .decide(let item), .send(let item): item.range
    case .clock(_, let range), .expect(_, let range), .unreadable(let range): range
    case .fire(let item): item.range
    case .crash(let item): item.range
    case .run(let item): item.range
    }
  }
}

/// `mock http.get(url: e) -> e at d`, `mock http.get throws timeout`
package struct MockItem: Sendable {
  package enum Outcome: Sendable {
    case value(ExpressionSyntax)
    case error(Name)
  }

  package var path: Path
  /// The calls that are meant; nil for all of them.
  package var arguments: [Argument]?
  package var outcome: Outcome
  package var at: ExpressionSyntax?
  package var range: SourceRange
}

/// `decide path -> e at d`, `send path(…) -> e at d`
package struct AnswerItem: Sendable {
  package var path: Path
  package var arguments: [Argument]?
  package var value: ExpressionSyntax
  package var at: ExpressionSyntax?
  package var range: SourceRange
}

/// `fire name at d`
package struct FireItem: Sendable {
  package var name: Name
  package var at: ExpressionSyntax?
  package var range: SourceRange
}

/// `crash before path at d`, `crash after path`
package struct CrashItem: Sendable {
  package var isAfter: Bool
  package var path: Path
  package var at: ExpressionSyntax?
  package var range: SourceRange
}

/// `run r = workflow(…)`
package struct RunItem: Sendable {
  package var name: Name
  package var call: Call
  package var range: SourceRange
}
