/// `{ item … }`
package struct Block: Sendable {
  package var items: [Item]
  /// With its braces.
  package var range: SourceRange
}

/// What can stand in a workflow's body.
package indirect enum Item: Sendable {
  case letBinding(LetItem)
  case step(StepItem)
  case conditional(IfItem)
  case loop(ForItem)
  case sequence(SequenceItem)
  case assertion(AssertItem)
  case failure(FailItem)
  case output(OutputItem)

  package var range: SourceRange {
    switch self {
    case .letBinding(let item): item.range
    case .step(let item): item.range
    case .conditional(let item): item.range
    case .loop(let item): item.range
    case .sequence(let item): item.range
    case .assertion(let item): item.range
    case .failure(let item): item.range
    case .output(let item): item.range
    }
  }
}

/// `let x: T = e`
package struct LetItem: Sendable {
  package var documentation: String?
  package var name: Name
  package var type: TypeSyntax?
  package var value: ExpressionSyntax
  package var range: SourceRange
}

/// `step x = node(…)` and its clauses
package struct StepItem: Sendable {
  package var documentation: String?
  package var name: Name
  package var call: Call
  /// `as T`
  package var resultType: TypeSyntax?
  package var after: [Path]
  /// `with p(…), q(…)`
  package var policies: [Call]
  package var range: SourceRange
}

/// `if c { … } else { … }`; an `else if` is an else block of one conditional item.
package struct IfItem: Sendable {
  package var condition: ExpressionSyntax
  package var thenBlock: Block
  package var elseBlock: Block?
  package var range: SourceRange
}

/// `for i, v in e with … collect f { … }`
package struct ForItem: Sendable {
  /// The index in a list or the key in a map; nil when only the value is named.
  package var index: Name?
  package var variable: Name
  package var sequence: ExpressionSyntax
  package var after: [Path]
  package var policies: [Call]
  package var collect: Name?
  package var body: Block
  package var range: SourceRange
}

/// `sequence { … }`
package struct SequenceItem: Sendable {
  package var body: Block
  package var range: SourceRange
}

/// `assert c, "why"`
package struct AssertItem: Sendable {
  package var condition: ExpressionSyntax
  package var message: ExpressionSyntax
  package var range: SourceRange
}

/// `fail kind, "why"`
package struct FailItem: Sendable {
  package var kind: Name?
  package var message: ExpressionSyntax
  package var range: SourceRange
}

/// `output e`
package struct OutputItem: Sendable {
  package var value: ExpressionSyntax
  package var range: SourceRange
}

/// `path(arguments)`: the target of a step, a policy, an annotation.
package struct Call: Sendable {
  package var path: Path
  package var arguments: [Argument]
  package var range: SourceRange

  package init(path: Path, arguments: [Argument], range: SourceRange) {
    self.path = path
    self.arguments = arguments
    self.range = range
  }
}

/// `e` or `name: e`. Positional arguments stand before named ones.
package struct Argument: Sendable {
  package var label: Name?
  package var value: ExpressionSyntax

  package var range: SourceRange { label.map { $0.range.joined(with: value.range) } ?? value.range }
}
