/// The top level of a file.
extension Parser {
  mutating func parseModule() -> Module {
    var declarations: [Declaration] = []
    while token.kind != .endOfFile {
      let start = position
      if let declaration = parseDeclaration() { declarations.append(declaration) }
      endDeclaration()
      if position == start { advance() }
    }
    if !hasErrors {
      for range in documentation.misplaced(in: file.id) { add(.misplacedDocumentation(at: range)) }
    }
    return Module(file: file.id, declarations: declarations, comments: documentation.remaining(in: file.id))
  }

  /// The `///` text before the token.
  mutating func takeDocumentation() -> String? {
    guard token.flags.contains(.documented) else { return nil }
    return documentation.take(from: previousEnd, to: token.start, of: bytes)
  }

  private mutating func parseDeclaration() -> Declaration? {
    (missingBraces, surplusBraces) = (0, 0)
    if let declaration = parseDeclaration(token.word) { return declaration }
    if token.word.roles.contains(.unsupportedDeclaration) {
      complain(.unsupported(token.word.rawValue, at: range(token)))
      _ = takeDocumentation()
      advance()
      skipToDeclaration()
      return nil
    }
    if token.kind == .identifier, !token.word.startsItem, peek().kind == .identifier,
      let meant = Spelling.declaration(meantBy: text(token))
    {
      complain(.misspelt(text(token), meant, "a declaration", at: range(token)))
      return parseDeclaration(meant)
    }
    failOutsideDeclarations()
    return nil
  }

  private mutating func parseDeclaration(_ word: Word) -> Declaration? {
    if word == .type { return .type(parseTypeDeclaration()) }
    if word == .enumeration { return .enumeration(parseEnum()) }
    if word == .node { return .node(parseNode()) }
    if word == .workflow { return .workflow(parseWorkflow()) }
    if word == .secret { return .secret(parseSecret()) }
    if word == .connection { return parseConnection() }
    if word == .const { return .constant(parseConstant()) }
    if word == .func { return .function(parseFunction()) }
    return nil
  }

  private mutating func failOutsideDeclarations() {
    if token.kind == .rightBrace {
      fail(.strayBrace(at: range(token)))
    } else if isAtItemWord {
      fail(.itemOutsideWorkflow(token.word, at: range(token), after: previousEnd > 0 ? gapBefore : nil))
    } else {
      fail(.expectedDeclaration(found: foundToken))
    }
  }

  /// The last byte of the token before.
  private var gapBefore: SourceRange { SourceRange(file: file.id, start: previousEnd - 1, end: previousEnd) }

  /// `type Name = T`
  private mutating func parseTypeDeclaration() -> TypeDeclaration {
    let documentation = takeDocumentation()
    let start = token.start
    advance()
    let name = parseName("the name of the type")
    if token.kind == .less {
      complain(.unsupported("type parameters of a type", at: range(token)))
      _ = parseTypeParameters()
    }
    if token.kind == .leftBrace, !isRecovering, !isOnNewLine {
      complain(.missingAssign(at: range(token), gap: gap))
    } else {
      expect(.assign, "`=` and a type")
    }
    let type = isRecovering ? TypeSyntax(.missing, at: gap) : parseType()
    if isAt(.where) {
      complain(.unsupported("where", at: range(token)))
      skipToDeclaration()
    }
    return TypeDeclaration(documentation: documentation, name: name, type: type, range: range(from: start))
  }

  /// `enum Name { a, b = "wire" }`
  private mutating func parseEnum() -> EnumDeclaration {
    let documentation = takeDocumentation()
    let start = token.start
    advance()
    let name = parseName("the name of the enum")
    if token.kind == .assign, peek().kind == .leftBrace {
      complain(.needlessAssign(at: range(token)))
      advance()
    }
    var members: [EnumDeclaration.Member] = []
    let opener = token
    expect(.leftBrace, "`{` and the members of the enum")
    if !isRecovering {
      parseElements(until: .rightBrace, of: opener, lines: true, names: true) { parser in
        members.append(parser.parseMember())
      }
    }
    return EnumDeclaration(documentation: documentation, name: name, members: members, range: range(from: start))
  }

  /// `name [ "=" STRING ]`
  private mutating func parseMember() -> EnumDeclaration.Member {
    let documentation = takeDocumentation()
    let name = parseName("the name of a member")
    var wireName: String?
    if !isRecovering, consumeAssignBeforeValue() {
      if token.kind == .string {
        wireName = decodedText(token)
        advance()
      } else {
        fail(.expected("a text in quotes without `${…}`", found: found))
      }
    }
    return EnumDeclaration.Member(documentation: documentation, name: name, wireName: wireName)
  }

  /// `workflow name(…) -> T { … }`
  private mutating func parseWorkflow() -> WorkflowDeclaration {
    let documentation = takeDocumentation()
    let keyword = token
    advance()
    let name = parseName("the name of the workflow")
    let parameters = parseParameters(of: name)
    skipToSignatureEnd()
    let result = parseResult()
    while !isRecovering, isAt(.throws) || isAt(.was) { skipUnsupportedClause() }
    if token.kind == .leftBrace { countBraces(of: keyword) }
    let body = parseBlock(of: keyword)
    return WorkflowDeclaration(
      documentation: documentation, name: name, parameters: parameters, result: result, body: body,
      range: range(from: keyword.start))
  }

  /// `-> T`; a type without the arrow is a mistake that it reads past.
  mutating func parseResult() -> TypeSyntax? {
    if isRecovering { return nil }
    if consume(.arrow) { return parseType() }
    let isType =
      token.kind == .leftBrace
      ? peek().kind == .identifier && peek(2).kind == .colon
      : token.kind == .identifier && !isOnNewLine && !isAtStrongClause && !isAt(.throws) && !isAt(.was)
        && !isAt(.timeout)
    if !isType { return nil }
    complain(.missingArrow(at: range(token), gap: gap))
    return parseType()
  }

  // MARK: Names

  /// Whether the token is one that follows names, so that only the name is missing.
  private var followsNames: Bool {
    token.kind == .assign || token.kind == .colon || token.kind == .leftBrace
      || token.kind == .leftParen || token.kind == .less
  }

  /// A name that the text binds; reserved words are reported and taken.
  mutating func parseName(_ what: String) -> Name {
    let name = token
    if name.kind == .quotedName {
      complain(.backtickedName(text(name), at: range(name)))
      advance()
      return Name(String(text(name).dropFirst().prefix { $0 != "`" }), at: range(name))
    }
    guard name.kind == .identifier, !isAtItemInsideBrackets, !isAtDeclaration else {
      if followsNames, !isOnNewLine {
        complain(.expected(what, found: found))
      } else {
        fail(.expected(what, found: found))
      }
      return missingName
    }
    if name.word.isReserved { complain(.reservedName(text(name), at: range(name))) }
    advance()
    return Name(text(name), at: range(name))
  }
}
