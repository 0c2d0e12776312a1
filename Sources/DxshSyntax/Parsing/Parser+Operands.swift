/// What operators stand between: names, calls, selections, literals, brackets.
extension Parser {
  /// `primary { "." fieldname [ args ] | ".?" fieldname | "[" [ "?" ] expr "]" }`
  mutating func parsePostfix(isNegated: Bool) -> ExpressionSyntax {
    let start = token.start
    var expression = parseOperand(isNegated: isNegated)
    while !isRecovering {
      let below = height
      if token.kind == .dot {
        advance()
        let name = parseFieldName("a field or function name")
        if token.kind == .leftParen, !isOnNewLine, !name.isMissing {
          let arguments = parseArguments()
          expression = grow(above: below, .method(expression, name, arguments), from: start)
        } else {
          expression = grow(above: below, .select(expression, field: name, optional: false), from: start)
        }
      } else if token.kind == .dotQuestion || token.kind == .question && isMistakenOptionalSelection {
        if token.kind == .question {
          complain(.questionBeforeDot(at: range(token).joined(with: range(peek()))))
          advance()
        }
        advance()
        let name = parseFieldName("a field name")
        expression = grow(above: below, .select(expression, field: name, optional: true), from: start)
      } else if token.kind == .leftBracket, !isOnNewLine {
        expression = parseIndex(of: expression, start)
      } else {
        break
      }
    }
    return expression
  }

  /// `a?.b`, which is `a.?b` unless a `:` follows that makes it `a ? .b : c`.
  private var isMistakenOptionalSelection: Bool {
    guard peek().kind == .dot, peek().start == token.end, peek(2).kind == .identifier
    else { return false }
    var colons = 0
    var depth = 0
    for distance in 1..<1_000 {
      let next = peek(distance)
      if next.kind == .endOfFile { break }
      if next.kind.isOpener || next.kind == .stringHead {
        depth += 1
      } else if next.kind.isCloser || next.kind == .stringTail {
        if depth == 0 { break }
        depth -= 1
      } else if depth == 0 {
        if next.kind == .comma || next.kind == .stringMiddle { break }
        if newlinesMatter, next.isOnNewLine, next.kind == .identifier { break }
        if next.kind == .question { colons -= 1 }
        if next.kind == .colon { colons += 1 }
      }
    }
    return colons <= openConditionals
  }

  private mutating func parseIndex(of base: ExpressionSyntax, _ start: UInt32) -> ExpressionSyntax {
    let opener = token
    let below = height
    advance()
    var optional = false
    var index = ExpressionSyntax(.missing, at: gap)
    var inner = 0
    var count = 0
    if token.kind == .rightBracket { complain(.expected("an index", found: found)) }
    parseElements(until: .rightBracket, of: opener) { parser in
      count += 1
      if count == 2 { parser.complain(.severalIndexes(at: parser.range(parser.token))) }
      let isOptional = parser.consume(.question)
      let value = parser.parseExpression()
      if count == 1 { (optional, index, inner) = (isOptional, value, parser.height) }
    }
    height = inner
    return grow(above: below, .index(base, index, optional: optional), from: start)
  }

  private mutating func parseOperand(isNegated: Bool) -> ExpressionSyntax {
    height = 0
    switch token.kind {
    case .identifier: return parseNamedOperand()
    case .int, .uint, .double, .duration, .size, .string, .bytes, .invalidLiteral:
      return parseLiteral(isNegated: isNegated)
    case .stringHead: return parseInterpolation()
    case .leftParen: return parseParenthesized()
    case .leftBracket: return parseList()
    case .leftBrace where !cursor.isAtBlock: return parseBraces()
    case .dot where peek().kind == .identifier && peek().word.isFieldName: return parseRootedName()
    case .endOfFile, .invalid, .quotedName, .stringMiddle, .stringTail, .rightParen, .rightBracket, .leftBrace,
      .rightBrace, .comma, .colon, .dot, .dotQuestion, .question, .at, .arrow, .doubleArrow, .assign, .equal, .notEqual,
      .less,
      .lessOrEqual, .greater, .greaterOrEqual, .not, .plus, .minus, .star, .slash, .percent, .andAnd, .orOr,
      .ampersand, .pipe:
      fail(.expected("an expression", found: found))
      return ExpressionSyntax(.missing, at: gap)
    }
  }

  private mutating func parseNamedOperand() -> ExpressionSyntax {
    let name = token
    if name.word != .none, let operand = parseWordOperand(name) { return operand }
    advance()
    if token.kind == .leftParen, !isOnNewLine {
      let arguments = parseArguments()
      let function = Name(text(name), at: range(name))
      return grow(.call(function, arguments), from: name.start)
    }
    if token.kind == .leftBrace, isAtMessageLiteral(after: name) { return parseMessageLiteral(name) }
    return ExpressionSyntax(.name(text(name)), at: range(name))
  }

