/// Literals and interpolated strings.
extension Parser {
  mutating func parseLiteral(isNegated: Bool) -> ExpressionSyntax {
    let literal = token
    advance()
    guard let value = value(of: literal, isNegated: isNegated) else {
      return ExpressionSyntax(.missing, at: range(literal))
    }
    return ExpressionSyntax(.literal(value), at: range(literal))
  }

  private mutating func value(of token: Token, isNegated: Bool) -> ExpressionSyntax.Literal? {
    let content = bytes[Int(token.start)..<Int(token.end)]
    switch token.kind {
    case .int:
      let limit = UInt64(Int64.max) + (isNegated ? 1 : 0)
      if let value = NumberLiteral.integer(content), value <= limit { return .int(value) }
      complain(.integerOutOfRange(text(token), at: range(token)))
    case .uint:
      if let value = NumberLiteral.integer(content.dropLast()) { return .uint(value) }
      complain(.unsignedOutOfRange(text(token), at: range(token)))
    case .double:
      if let value = Double(text(token)), value.isFinite { return .double(value) }
      complain(.doubleOutOfRange(text(token), at: range(token)))
    case .duration:
      let quantity = NumberLiteral.quantity(content)
      if !quantity.unitsDescend {
        complain(.durationUnitsOutOfOrder(text(token), at: range(token)))
        return nil
      }
      if let value = quantity.total { return .duration(value) }
      complain(.quantityOutOfRange("duration", text(token), at: range(token)))
    case .size:
      if let value = NumberLiteral.quantity(content).total { return .size(value) }
      complain(.quantityOutOfRange("size", text(token), at: range(token)))
    case .string:
      return .string(decodedText(token))
    case .bytes:
      return .bytes(decodedBytes(token))
    case .endOfFile, .invalid, .identifier, .quotedName, .invalidLiteral, .stringHead, .stringMiddle, .stringTail,
      .leftParen, .rightParen, .leftBracket, .rightBracket, .leftBrace, .rightBrace, .comma, .colon, .dot,
      .dotQuestion, .question, .at, .arrow, .doubleArrow, .assign, .equal, .notEqual, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .not, .plus, .minus, .star, .slash, .percent, .andAnd, .orOr, .ampersand, .pipe:
      break
    }
    return nil
  }

  /// The value of a `string` token.
  mutating func decodedText(_ token: Token) -> String {
    var literal = StringLiteral(token, of: bytes, dialect: dialect)
    let text = literal.decodeText()
    report(literal.mistakes, in: token)
    return text
  }

  private mutating func decodedBytes(_ token: Token) -> [UInt8] {
    var literal = StringLiteral(token, of: bytes, dialect: dialect)
    let value = literal.decodeBytes()
    report(literal.mistakes, in: token)
    return value
  }

  private mutating func report(_ mistakes: [StringLiteral.Mistake], in token: Token) {
    if token.flags.contains(.reported) { return }
    for mistake in mistakes {
      complain(
        .badEscape(mistake.problem, at: SourceRange(file: file.id, start: mistake.start, end: mistake.end)))
    }
  }

  /// `"text ${e} text"`
  mutating func parseInterpolation() -> ExpressionSyntax {
    let start = token.start
    var segments: [ExpressionSyntax.Segment] = []
    segments.reserveCapacity(3)
    var highest = 0
    let saved = (newlinesMatter, openConditionals, untypedLet)
    (newlinesMatter, openConditionals, untypedLet) = (false, 0, nil)
    let isEntered = enter()
    while true {
      addText(to: &segments)
      let isLast = token.kind == .stringTail
      advance()
      if isLast || token.kind == .endOfFile { break }
      if isEntered, !isRecovering {
        segments.append(.expression(parsePlaceholder()))
        highest = max(highest, height)
      }
      skipToStringPart()
      if token.kind != .stringMiddle, token.kind != .stringTail { break }
      if isEntered { isRecovering = false }
    }
    if isEntered { leave() }
    (newlinesMatter, openConditionals, untypedLet) = saved
    height = highest
    return grow(.interpolation(segments), from: start)
  }

  private mutating func addText(to segments: inout [ExpressionSyntax.Segment]) {
    let text = decodedText(token)
    if !text.isEmpty { segments.append(.text(text)) }
  }

  private mutating func parsePlaceholder() -> ExpressionSyntax {
    if token.kind == .stringMiddle || token.kind == .stringTail {
      fail(.emptyPlaceholder(at: range(token).atStart))
      height = 0
      return ExpressionSyntax(.missing, at: gap)
    }
    let expression = parseExpression()
    if token.kind != .stringMiddle, token.kind != .stringTail {
      fail(.expected("`}` after the expression in the string", found: found))
    }
    return expression
  }

  /// Skips to where the innermost string goes on.
  private mutating func skipToStringPart() {
    var depth = 0
    while token.kind != .endOfFile {
      if token.kind == .stringHead { depth += 1 }
      if depth == 0, token.kind == .stringMiddle || token.kind == .stringTail { return }
      if token.kind == .stringTail { depth -= 1 }
      advance()
    }
  }
}
