/// `{ item … }`
package struct Block: Sendable {
  package var items: [Item]
  /// With its braces.
  package var range: SourceRange

  package init(items: [Item], range: SourceRange) {
    self.items = items
    self.range = range
  }
}

/// What can stand in a workflow's body.
///
/// All behind one pointer.
package enum Item: Sendable {
  indirect case letBinding(LetItem)
  case step(StepItem)
  indirect case wait(WaitItem)
  indirect case approval(ApprovalItem)
  indirect case conditional(IfItem)
  indirect case selection(MatchItem)
  indirect case loop(ForItem)
  indirect case iteration(RepeatItem)
  indirect case sequence(SequenceItem)
  indirect case attempt(TryItem)
  indirect case assertion(AssertItem)
  indirect case failure(FailItem)
  indirect case output(OutputItem)
  /// Text in which the parser found no item; it has said so.
  indirect case unreadable(SourceRange)

  package var range: SourceRange {
    switch self {
    case .letBinding(let item): item.range
    case .step(let item): item.range
    case .wait(let item): item.range
    case .approval(let item): item.range
    case .conditional(let item): item.range
    case .selection(let item): item.range
    case .loop(let item): item.range
    case .iteration(let item): item.range
    case .sequence(let item): item.range
    case .attempt(let item): item.range
    case .assertion(let item): item.range
    case .failure(let item): item.range
    case .output(let item): item.range
    case .unreadable(let range): range
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

/// `step x = node(…)` and its clauses. Of all items there are the most of these, so that they are shared, not copied.
package final class StepItem: Sendable {
  package let name: Name
  package let range: SourceRange
  package let call: Call
  /// `with p(…), q(…)`
  package let policies: [Call]
  /// Nil for none.
  private let rest: Rest?

  package var documentation: String? { rest?.documentation }
  /// `as T`
  package var resultType: TypeSyntax? { rest?.resultType }
  package var after: [Path] { rest?.after ?? [] }
  /// `requires g, h`: the approvals that let the step start.
  package var requires: [Name] { rest?.requires ?? [] }
  /// `was old`: the name that it had in earlier versions.
  package var was: Name? { rest?.was }

  init(
    documentation: String?, name: Name, call: Call, resultType: TypeSyntax?, after: [Path], requires: [Name],
    policies: [Call], was: Name?, range: SourceRange
  ) {
    self.name = name
    self.range = range
    self.call = call
    self.policies = policies
    let hasMore = documentation != nil || resultType != nil || !after.isEmpty || !requires.isEmpty || was != nil
    rest =
      hasMore
      ? Rest(documentation: documentation, resultType: resultType, after: after, requires: requires, was: was) : nil
  }

  /// What few steps have, behind one pointer: a file may have a million steps.
  private final class Rest: Sendable {
    let documentation: String?
    let resultType: TypeSyntax?
    let after: [Path]
    let requires: [Name]
    let was: Name?

    init(documentation: String?, resultType: TypeSyntax?, after: [Path], requires: [Name], was: Name?) {
      self.documentation = documentation
      self.resultType = resultType
      self.after = after
      self.requires = requires
      self.was = was
    }
  }
}

/// `wait x = signal(…)`, `wait x = any { a: signal(…), b: delay(…) }` and its clauses
package struct WaitItem: Sendable {
  package enum Target: Sendable {
    case call(Call)
    case any([Alternative])
  }

  /// `name: call as T`
  package struct Alternative: Sendable {
    package var name: Name
    package var call: Call
    package var resultType: TypeSyntax?
    package var range: SourceRange
  }

  package var documentation: String?
  package var name: Name
  package var target: Target
  package var resultType: TypeSyntax?
  package var after: [Path]
  package var policies: [Call]
  package var was: Name?
  package var range: SourceRange
}

/// `approval x after a { field: e, …, form { … } }`
package struct ApprovalItem: Sendable {
  package var documentation: String?
  package var name: Name
  package var after: [Path]
  package var was: Name?
  package var fields: [FieldEntry]
  /// `form { name: T = e where c }`; nil without one.
  package var form: [Parameter]?
  /// From `form` to its `}`.
  package var formRange: SourceRange?
  package var range: SourceRange
}

/// `name: e` of an approval, a schedule, a trigger or `limits`
package struct FieldEntry: Sendable {
  package var name: Name
  package var value: ExpressionSyntax

  package var range: SourceRange { name.range.joined(with: value.range) }
}

/// `if c { … } else { … }`; an `else if` is an else block of one conditional item.
package struct IfItem: Sendable {
  package var condition: ExpressionSyntax
  package var thenBlock: Block
  package var elseBlock: Block?
  package var range: SourceRange
}

/// `match e { p | q => { … } }`
package struct MatchItem: Sendable {
  package struct Arm: Sendable {
    package var patterns: [ExpressionSyntax.Pattern]
    package var body: Block
    package var range: SourceRange
  }

  package var subject: ExpressionSyntax
  package var arms: [Arm]
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
  package var was: Name?
  package var body: Block
  package var range: SourceRange
}

/// `repeat s: T = e with max(n) { …; next e while c }`
package struct RepeatItem: Sendable {
  package var documentation: String?
  /// The state.
  package var name: Name
  package var type: TypeSyntax?
  package var initial: ExpressionSyntax
  package var after: [Path]
  package var policies: [Call]
  package var was: Name?
  /// Without `next`.
  package var body: Block
  /// `next e`
  package var next: ExpressionSyntax
  /// `while c`; without it the body runs as often as it may.
  package var condition: ExpressionSyntax?
  package var range: SourceRange
}

/// `try { … } catch e { … }`
package struct TryItem: Sendable {
  package var body: Block
  /// What the handler calls the error.
  package var error: Name
  package var handler: Block
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
  package var range: SourceRange
  package var arguments: [Argument]

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
