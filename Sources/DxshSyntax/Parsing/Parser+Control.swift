/// Items that choose, repeat and handle failures.
extension Parser {
  /// `match e { p | q => { … } }`
  mutating func parseMatchItem() -> MatchItem {
    let keyword = token
    advance()
    let subject = parseHeaderExpression("the value that is matched")
    var arms: [MatchItem.Arm] = []
    _ = parseBlock(of: keyword) { parser in
      arms.append(parser.parseBlockArm())
      if parser.isRecovering { parser.endItem() } else { _ = parser.consume(.comma) }
    }
    return MatchItem(subject: subject, arms: arms, range: range(from: keyword.start))
  }

  /// `p | q => { … }`
  private mutating func parseBlockArm() -> MatchItem.Arm {
    let first = token
    let patterns = parsePatterns()
    expect(.doubleArrow, "`=>` and the block of the arm")
    if isRecovering, token.kind != .leftBrace {
      skipToItem()
      return MatchItem.Arm(patterns: patterns, body: Block(items: [], range: gap), range: range(from: first.start))
    }
    let body = parseBlock(of: first)
    return MatchItem.Arm(patterns: patterns, body: body, range: range(from: first.start))
  }

  /// `repeat s: T = e` and its clauses `{ …; next e while c }`
  mutating func parseRepeat() -> RepeatItem {
    let documentation = takeDocumentation()
    let keyword = token
    advance()
    let name = parseName("the name of the state")
    let type = !isRecovering && consume(.colon) ? parseType() : nil
    expectAssign("`=` and the first state")
    let initial = parseValue()
    let clauses = parseClauses(of: .repeat)
    var item = RepeatItem(
      documentation: documentation, name: name, type: type, initial: initial, after: clauses.after,
      policies: clauses.policies, was: clauses.was, body: Block(items: [], range: gap),
      next: ExpressionSyntax(.missing, at: gap), range: range(from: keyword.start))
    var next: SourceRange?
    item.body.range = parseBlock(of: keyword) { parser in
      let start = parser.token
      if let next { parser.complain(.itemAfterNext(at: parser.range(start), next)) }
      guard start.word == .next, parser.peek().kind != .assign, parser.peek().kind != .colon else {
        return item.body.items.append(parser.parseWholeItem())
      }
      next = parser.range(start)
      parser.parseNext(of: &item)
      parser.endItem()
    }
    item.range = range(from: keyword.start)
    if next == nil, !isRecovering { complain(.missingNext(at: range(keyword), gap: gap)) }
    return item
  }

  /// `next e while c`
  private mutating func parseNext(of item: inout RepeatItem) {
    advance()
    item.next = parseValue()
    if isAt(.while), !isRecovering {
      advance()
      item.condition = parseValue()
    }
  }

  /// `try { … } catch e { … }`
  mutating func parseTry() -> TryItem {
    let keyword = token
    advance()
    return parseCatch(of: parseBlock(of: keyword), from: keyword)
  }

  /// `catch e { … }`
  mutating func parseCatch(of body: Block, from keyword: Token) -> TryItem {
    let start = token
    guard isAt(.catch), !isRecovering || token.isOnNewLine else {
      if !isRecovering { complain(.missingCatch(at: range(keyword), gap: gap)) }
      if !isOnNewLine, token.kind == .identifier, peek().kind == .leftBrace {
        // Only the word is missing.
        let error = parseName("a name for the error")
        return TryItem(body: body, error: error, handler: parseBlock(of: start), range: range(from: keyword.start))
      }
      return TryItem(
        body: body, error: missingName, handler: Block(items: [], range: gap), range: range(from: keyword.start))
    }
    isRecovering = false
    advance()
    let error = token.kind == .leftBrace ? missingName : parseName("a name for the error")
    if token.kind == .leftBrace, error.isMissing { complain(.expected("a name for the error", found: found)) }
    let handler = parseBlock(of: start)
    return TryItem(body: body, error: error, handler: handler, range: range(from: keyword.start))
  }
}
