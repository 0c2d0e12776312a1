/// How the parser finds firm ground again after a mistake.
extension Parser {
  // MARK: What a token starts

  /// Whether a declaration starts here: a word at the start of a line with a name or a text after it.
  var isAtDeclaration: Bool {
    guard token.isOnNewLine, token.word.startsDeclaration, token.word != .defaults else { return false }
    let next = peek()
    if next.word == .in || next.word == .as { return false }
    return !next.isOnNewLine && (next.kind == .identifier || next.kind == .string)
  }

  /// Whether an item or a declaration starts here although brackets are open, so that one is not closed.
  ///
  /// Only what cannot go on an expression counts: `step x`, not `step + 1`.
  var isAtItemInsideBrackets: Bool {
    guard token.isOnNewLine, token.word != .none else { return false }
    let next = peek()
    if next.isOnNewLine || next.kind == .colon { return false }
    if isAtDeclaration { return true }
    if token.word == .let || token.word == .if || token.word == .for { return true }
    if token.word == .match { return isAtMatchItem }
    return token.word.startsItem && startsOperandAfterName(next)
  }

  /// Whether the `match` at the token has blocks in its arms, and so is no value.
  private var isAtMatchItem: Bool {
    var depth = 0
    for distance in 1..<100 {
      let next = peek(distance)
      if next.kind == .endOfFile { return false }
      if next.kind.isOpener { depth += 1 }
      if next.kind.isCloser { depth -= 1 }
      if depth < 0 { return false }
      if next.kind == .doubleArrow, depth == 1 {
        let first = peek(distance + 2)
        return peek(distance + 1).kind == .leftBrace && first.word.startsItem && peek(distance + 3).kind != .colon
      }
    }
    return false
  }

  /// Whether a clause starts here although brackets are open: `with retry`, `as { … }`, never `with + 1`.
  var isAtStrongClause: Bool {
    if token.word == .none { return false }
    let next = peek()
    if token.word == .as { return next.kind == .leftBrace || token.isOnNewLine && next.kind == .identifier }
    if token.word == .timeout { return token.isOnNewLine && next.kind == .leftParen }
    return token.word.roles.contains(.clause) && !next.isOnNewLine && next.kind == .identifier
      && startsOperandAfterName(next)
  }

  /// Whether a token after a name cannot belong to the same expression.
  func startsOperandAfterName(_ next: Token) -> Bool {
    if next.kind == .identifier {
      return next.word != .in && next.word != .as && next.word != .and && next.word != .or
    }
    return next.kind.startsElement && next.kind != .leftParen && next.kind != .leftBracket
      && next.kind != .minus && next.kind != .question
  }

  // MARK: Skipping

  /// Skips to the `,` or the closer of the innermost brackets, to a line that starts an item, or to any
  /// closer that is not ours. `lines`: the start of a line ends the element too. `types`: `<` and `>` are brackets.
  mutating func skipToSeparator(lines: Bool = false, types: Bool = false) {
    let start = token.start
    var depth = 0
    var angles = 0
    while token.kind != .endOfFile, !isAtItemInsideBrackets {
      if token.kind.isOpener || token.kind == .stringHead {
        depth += 1
      } else if token.kind.isCloser || token.kind == .stringTail {
        if depth > 0 { depth -= 1 } else if !isSurplusCloser { break }
      } else if depth == 0 {
        if types, token.kind == .less { angles += 1 }
        if token.kind == .greater, angles > 0 { angles -= 1 }
        if token.kind == .stringMiddle || token.kind == .comma && angles == 0 { break }
        if lines && token.isOnNewLine && token.start != start || isAtStrongClause { break }
      }
      advance()
    }
  }

  /// Skips to the next item of the block, its `}`, or a declaration.
  mutating func skipToItem() {
    var braces = 0
    var brackets = 0
    while token.kind != .endOfFile, !isAtDeclaration {
      if token.kind == .leftBrace {
        braces += 1
      } else if token.kind == .rightBrace {
        if braces > 0 {
          braces -= 1
        } else if surplusBraces > 0, !token.isOnNewLine {
          surplusBraces -= 1
        } else {
          break
        }
      } else if braces == 0 {
        if token.isOnNewLine, brackets == 0 ? isAtItemWord : isAtItemInsideBrackets { break }
        if token.kind.isOpener { brackets += 1 }
        if token.kind.isCloser, brackets > 0 { brackets -= 1 }
      }
      advance()
    }
  }

  /// Skips to the next declaration.
  mutating func skipToDeclaration() {
    while token.kind != .endOfFile, !isAtDeclaration { advance() }
  }

  /// Skips a signature with a mistake to its `->`, its `{` or a clause.
  mutating func skipToSignatureEnd() {
    guard isRecovering else { return }
    while token.kind != .endOfFile, token.kind != .arrow, token.kind != .leftBrace, !isAtItemInsideBrackets {
      if token.isOnNewLine, isAtStrongClause || isAtItemWord || token.kind == .rightBrace { break }
      advance()
    }
    if token.kind == .arrow || isAtStrongClause { isRecovering = false }
  }

  /// Skips type arguments with a mistake to their `>`, when it is on this line.
  mutating func skipToAngle() {
    guard isRecovering else { return }
    var depth = 0
    for distance in 0..<1_000 {
      let next = peek(distance)
      if next.kind == .endOfFile || next.kind == .assign || next.kind.isCloser || next.isOnNewLine { return }
      if next.kind == .less { depth += 1 }
      if next.kind == .greater || next.kind == .greaterOrEqual {
        depth -= 1
        if depth >= 0 { continue }
        for _ in 0..<distance { advance() }
        isRecovering = false
        return
      }
    }
  }

  /// Skips balanced brackets from the opener at the token.
  mutating func skipBrackets() {
    var depth = 0
    while token.kind != .endOfFile, !isAtDeclaration {
      if token.kind.isOpener { depth += 1 }
      if token.kind.isCloser { depth -= 1 }
      advance()
      if depth <= 0 { break }
    }
  }

  /// Whether the token is an item's word and not a name before a `:`.
  var isAtItemWord: Bool { token.word.startsItem && peek().kind != .colon }

  /// Ends an item: a new line, the block's `}` or the end of the file; else finds the next item.
  mutating func endItem() {
    hasReachedLimit = false
    if !isRecovering {
      if token.isOnNewLine || token.kind == .rightBrace || token.kind == .endOfFile { return }
      if isAtItemWord { return complain(.itemOnSameLine(at: range(token), gap: gap)) }
      failAfterItem()
    }
    skipToItem()
    if token.kind != .endOfFile { isRecovering = false }
  }

  /// Ends a declaration: a new line or the end of the file; else finds the next declaration.
  mutating func endDeclaration() {
    hasReachedLimit = false
    if !isRecovering {
      if token.isOnNewLine || token.kind == .endOfFile { return }
      if token.word.startsDeclaration { return complain(.itemOnSameLine(at: range(token), gap: gap)) }
      fail(.expected("a new line after the declaration", found: found))
    }
    skipToDeclaration()
    isRecovering = false
  }
}
