/// Constants and functions, and `match` as a value.
extension Parser {
  /// `const name: T = e`
  mutating func parseConstant() -> ConstantDeclaration {
    let documentation = takeDocumentation()
    let start = token.start
    advance()
    let name = parseName("the name of the constant")
    var type: TypeSyntax?
    if token.kind != .assign, !isRecovering {
      expectTypeColon(of: name)
      if !isRecovering { type = parseType() }
    }
    expectAssign("`=` and the value of the constant")
    let value = parseValue()
    return ConstantDeclaration(
      documentation: documentation, name: name, type: type, value: value, range: range(from: start))
  }

  /// `func name<T>(p: T) -> R = e`; without a body its first parameter may be `self`.
  mutating func parseFunction() -> FunctionDeclaration {
    let documentation = takeDocumentation()
    let start = token.start
    advance()
    let path = parsePath("the name of the function")
    var function = FunctionDeclaration(
      documentation: documentation, path: path, typeParameters: [], parameters: [],
      result: TypeSyntax(.missing, at: gap), errors: [], range: range(from: start))
    if token.kind == .less, !isRecovering { function.typeParameters = parseTypeParameters() }
    if !isRecovering {
      function.parameters = parseParameters(of: path.names[path.names.count - 1], takesReceiver: true)
    }
    skipToSignatureEnd()
    if let result = parseResult() {
      function.result = result
    } else if !isRecovering {
      function.result.range = gap
      complain(.missingResult(found: found))
    }
    if !isRecovering, isAt(.throws) {
      advance()
      repeat { function.errors.append(parseWord("the name of an error")) } while !isRecovering && consume(.comma)
    }
    if token.kind == .assign, !isRecovering {
      if let receiver = function.receiver { complain(.reservedName(receiver.name.text, at: receiver.name.range)) }
      advance()
      function.body = parseValue()
    }
    function.range = range(from: start)
    return function
  }

  // MARK: - Match

  /// `match e { p => e, … }` as a value
  mutating func parseMatch() -> ExpressionSyntax {
    let start = token.start
    advance()
    let subject = parseHeaderExpression("the value that is matched")
    var highest = height
    var arms: [ExpressionSyntax.MatchArm] = []
    let opener = token
    expect(.leftBrace, "`{` and the arms of the `match`")
    if !isRecovering {
      parseElements(until: .rightBrace, of: opener) { parser in
        arms.append(parser.parseArm())
        highest = max(highest, parser.height)
      }
    }
    height = highest
    return grow(.match(subject, arms), from: start)
  }

  /// `p | q => e`
  private mutating func parseArm() -> ExpressionSyntax.MatchArm {
    let start = token.start
    let patterns = parsePatterns()
    expect(.doubleArrow, "`=>` and the value of the arm")
    let value = parseValue()
    return ExpressionSyntax.MatchArm(patterns: patterns, value: value, range: range(from: start))
  }

  /// `p | q`
  mutating func parsePatterns() -> [ExpressionSyntax.Pattern] {
    var patterns = [parsePattern()]
    while !isRecovering, token.kind == .pipe || token.kind == .orOr {
      if token.kind == .orOr { complain(.expected("`|` between patterns", found: found)) }
      advance()
      patterns.append(parsePattern())
    }
    return patterns
  }

  private mutating func parsePattern() -> ExpressionSyntax.Pattern {
    let start = token.start
    let isNegated = consume(.minus)
    switch token.kind {
    case .int, .uint, .double, .duration, .size, .string, .bytes, .invalidLiteral:
      let literal = parseLiteral(isNegated: isNegated)
      guard case .literal(let value) = literal.kind else { break }
      return .init(kind: .literal(value, negated: isNegated), range: range(from: start))
    case .identifier where !isNegated:
      if token.word == .true || token.word == .false || token.word == .null {
        let literal: ExpressionSyntax.Literal = token.word == .null ? .null : .bool(token.word == .true)
        advance()
        return .init(kind: .literal(literal, negated: false), range: range(from: start))
      }
      if text(token) == "_" {
        advance()
        return .init(kind: .anything, range: range(from: start))
      }
      return .init(kind: .member(parsePath("a pattern")), range: range(from: start))
    default: break
    }
    fail(.expected("a pattern: a literal, a member of an enum, `none`, `some` or `_`", found: found))
    return .init(kind: .anything, range: gap)
  }
}
