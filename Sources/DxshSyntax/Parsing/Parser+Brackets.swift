/// Reading what stands in brackets, whatever is wrong in it.
extension Parser {
  /// What the elements of a list in brackets are.
  struct Elements {
    var opener: Token
    var closer: Token.Kind
    /// They are separated by lines as well as by commas.
    var lines = false
    /// They start with a name.
    var names = false
    /// They hold types.
    var types = false
    /// A missing comma has been reported.
    var hasComplained = false
  }

  /// Reads elements up to a closer and consumes it. The token is after the opener.
  ///
  /// A missing comma is reported once and read past; an element with a mistake ends at the next comma.
  /// - types: whether they hold types; without it, those that start with names do
  mutating func parseElements(
    until closer: Token.Kind, of opener: Token, lines: Bool = false, names: Bool = false, types: Bool? = nil,
    _ element: (inout Parser) -> Void
  ) {
    var elements = Elements(opener: opener, closer: closer, lines: lines, names: names, types: types ?? names)
    parseInside(opener, closer: closer, lines: lines) { parser in
      while parser.token.kind != closer, !parser.isLost(in: elements) {
        let start = parser.position
        let mistakes = parser.mistakeCount
        element(&parser)
        if !parser.endElement(of: &elements, since: start, isMistaken: parser.mistakeCount > mistakes) { break }
      }
      parser.close(opener, with: closer)
    }
  }

  /// Goes to the next element or the closer; says no when neither can be found.
  private mutating func endElement(of elements: inout Elements, since start: Int, isMistaken: Bool) -> Bool {
    if isRecovering { skipToSeparator(lines: elements.lines, types: elements.types) }
    if elements.lines, !isRecovering, isSurplusCloser {
      if !isMistaken { complain(.strayCloser(token.kind, at: range(token))) }
      advance()
    }
    if isAtSeparator(of: elements, since: start) { return true }
    // The block of the header: the brackets are not closed.
    if isAtBlockOfHeader { return false }
    if isAtElement(of: elements), position > start, !isAtItemInsideBrackets, !isAtStrongClause {
      if !elements.hasComplained { complainAboutMissingComma(lines: elements.lines) }
      elements.hasComplained = true
      return true
    }
    if isRecovering || isLost(in: elements) { return false }
    fail(.expected("`,` or `\(elements.closer.spelling ?? "")`", found: foundToken))
    skipToSeparator(lines: elements.lines, types: elements.types)
    return isAtSeparator(of: elements, since: start)
  }

  /// Whether an element ends here; consumes the comma.
  private mutating func isAtSeparator(of elements: Elements, since start: Int) -> Bool {
    let isAtLine = elements.lines && token.isOnNewLine && position > start && isAtElement(of: elements)
    guard token.kind == .comma || token.kind == elements.closer || isAtLine else { return false }
    isRecovering = false
    _ = consume(.comma)
    return true
  }

  /// Whether the block starts here that belongs to the header which is being read.
  var isAtBlockOfHeader: Bool { isInHeader && token.kind == .leftBrace && peek().isOnNewLine }

  @inline(__always)
  private func isAtElement(of elements: Elements) -> Bool {
    elements.names ? token.kind == .identifier || token.kind == .quotedName : token.kind.startsElement
  }

  /// Reads the inside of brackets one level deeper, where line ends mean nothing (or separate, with `lines`);
  /// at the nesting limit it skips the inside.
  mutating func parseInside(
    _ opener: Token, closer: Token.Kind, lines: Bool = false, _ body: (inout Parser) -> Void
  ) {
    guard enter() else { return skipInside(closer) }
    let saved = (newlinesMatter, openConditionals, untypedLet)
    (newlinesMatter, openConditionals, untypedLet) = (lines, 0, nil)
    closers.append(closer)
    body(&self)
    closers.removeLast()
    (newlinesMatter, openConditionals, untypedLet) = saved
    leave()
  }