  /// A word that is a literal or cannot be an operand; nil where it is a name.
  private mutating func parseWordOperand(_ name: Token) -> ExpressionSyntax? {
    if name.word == .true || name.word == .false {
      advance()
      return ExpressionSyntax(.literal(.bool(name.word == .true)), at: range(name))
    }
    if name.word == .null {
      advance()
      return ExpressionSyntax(.literal(.null), at: range(name))
    }
    if name.word == .match { return parseMatch() }
    if isAtItemInsideBrackets {
      fail(.expected("an expression", found: found))
      return ExpressionSyntax(.missing, at: gap)
    }
    guard name.word.isReserved, name.word != .selfWord, name.word != .error else { return nil }
    fail(isOnNewLine ? .expected("an expression", found: found) : .reservedOperand(name.word, at: range(name)))
    return ExpressionSyntax(.missing, at: gap)
  }

  /// `.name`: CEL's name from the root scope, kept with its dot.
  private mutating func parseRootedName() -> ExpressionSyntax {
    let dot = token
    advance()
    advance()
    let name = Name("." + text(peek(-1)), at: range(from: dot.start))
    guard token.kind == .leftParen, !isOnNewLine else { return ExpressionSyntax(.name(name.text), at: name.range) }
    let arguments = parseArguments()
    return grow(.call(name, arguments), from: dot.start)
  }

  /// `(e)`; a comma in it is a mistake that it reads past, unless the `)` is what is missing.
  private mutating func parseParenthesized() -> ExpressionSyntax {
    let opener = token
    advance()
    var inner = ExpressionSyntax(.missing, at: gap)
    parseInside(opener, closer: .rightParen) { parser in
      inner = parser.parseExpression()
      let innerHeight = parser.height
      if parser.isRecovering { parser.skipToSeparator() }
      if parser.token.kind == .comma, parser.peek(2).kind != .colon {
        parser.complain(.tuple(at: parser.range(parser.token)))
        while parser.consume(.comma) { parser.skipToSeparator() }
      }
      if parser.token.kind != .rightParen, parser.token.kind != .comma,
        !parser.isLost(in: Elements(opener: opener, closer: .rightParen))
      {
        parser.fail(.expected("an operator or `)`", found: parser.foundToken))
        parser.skipToSeparator()
      }
      parser.close(opener, with: .rightParen)
      parser.height = innerHeight
    }
    return grow(.parenthesized(inner), from: opener.start)
  }

  /// `[ e, ?e ]`
  private mutating func parseList() -> ExpressionSyntax {
    let opener = token
    advance()
    var elements: [ExpressionSyntax.Element] = []
    var highest = 0
    parseElements(until: .rightBracket, of: opener) { parser in
      let optional = parser.consume(.question)
      let value = parser.parseExpression()
      if elements.isEmpty { elements.reserveCapacity(parser.token.kind == .comma ? 4 : 1) }
      elements.append(ExpressionSyntax.Element(value: value, optional: optional))
      highest = max(highest, parser.height)
    }
    height = highest
    return grow(.list(elements), from: opener.start)
  }

  // MARK: Arguments

  /// `( e, name: e )`; `height` is that of the highest argument. The token is `(`.
  mutating func parseArguments() -> [Argument] {
    let opener = token
    advance()
    if consume(.rightParen) {
      height = 0
      return []
    }
    var arguments: [Argument] = []
    var highest = 0
    var hasComplained = false
    var isAfterNamed = false
    parseElements(until: .rightParen, of: opener) { parser in
      let isAfterMistake = parser.peek(-1).kind != .comma
      let label = parser.parseLabel(isNamed: isAfterNamed)
      let value = parser.parseExpression()
      let isNamed = label != nil
      if !isNamed, isAfterNamed, !hasComplained, !isAfterMistake, !parser.isRecovering {
        hasComplained = true
        parser.complain(.positionalAfterNamed(at: value.range))
      }
      // Most calls have one argument, and files have very many calls.
      if arguments.isEmpty, parser.token.kind != .comma {
        arguments = [Argument(label: label, value: value)]
      } else {
        if arguments.isEmpty { arguments.reserveCapacity(2) }
        arguments.append(Argument(label: label, value: value))
      }
      isAfterNamed = isNamed
      highest = max(highest, parser.height)
    }
    height = highest
    return arguments
  }

  /// The `name:` of an argument; `name =` is a mistake that it reads past.
  private mutating func parseLabel(isNamed: Bool) -> Name? {
    guard token.kind == .identifier || token.kind == .quotedName else { return nil }
    let next = peek()
    if isNamed, next.startsOperandAfterName, !next.isOnNewLine, !isAtStrongClause {
      let name = parseFieldName("a name")
      complain(.missingColon(at: range(token), gap: gap))
      return name
    }
    guard next.kind == .colon || next.kind == .assign else { return nil }
    let name = parseFieldName("a name")
    if token.kind == .assign { complain(.assignInArguments(at: range(token), gap: gap)) }
    advance()
    return name
  }

  /// A word or a name in backticks; the four words that are literals need the backticks.
  mutating func parseFieldName(_ what: String) -> Name {
    let name = token
    if name.kind == .identifier, !isAtItemInsideBrackets {
      if !name.word.isFieldName { complain(.literalAsFieldName(text(name), at: range(name))) }
      advance()
      return Name(text(name), at: range(name))
    }
    if name.kind == .quotedName {
      advance()
      return Name(String(text(name).dropFirst().prefix { $0 != "`" }), at: range(name))
    }
    fail(.expected(what, found: found))
    return missingName
  }

  var missingName: Name { Name("", at: gap) }
}
