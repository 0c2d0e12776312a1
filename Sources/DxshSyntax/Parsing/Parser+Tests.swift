/// Imports and tests.
extension Parser {
  /// `import "path" as name`, `import "path" { A, b }`
  mutating func parseImport() -> ImportDeclaration {
    let documentation = takeDocumentation()
    let start = token.start
    advance()
    var declaration = ImportDeclaration(
      documentation: documentation, path: "", pathRange: gap, names: .listed([]), range: range(from: start))
    if let (text, place) = parseText("the path of a file in quotes, as in `\"./shared.dxsh\"`") {
      (declaration.path, declaration.pathRange) = (text, place)
    }
    if !isRecovering, isAt(.as) {
      advance()
      declaration.names = .alias(parseName("the name that stands for the file"))
    } else if !isRecovering, token.kind == .leftBrace, !isOnNewLine {
      let opener = token
      advance()
      var names: [Name] = []
      parseElements(until: .rightBrace, of: opener, lines: true, names: true) { parser in
        names.append(parser.parseName("a name of the file"))
      }
      if names.isEmpty { complain(.emptyImport(at: range(from: opener.start))) }
      declaration.names = .listed(names)
    } else {
      fail(.expected("`as` and a name, or `{` and the names that are meant", found: found))
    }
    declaration.range = range(from: start)
    return declaration
  }

  /// A text without placeholders, with the range of the literal.
  private mutating func parseText(_ what: String) -> (String, SourceRange)? {
    guard token.kind == .string else {
      fail(.expected(what, found: found))
      return nil
    }
    let literal = token
    advance()
    return (decodedText(literal), range(literal))
  }

  // MARK: Tests

  /// `test "what holds" { … }`
  mutating func parseTest() -> TestDeclaration {
    let documentation = takeDocumentation()
    let keyword = token
    advance()
    var test = TestDeclaration(
      documentation: documentation, name: "", nameRange: gap, items: [], range: range(from: keyword.start))
    if let (text, place) = parseText("what the test shows, in quotes") { (test.name, test.nameRange) = (text, place) }
    if token.kind == .leftBrace { countBraces(of: keyword) }
    _ = parseBlock(of: keyword) { parser in
      let start = parser.token.start
      let item = parser.parseTestItem()
      parser.endItem()
      test.items.append(item ?? .unreadable(parser.range(from: start)))
    }
    test.range = range(from: keyword.start)
    return test
  }

  private mutating func parseTestItem() -> TestItem? {
    let start = token.start
    let word = token.word
    if word == .mock { return .mock(parseMock()) }
    if word == .decide { return .decide(parseAnswer()) }
    if word == .send { return .send(parseAnswer()) }
    if word == .fire { return .fire(parseFire()) }
    if word == .crash { return .crash(parseCrash()) }
    if word == .run { return .run(parseRun()) }
    guard word == .clock || word == .expect else {
      fail(.expectedTestItem(found: foundToken))
      if isAtItemWord { advance() }
      return nil
    }
    advance()
    let value = parseValue()
    return word == .clock ? .clock(value, range(from: start)) : .expect(value, range(from: start))
  }

  /// `mock path(…) -> e at d`, `mock path throws kind`
  private mutating func parseMock() -> MockItem {
    let start = token.start
    advance()
    let path = parsePath("the node or workflow that is replaced")
    let arguments = token.kind == .leftParen && !isRecovering && !isOnNewLine ? parseArguments() : nil
    var outcome = MockItem.Outcome.value(ExpressionSyntax(.missing, at: gap))
    if !isRecovering, isAt(.throws) {
      advance()
      outcome = .error(parseWord("the name of an error"))
    } else {
      expect(.arrow, "`->` and the result, or `throws` and an error")
      outcome = .value(parseValue())
    }
    let at = parseAt()
    return MockItem(path: path, arguments: arguments, outcome: outcome, at: at, range: range(from: start))
  }

  /// `decide path -> e at d`, `send path(…) -> e at d`
  private mutating func parseAnswer() -> AnswerItem {
    let keyword = token
    advance()
    let path = parsePath(keyword.word == .decide ? "the name of an approval" : "`signal(\"name\")`")
    let arguments = token.kind == .leftParen && !isRecovering && !isOnNewLine ? parseArguments() : nil
    expect(.arrow, "`->` and the answer")
    let value = parseValue()
    let at = parseAt()
    return AnswerItem(path: path, arguments: arguments, value: value, at: at, range: range(from: keyword.start))
  }

  /// `fire name at d`
  private mutating func parseFire() -> FireItem {
    let start = token.start
    advance()
    let name = parseName("the name of a schedule or trigger")
    let at = parseAt()
    return FireItem(name: name, at: at, range: range(from: start))
  }

  /// `crash before path at d`
  private mutating func parseCrash() -> CrashItem {
    let start = token.start
    advance()
    let isAfter = token.word == .after
    if token.word == .before || token.word == .after {
      advance()
    } else {
      fail(.expected("`before` or `after` and the name of a step", found: found))
    }
    let path = isRecovering ? Path([missingName]) : parsePath("the name of a step")
    let at = parseAt()
    return CrashItem(isAfter: isAfter, path: path, at: at, range: range(from: start))
  }

  /// `run r = workflow(…)`
  private mutating func parseRun() -> RunItem {
    let start = token.start
    advance()
    let name = parseName("a name for the run")
    expectAssign("`=` and a call of a workflow")
    let call = isRecovering ? missingCall : parseCall("the workflow that is run")
    return RunItem(name: name, call: call, range: range(from: start))
  }

  /// `at d`
  private mutating func parseAt() -> ExpressionSyntax? {
    guard !isRecovering, isAt(.at), !isOnNewLine else { return nil }
    advance()
    return parseValue()
  }
}