  /// Consumes a closer or reports that it is missing. Another closer that nothing else needs is taken for it.
  mutating func close(_ opener: Token, with closer: Token.Kind) {
    if token.kind == closer, !isForeignBrace(closer, opener) {
      advance()
      isRecovering = false
      return
    }
    let isTypo = isSurplusCloser
    failUnclosed(opener, closer, isTypo: isTypo)
    if closer == .rightBrace { missingBraces -= 1 }
    if isTypo {
      advance()
      isRecovering = false
    }
  }

  mutating func failUnclosed(_ opener: Token, _ closer: Token.Kind, isTypo: Bool = false) {
    var found = foundToken
    if token.isOnNewLine { found.range = gap }
    let place = isTypo ? range(token) : gap
    fail(.unclosed(opener, range(opener), closer: closer, found: found, place: place))
  }

  /// Whether elements cannot go on here.
  @inline(__always)
  func isLost(in elements: Elements) -> Bool {
    let (opener, closer, names) = (elements.opener, elements.closer, elements.names)
    if closer == .rightBracket, token.kind == .colon { return true }
    // Such a record is no key but the next element of a list that this one has not been closed in.
    if closer == .rightBrace, token.kind == .leftBrace, token.isOnNewLine, peek().kind == .identifier,
      peek(2).kind == .colon
    {
      return true
    }
    if names, token.kind == .arrow || token.kind == .leftBrace { return true }
    if isAtStrongClause, closer == .rightBrace || !names { return true }
    return token.kind == .endOfFile || token.kind == .stringMiddle || token.kind == .stringTail
      || token.kind.isCloser && token.kind != closer || isAtItemInsideBrackets || isForeignBrace(closer, opener)
  }

  /// Whether the token is a `)` or `]` more than the open brackets further out need.
  var isSurplusCloser: Bool {
    guard token.kind == .rightParen || token.kind == .rightBracket else { return false }
    var run = 1
    while run <= closers.count, peek(run).kind == token.kind { run += 1 }
    return run > closers.reduce(0) { $0 + ($1 == token.kind ? 1 : 0) }
  }

  /// Whether the `}` here closes something further out, as its indentation says.
  @inline(__always)
  private func isForeignBrace(_ closer: Token.Kind, _ opener: Token) -> Bool {
    missingBraces > 0 && closer == .rightBrace && token.kind == .rightBrace && token.isOnNewLine
      && indentation(of: token) < indentation(of: opener)
  }

  private mutating func complainAboutMissingComma(lines: Bool) {
    // A string that is not closed has swallowed the comma.
    if previousFlags.contains(.reported) { return }
    complain(.missingComma(at: range(token), gap: gap, lines: lines))
  }

  /// Skips to the closer of brackets that are nested too deeply, and the closer.
  private mutating func skipInside(_ closer: Token.Kind) {
    var depth = 0
    while token.kind != .endOfFile, !isAtItemInsideBrackets {
      if token.kind.isOpener { depth += 1 }
      if token.kind.isCloser {
        if depth == 0 { break }
        depth -= 1
      }
      advance()
    }
    if token.kind == closer { advance() }
  }
}

extension Token.Kind {
  /// Whether an element of a list can start with this token.
  var startsElement: Bool {
    switch self {
    case .identifier, .quotedName, .int, .uint, .double, .duration, .size, .invalidLiteral, .string, .bytes,
      .stringHead, .leftParen, .leftBracket, .leftBrace, .not, .minus, .question:
      true
    case .endOfFile, .invalid, .stringMiddle, .stringTail, .rightParen, .rightBracket, .rightBrace, .comma, .colon,
      .dot, .dotQuestion, .at, .arrow, .doubleArrow, .assign, .equal, .notEqual, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .plus, .star, .slash, .percent, .andAnd, .orOr, .ampersand, .pipe:
      false
    }
  }
}
