/// What stands in a workflow's body.
extension Parser {
  /// The item at the token; nil where there is none or one that is not supported.
  mutating func parseItem() -> Item? {
    let word = token.word
    if word != .none, let item = parseItem(word) { return item }
    if isAtHeader {
      fail(.misplacedHeader(word, at: range(token)))
      _ = takeDocumentation()
      advance()
      return nil
    }
    return parseMistakenItem()
  }

  /// Whether a part of a workflow's header, or its `finally`, starts here.
  var isAtHeader: Bool {
    guard token.word.roles.contains(.header) else { return false }
    let next = peek()
    return next.kind == .identifier || next.kind == .leftBrace
  }

  private mutating func parseItem(_ word: Word) -> Item? {
    if word == .let { return .letBinding(parseLet()) }
    if word == .step { return .step(parseStep()) }
    if word == .wait { return .wait(parseWait()) }
    if word == .approval { return .approval(parseApproval()) }
    if word == .if { return .conditional(parseIf()) }
    if word == .match { return .selection(parseMatchItem()) }
    if word == .for { return .loop(parseFor()) }
    if word == .repeat { return .iteration(parseRepeat()) }
    if word == .sequence { return .sequence(parseSequence()) }
    if word == .try { return .attempt(parseTry()) }
    if word == .assert { return .assertion(parseAssert()) }
    if word == .fail { return .failure(parseFail()) }
    if word == .output { return .output(parseOutput()) }
    return nil
  }

  /// A word that is no item: one that is misspelt or of another language, a value without `let`, a bare call.
  private mutating func parseMistakenItem() -> Item? {
    guard token.kind == .identifier else { return parseBareBlock() }
    let next = peek()
    if let loop = parseLoopWithoutKeyword() { return loop }
    if next.kind == .assign, !next.isOnNewLine, !token.word.isReserved, isAtNodeCall(2) {
      complain(.missingStep(text(token), at: range(token)))
      return .step(parseStep(hasKeyword: false))
    }
    if next.kind == .assign || next.kind == .colon, !next.isOnNewLine, !token.word.isReserved {
      complain(.missingLet(text(token), at: range(token)))
      let item = parseLet(hasKeyword: false)
      guard isOnNewLine || token.kind == .rightBrace else {
        // It was meant as something else, which may bind more names.
        isRecovering = true
        return nil
      }
      return .letBinding(item)
    }
    let startsOperand = next.kind.startsElement && next.kind != .leftParen && next.kind != .leftBracket
    if startsOperand, !next.isOnNewLine, let meant = Spelling.item(meantBy: text(token)) {
      complain(.misspelt(text(token), meant, "an item", at: range(token)))
      if let item = parseItem(meant) { return item }
      advance()
      return nil
    }
    fail(.unknownItem(text(token), at: range(token), isCall: next.kind == .leftParen || next.kind == .dot))
    return nil
  }

  /// A block, or a record, whose keyword is missing.
  private mutating func parseBareBlock() -> Item? {
    fail(.expectedItem(found: foundToken))
    guard token.kind == .leftBrace, token.isOnNewLine else { return nil }
    if peek().kind == .identifier, peek(2).kind == .colon {
      _ = parseValue()
      return nil
    }
    let start = token
    let body = parseBlock(of: start)
    guard isAt(.catch), !token.isOnNewLine else {
      return .sequence(SequenceItem(body: body, range: range(from: start.start)))
    }
    return .attempt(parseCatch(of: body, from: start))
  }

  /// `v in e { … }` or `i, v in e { … }`
  private mutating func parseLoopWithoutKeyword() -> Item? {
    let hasIndex = peek().kind == .comma && peek(2).kind == .identifier
    let word = peek(hasIndex ? 3 : 1)
    guard word.word == .in, !word.isOnNewLine, !token.word.isReserved, endsLineWithBrace else { return nil }
    complain(.missingFor(text(token), at: range(token)))
    return .loop(parseFor(hasKeyword: false))
  }

  /// Whether the last token of the line is `{`.
  private var endsLineWithBrace: Bool {
    var last = token
    for distance in 1..<1_000 {
      let next = peek(distance)
      if next.isOnNewLine || next.kind == .endOfFile { return last.kind == .leftBrace }
      last = next
    }
    return false
  }

  /// Whether a call with labels stands there, which only nodes have.
  private func isAtNodeCall(_ distance: Int) -> Bool {
    var distance = distance
    guard peek(distance).kind == .identifier else { return false }
    while peek(distance + 1).kind == .dot, peek(distance + 2).kind == .identifier { distance += 2 }
    return peek(distance + 1).kind == .leftParen && peek(distance + 2).kind == .identifier
      && peek(distance + 3).kind == .colon
  }

