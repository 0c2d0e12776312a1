/// Signatures: parameters, type parameters, and the clauses of a node.
extension Parser {
  /// `node path<T>(…) -> R` and its clauses
  mutating func parseNode() -> NodeDeclaration {
    let documentation = takeDocumentation()
    let start = token.start
    advance()
    let path = parsePath("the name of the node")
    var node = NodeDeclaration(
      documentation: documentation, path: path, typeParameters: [], parameters: [],
      result: TypeSyntax(.missing, at: gap), errors: [], range: range(from: start))
    if token.kind == .less, !isRecovering { node.typeParameters = parseTypeParameters() }
    if !isRecovering { node.parameters = parseParameters(of: path.names[path.names.count - 1]) }
    skipToSignatureEnd()
    if let result = parseResult() {
      node.result = result
    } else if !isRecovering {
      node.result.range = gap
      complain(.missingResult(found: found))
      if !isAtNodeClause, !isOnNewLine, token.kind != .endOfFile { isRecovering = true }
    }
    if isRecovering, isAtStrongClause { isRecovering = false }
    parseNodeClauses(of: &node)
    node.range = range(from: start)
    return node
  }

  private var isAtNodeClause: Bool {
    isAt(.effect) || isAt(.throws) || isAt(.uses) || isAt(.timeout) || token.kind == .assign
  }

  private mutating func parseNodeClauses(of node: inout NodeDeclaration) {
    var seen: Set<Word> = []
    while !isRecovering, isAtNodeClause {
      let clause = token
      if clause.kind == .assign {
        if node.program != nil { complain(.repeatedProgram(at: range(clause))) }
        advance()
        node.program = isRecovering ? nil : parseCall("what runs the node, as in `exec(\"./score.py\")`")
        continue
      }
      if !seen.insert(clause.word).inserted { complain(.repeatedClause(clause.word, of: "node", at: range(clause))) }
      advance()
      if clause.word == .effect {
        node.effect = parseWord("an effect: pure, read, idempotent, keyed, transactional or once")
      } else if clause.word == .throws {
        repeat { node.errors.append(parseWord("the name of an error")) } while !isRecovering && consume(.comma)
      } else if clause.word == .uses {
        node.uses = parseCall("a resource such as `slots(\"http\")`")
      } else {
        node.timeout = parseTimeout()
      }
    }
  }

  /// The `(e)` of `timeout(e)`.
  private mutating func parseTimeout() -> ExpressionSyntax? {
    let opener = token
    guard consume(.leftParen) else {
      fail(.expected("`(` and a duration, as in `timeout(30s)`", found: found))
      return nil
    }
    var timeout: ExpressionSyntax?
    parseElements(until: .rightParen, of: opener) { parser in
      if timeout != nil { parser.complain(.severalTimeouts(at: parser.range(parser.token))) }
      let value = parser.parseExpression()
      if timeout == nil { timeout = value }
    }
    if timeout == nil {
      complain(.expected("a duration", found: Found(text: "`()`", range: range(from: opener.start))))
    }
    return timeout
  }

  /// `"<" Name { "," Name } ">"`
  mutating func parseTypeParameters() -> [Name] {
    let opener = token
    advance()
    var names: [Name] = []
    repeat {
      if token.kind == .greater {
        if names.isEmpty { complain(.expected("the name of a type parameter", found: foundToken)) }
        break
      }
      names.append(parseName("the name of a type parameter"))
    } while !isRecovering && consume(.comma)
    skipToAngle()
    if token.kind == .greaterOrEqual {
      cursor.splitMark(leaving: .assign)
    } else if !consume(.greater) {
      failUnclosed(opener, .greater)
    }
    return names
  }

  /// `( name: Type @annotation(…) = default, … )`
  /// - takesReceiver: whether the first may be `self`
  mutating func parseParameters(of name: Name, takesReceiver: Bool = false) -> [Parameter] {
    let opener = token
    guard opener.kind == .leftParen, !isOnNewLine else {
      if opener.kind == .leftBrace || opener.kind == .arrow {
        complain(.missingParameters(name.text, gap: gap))
      } else {
        fail(.expected("`(` and the parameters", found: found))
      }
      return []
    }
    advance()
    var parameters: [Parameter] = []
    parseElements(until: .rightParen, of: opener, names: true) { parser in
      parameters.append(parser.parseParameter(mayBeReceiver: takesReceiver && parameters.isEmpty))
    }
    return parameters
  }

  mutating func parseParameter(mayBeReceiver: Bool = false) -> Parameter {
    let documentation = takeDocumentation()
    let start = token.start
    let name = mayBeReceiver && token.word == .selfWord ? parseWord("the receiver") : parseParameterName()
    expectTypeColon(of: name)
    var parameter = Parameter(
      documentation: documentation, name: name, type: TypeSyntax(.missing, at: gap), annotations: [],
      range: range(from: start))
    if !isRecovering { parameter.type = parseType() }
    while !isRecovering, token.kind == .at { parameter.annotations.append(parseAnnotation()) }
    if !isRecovering, consumeAssignBeforeValue() { parameter.defaultValue = parseExpression() }
    parameter.refinement = parseWhere()
    parameter.range = range(from: start)
    return parameter
  }

  /// The `=` before a literal or list; nothing but the value is a mistake that it reads past.
  mutating func consumeAssignBeforeValue() -> Bool {
    if consume(.assign) { return true }
    let isValue = token.kind.startsElement && token.kind != .identifier && token.kind != .quotedName
    if !isValue || token.isOnNewLine || token.kind.isOpener { return false }
    complain(.missingAssign(at: range(token), gap: gap))
    return true
  }

  /// The `:` before a type; nothing but the type is a mistake that it reads past.
  mutating func expectTypeColon(of name: Name) {
    if isRecovering || consume(.colon) { return }
    let isType = token.kind == .leftBrace || token.kind == .identifier && peek().kind != .colon
    if isType, !token.isOnNewLine, !isAtStrongClause { return complain(.missingColon(at: range(token), gap: gap)) }
    fail(.expected(name.isMissing ? "`:` and a type" : "`:` and the type of `\(name.text)`", found: found))
  }

  private mutating func parseParameterName() -> Name {
    if token.kind == .quotedName { return parseFieldName("a parameter") }
    return parseName("the name of a parameter")
  }

  /// `@word` or `@word(…)`
  private mutating func parseAnnotation() -> Call {
    let start = token.start
    advance()
    let path = Path([parseWord("the name of an annotation")])
    let arguments = token.kind == .leftParen && !isRecovering ? parseArguments() : []
    return Call(path: path, arguments: arguments, range: range(from: start))
  }
}
