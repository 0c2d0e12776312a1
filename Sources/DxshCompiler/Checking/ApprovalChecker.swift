import DxshExpressions
import DxshSyntax

/// Checks what an approval says of itself, as far as its fields are literals: who can decide, how many have to, and
/// what its time limit does. An approval never opens by itself, and none waits for ever.
struct ApprovalChecker {
  let session: CheckSession

  /// Returns whether it has no error.
  func check(_ item: ApprovalItem) -> Bool {
    let errors = session.errorCount
    let areKnown = FieldChecker(session: session).check(item.fields, FieldNames.approval, of: "an approval")
    if areKnown, item.fields.value(of: "timeout") == nil { session.report(.approvalWithoutDeadline(item.name)) }
    checkQuorum(of: item)
    checkOutcomes(of: item)
    return session.errorCount == errors
  }

  // MARK: - Quorum

  private func checkQuorum(of item: ApprovalItem) {
    let approvers = item.fields.value(of: "approvers")
    let people = approvers.flatMap(people)
    if let approvers, people?.isEmpty == true { session.report(.noApprovers(at: approvers.range)) }
    for name in ["quorum", "reject_quorum"] {
      guard let value = item.fields.value(of: name), let count = value.whole else { continue }
      if count < 1 {
        session.report(.badPolicyValue("`\(name)` takes at least 1", at: value.range))
      } else if let people, !people.isEmpty, count > people.count, let approvers {
        session.report(.impossibleQuorum(name, count, people.count, at: value.range, approvers: approvers.range))
      }
    }
  }

  /// The distinct people of a list of texts and of `user("…")`; nil where a role or a name stands for others.
  private func people(_ syntax: ExpressionSyntax) -> Set<String>? {
    guard case .list(let elements) = syntax.kind else { return nil }
    var people: Set<String> = []
    for element in elements {
      switch element.value.kind {
      case .literal(.string(let name)): people.insert(name)
      case .call(let function, let arguments) where function.text == "user" && arguments.count == 1:
        guard case .literal(.string(let name)) = arguments[0].value.kind else { return nil }
        people.insert(name)
      default: return nil
      }
    }
    return people
  }

  // MARK: - Outcomes

  private func checkOutcomes(of item: ApprovalItem) {
    let opens = item.fields.value(of: "opens").map(outcomes) ?? []
    if case .name(let name)? = item.fields.value(of: "choices")?.kind, let declared = session.types.enums[name] {
      for outcome in opens where declared[outcome.text] == nil {
        session.report(.unknownMember(outcome.text, of: declared, at: outcome.range))
      }
    }
    guard let limit = item.fields.value(of: "on_timeout"), case .call(let function, let arguments) = limit.kind,
      function.text == "outcome", let chosen = arguments.first.map({ outcomes($0.value) })?.first
    else { return }
    if opens.contains(where: { $0.text == chosen.text }) {
      session.report(.approvalOpensByItself(chosen))
    }
  }

  private func outcomes(_ syntax: ExpressionSyntax) -> [Name] {
    switch syntax.kind {
    case .name(let name): [Name(name, at: syntax.range)]
    case .select(_, let field, _): [field]
    case .list(let elements): elements.flatMap { outcomes($0.value) }
    default: []
    }
  }
}

extension Diagnostic {
  fileprivate static func approvalWithoutDeadline(_ name: Name) -> Diagnostic {
    Diagnostic(
      .approvalWithoutDeadline, "the approval `\(name.text)` may wait for ever", at: name.range,
      help: "say how long: `timeout: 24h`; then it is refused, unless `on_timeout` says otherwise")
  }

  fileprivate static func approvalOpensByItself(_ outcome: Name) -> Diagnostic {
    Diagnostic(
      .approvalOpensByItself, "nobody has to decide: `\(outcome.text)` opens, and comes of itself in the end",
      at: outcome.range, help: "let the time limit end in an outcome that does not open, or in `reject`")
  }

  fileprivate static func noApprovers(at range: SourceRange) -> Diagnostic {
    Diagnostic(.impossibleQuorum, "nobody can decide this", at: range, help: "name at least one person or role")
  }

  fileprivate static func impossibleQuorum(
    _ field: String, _ count: Int, _ people: Int, at range: SourceRange, approvers: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .impossibleQuorum, "`\(field)` needs \(count), and only \(people) can decide", at: range,
      related: [Related(approvers, "these people")], help: "write at most \(people), or name more people")
  }
}
