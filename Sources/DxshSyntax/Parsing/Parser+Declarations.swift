/// The top level of a file.
extension Parser {
  mutating func parseModule() -> Module {
    var declarations: [Declaration] = []
    while token.kind != .endOfFile {
      let start = position
      let first = token
      let declaration = parseDeclaration()
      endDeclaration()
      if position == start { advance() }
      declarations.append(declaration ?? .unreadable(range(from: first.start)))
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
    if word == .import { return .importing(parseImport()) }
    if word == .defaults { return .defaults(parseDefaults()) }
    if word == .test { return .test(parseTest()) }
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
    let typeParameters = token.kind == .less && !isRecovering ? parseTypeParameters() : []
    if token.kind == .leftBrace, !isRecovering, !isOnNewLine {
      complain(.missingAssign(at: range(token), gap: gap))
    } else {
      expect(.assign, "`=` and a type")
    }
    let type = isRecovering ? TypeSyntax(.missing, at: gap) : parseType()
    if isAt(.where), !isRecovering {
      complain(.refinedAlias(at: range(token)))
      _ = parseWhere()
    }
    return TypeDeclaration(
      documentation: documentation, name: name, typeParameters: typeParameters, type: type, range: range(from: start))
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
    return EnumDeclaration.Member(
      documentation: documentation, name: name, wireName: wireName, range: range(from: name.range.start))
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
