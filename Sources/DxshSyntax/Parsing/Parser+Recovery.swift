/// How the parser finds firm ground again after a mistake.
extension Parser {
  // MARK: Skipping

  /// Skips to the `,` or the closer of the innermost brackets, to a line that starts an item, or to any
  /// closer that is not ours. `lines`: the start of a line ends the element too. `types`: `<` and `>` are brackets.
  mutating func skipToSeparator(lines: Bool = false, types: Bool = false) {
    let start = token.start
    var depth = 0
    var angles = 0
    while token.kind != .endOfFile, !isAtItemInsideBrackets, !isAtBlockOfHeader {
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

  var isAtDeclaration: Bool { cursor.isAtDeclaration }
  var isAtItemInsideBrackets: Bool { cursor.isAtItemInsideBrackets }
  var isAtStrongClause: Bool { cursor.isAtStrongClause }
  var isAtItemWord: Bool { cursor.isAtItemWord }

  /// Whether the `}` here follows another on its line, in a declaration that has too many.
  private var isAtRepeatedBrace: Bool {
    surplusBraces > 0 && token.kind == .rightBrace && !token.isOnNewLine && peek(-1).kind == .rightBrace
      && peek(-1).isOnNewLine
  }

  /// Ends an item: a new line, the block's `}` or the end of the file; else finds the next item.
  mutating func endItem() {
    hasReachedLimit = false
    if !isRecovering {
      if isAtRepeatedBrace {
        complain(.strayBrace(at: range(token)))
        surplusBraces -= 1
        advance()
      }
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