  /// `let x: T = e`
  private mutating func parseLet(hasKeyword: Bool = true) -> LetItem {
    let documentation = takeDocumentation()
    let start = token.start
    if hasKeyword { advance() }
    let name = parseName("the name of the value")
    let type = !isRecovering && consume(.colon) ? parseType() : nil
    expectAssign("`=` and a value")
    untypedLet = type == nil ? name.range.end : nil
    let value = parseValue()
    untypedLet = nil
    return LetItem(documentation: documentation, name: name, type: type, value: value, range: range(from: start))
  }

  /// `step x = node(…)` and its clauses
  private mutating func parseStep(hasKeyword: Bool = true) -> StepItem {
    let documentation = takeDocumentation()
    let keyword = token
    if hasKeyword { advance() }
    let name = parseName("the name of the step")
    expectAssign("`=` and a call")
    let call = parseStepCall(keyword)
    let clauses = parseClauses(of: .step)
    return StepItem(
      documentation: documentation, name: name, call: call, resultType: clauses.resultType, after: clauses.after,
      requires: clauses.requires, policies: clauses.policies, was: clauses.was, range: range(from: keyword.start))
  }

  private mutating func parseStepCall(_ keyword: Token) -> Call {
    if !isRecovering, token.kind != .identifier || token.word.isReserved, token.kind.startsElement, !isOnNewLine {
      fail(.stepWithoutCall(keyword: range(keyword), found: found))
    }
    if isRecovering { return missingCall }
    return parseCall("the node that the step calls")
  }

  /// `if c { … } else { … }`
  private mutating func parseIf(hasKeyword: Bool = true) -> IfItem {
    let keyword = token
    if hasKeyword { advance() }
    let condition = parseHeaderExpression("a condition")
    let thenBlock = parseBlock(of: keyword)
    var elseBlock: Block?
    if isAt(.else), !isRecovering || token.isOnNewLine { elseBlock = parseElse() }
    return IfItem(
      condition: condition, thenBlock: thenBlock, elseBlock: elseBlock, range: range(from: keyword.start))
  }

  private mutating func parseElse() -> Block {
    let keyword = token
    isRecovering = false
    advance()
    let hasIf = token.word == .if
    if isOnNewLine || !hasIf && !token.kind.startsElement || token.kind == .leftBrace {
      return parseBlock(of: keyword)
    }
    if !hasIf { complain(.elseWithoutIf(at: range(token))) }
    guard enter() else {
      skipToItem()
      return Block(items: [], range: gap)
    }
    defer { leave() }
    let item = parseIf(hasKeyword: hasIf)
    return Block(items: [.conditional(item)], range: item.range)
  }

  /// `for i, v in e` and its clauses `{ … }`
  private mutating func parseFor(hasKeyword: Bool = true) -> ForItem {
    let keyword = token
    if hasKeyword { advance() }
    var variable = parseLoopName()
    var index: Name?
    if !isRecovering, consume(.comma) {
      index = variable
      variable = parseLoopName()
    }
    if !isRecovering {
      if token.word == .in { advance() } else { fail(.expected("`in` and a list or map", found: found)) }
    }
    let sequence = parseHeaderExpression("a list or map")
    let clauses = parseClauses(of: .for)
    let body = parseBlock(of: keyword)
    return ForItem(
      index: index, variable: variable, sequence: sequence, after: clauses.after, policies: clauses.policies,
      collect: clauses.collect, was: clauses.was, body: body, range: range(from: keyword.start))
  }

  private mutating func parseLoopName() -> Name {
    guard token.word == .in, peek().word != .in else { return parseName("the name of the element") }
    complain(.expected("the name of the element", found: found))
    return missingName
  }

  /// `sequence { … }`
  private mutating func parseSequence() -> SequenceItem {
    let keyword = token
    advance()
    let body = parseBlock(of: keyword)
    return SequenceItem(body: body, range: range(from: keyword.start))
  }

  /// `assert c, "why"`
  private mutating func parseAssert() -> AssertItem {
    let start = token.start
    advance()
    let condition = parseValue()
    let message = parseMessage()
    return AssertItem(condition: condition, message: message, range: range(from: start))
  }

  private mutating func parseMessage() -> ExpressionSyntax {
    if !isRecovering, consume(.comma) { return parseValue() }
    if isOnNewLine || token.kind == .rightBrace || token.kind == .endOfFile {
      complain(.missingMessage(gap: gap))
    } else {
      fail(.expected("`,` and a message", found: found))
    }
    return ExpressionSyntax(.missing, at: gap)
  }

  /// `fail kind, "why"`
  private mutating func parseFail() -> FailItem {
    let start = token.start
    advance()
    var kind: Name?
    if token.kind == .identifier, peek().kind == .comma, !isOnNewLine {
      kind = parseName("the kind of failure")
      advance()
    }
    let message = parseValue()
    return FailItem(kind: kind, message: message, range: range(from: start))
  }

  /// `output e`
  private mutating func parseOutput() -> OutputItem {
    let start = token.start
    advance()
    let value = parseValue()
    return OutputItem(value: value, range: range(from: start))
  }
}
