/// What starts at the token.
extension Cursor {
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
  @inline(__always)
  var isAtItemInsideBrackets: Bool { token.isOnNewLine && token.word != .none && isAtWordOfItem }

  private var isAtWordOfItem: Bool {
    let next = peek()
    if next.isOnNewLine || next.kind == .colon { return false }
    if isAtDeclaration { return true }
    if token.word == .let || token.word == .if || token.word == .for { return true }
    if token.word == .match { return isAtMatchItem }
    return token.word.startsItem && next.startsOperandAfterName
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
      && next.startsOperandAfterName
  }

  /// Whether the token is an item's word and not a name before a `:`.
  var isAtItemWord: Bool { token.word.startsItem && peek().kind != .colon }

  /// How many of the `{` from the token to the next declaration are not closed; negative where `}` are too many.
  var braceBalance: Int {
    var balance = 0
    for (distance, next) in rest.enumerated() {
      if next.kind == .leftBrace { balance += 1 }
      if next.kind == .rightBrace { balance -= 1 }
      guard next.word != .none, next.isOnNewLine || balance == 0 else { continue }
      if next.word.startsDeclaration, next.word != .defaults {
        let name = peek(distance + 1)
        if !name.isOnNewLine, name.kind == .identifier || name.kind == .string { break }
      }
    }
    return balance
  }

  /// Whether a `{` here opens a block and not a literal: an item follows it.
  var isAtBlock: Bool {
    guard token.kind == .leftBrace, newlinesMatter, peek().word.startsItem else { return false }
    return peek(2).kind != .colon && (peek().isOnNewLine || peek(2).startsOperandAfterName)
  }
}

extension Token {
  /// Whether it, after a name, cannot belong to the same expression.
  var startsOperandAfterName: Bool {
    if kind == .identifier {
      return word != .in && word != .as && word != .and && word != .or
    }
    return kind.startsElement && kind != .leftParen && kind != .leftBracket
      && kind != .minus && kind != .question
  }
}
