/// Blocks of items, and where a brace of one is missing or too many.
extension Parser {
  /// `{ item … }`. `owner` is the token whose line's indentation the closing brace should have.
  mutating func parseBlock(of owner: Token) -> Block {
    var items: [Item] = []
    let range = parseBlock(of: owner) { parser in items.append(parser.parseWholeItem()) }
    return Block(items: items, range: range)
  }

  /// A block of anything that stands on lines of its own: `element` reads one and ends it. The range has the braces.
  mutating func parseBlock(of owner: Token, _ element: (inout Parser) -> Void) -> SourceRange {
    let hasBrace = findBrace(of: owner)
    if !hasBrace, !isAtBlockWithoutBrace(of: owner) { return gap }
    isRecovering = false
    let opener = token
    guard enter() else {
      skipBrackets()
      return range(from: opener.start)
    }
    defer { leave() }
    let saved = newlinesMatter
    newlinesMatter = true
    defer { newlinesMatter = saved }
    if hasBrace { advance() } else { surplusBraces -= 1 }
    while !isBlockUnclosed(opener, owner) {
      if surplusBraces > 0, isAtSurplusBrace(in: owner) { skipSurplusBrace() }
      if consume(.rightBrace) { break }
      let start = position
      element(&self)
      if position == start, token.kind != .endOfFile { advance() }
    }
    return range(from: opener.start)
  }

  /// An item and what ends it; what is no item is kept as unreadable.
  mutating func parseWholeItem() -> Item {
    let start = token.start
    let first = position
    let item = parseItem()
    if item == nil, position == first, isAtItemWord { advance() }
    endItem()
    return item ?? .unreadable(range(from: start))
  }

  /// Goes to the `{` of a block; says no where there is none.
  private mutating func findBrace(of owner: Token) -> Bool {
    if token.kind == .leftBrace {
      if isOnNewLine { complain(.braceOnNextLine(at: range(token), gap: gap)) }
      return true
    }
    fail(.missingBrace(of: text(owner), found: found, gap: gap))
    while token.kind != .leftBrace || isAtLiteralBeforeBlock {
      if token.kind == .endOfFile || token.kind == .rightBrace || isAtDeclaration { return false }
      if token.isOnNewLine, isAtItemWord || owner.word == .match { return false }
      if token.kind == .leftBrace { skipBrackets() } else { advance() }
    }
    return true
  }

  /// Whether the `{` here opens a literal, and the one that opens the block follows on the line.
  private var isAtLiteralBeforeBlock: Bool {
    if peek().isOnNewLine || peek().word.startsItem { return false }
    var depth = 0
    for distance in 0..<1_000 {
      let next = peek(distance)
      if next.kind == .endOfFile || distance > 0 && next.isOnNewLine { return false }
      if next.kind == .leftBrace, depth == 0, distance > 0 { return true }
      if next.kind == .leftBrace { depth += 1 }
      if next.kind == .rightBrace { depth -= 1 }
    }
    return false
  }

  /// Whether what a block holds follows although its `{` is missing: indented, and with a `}`.
  private func isAtBlockWithoutBrace(of owner: Token) -> Bool {
    let isAtElement = isAtItemWord || owner.word == .match && token.kind == .identifier
    return surplusBraces > 0 && token.isOnNewLine && isAtElement && indentation(of: token) > indentation(of: owner)
  }

  /// Reports a block that cannot be closed any more.
  private mutating func isBlockUnclosed(_ opener: Token, _ owner: Token) -> Bool {
    let isAtOwnPart =
      token.isOnNewLine
      && (owner.word == .if && token.word == .else || owner.word == .try && isAt(.catch) && peek().kind == .identifier)
    guard token.kind == .endOfFile || isAtDeclaration || missingBraces > 0 && isOutside(owner) || isAtOwnPart else {
      return false
    }
    failUnclosed(opener, .rightBrace)
    missingBraces -= 1
    return true
  }

  /// Whether the token is further out than the block of an owner, in a declaration that lacks a brace.
  private func isOutside(_ owner: Token) -> Bool {
    guard token.isOnNewLine, token.kind == .identifier || token.kind == .rightBrace
    else { return false }
    let inner = indentation(of: owner)
    let here = indentation(of: token)
    return token.kind == .rightBrace ? here < inner : here <= inner
  }

  /// Whether the `}` here is further in than the block that it would close, in a declaration with too many.
  private func isAtSurplusBrace(in owner: Token) -> Bool {
    token.kind == .rightBrace && token.isOnNewLine && indentation(of: token) > indentation(of: owner)
  }

  private mutating func skipSurplusBrace() {
    fail(.strayBrace(at: range(token)))
    surplusBraces -= 1
    advance()
    isRecovering = false
  }

  // MARK: Balance

  /// Counts the braces from a `{` at the token to the next declaration: `}` that are missing or too many.
  ///
  /// What is missing is looked for by indentation, so only where the first line of the block is indented.
  mutating func countBraces(of owner: Token) {
    let balance = cursor.braceBalance
    let isIndented = peek().isOnNewLine && indentation(of: peek()) > indentation(of: owner)
    missingBraces = isIndented ? max(0, balance) : 0
    surplusBraces = max(0, -balance)
  }

  func indentation(of token: Token) -> Int { token.indentation(in: bytes) }
}
