/// Items that wait for something outside: waits and approvals.
extension Parser {
  /// `wait x = signal(…)`, `wait x = any { … }` and its clauses
  mutating func parseWait() -> WaitItem {
    let documentation = takeDocumentation()
    let keyword = token
    advance()
    let name = parseName("the name of the wait")
    expectAssign("`=` and what is waited for, such as `delay(10m)`")
    let target = parseWaitTarget()
    let clauses = parseClauses(of: .wait)
    return WaitItem(
      documentation: documentation, name: name, target: target, resultType: clauses.resultType, after: clauses.after,
      policies: clauses.policies, was: clauses.was, range: range(from: keyword.start))
  }

  private mutating func parseWaitTarget() -> WaitItem.Target {
    if isRecovering { return .call(missingCall) }
    guard token.word == .any, peek().kind == .leftBrace else {
      return .call(parseCall("what is waited for, such as `delay(10m)` or `signal(\"name\")`"))
    }
    advance()
    let opener = token
    advance()
    var alternatives: [WaitItem.Alternative] = []
    parseElements(until: .rightBrace, of: opener, lines: true, names: true, types: false) { parser in
      alternatives.append(parser.parseAlternative())
    }
    return .any(alternatives)
  }

  /// `name: call as T`
  private mutating func parseAlternative() -> WaitItem.Alternative {
    let name = parseName("the name of what is waited for")
    expect(.colon, "`:` and what is waited for")
    let call = isRecovering ? missingCall : parseCall("what is waited for, such as `signal(\"name\")`")
    var resultType: TypeSyntax?
    if !isRecovering, isAt(.as) {
      advance()
      resultType = parseType()
    }
    return .init(name: name, call: call, resultType: resultType, range: range(from: name.range.start))
  }

  /// `approval x after a { … }`
  mutating func parseApproval() -> ApprovalItem {
    let documentation = takeDocumentation()
    let keyword = token
    advance()
    let name = parseName("the name of the approval")
    let clauses = parseClauses(of: .approval)
    let fields = parseFields(of: keyword, hasForm: true)
    return ApprovalItem(
      documentation: documentation, name: name, after: clauses.after, was: clauses.was, fields: fields.entries,
      form: fields.form, formRange: fields.formRange,
      range: range(from: keyword.start))
  }
}
