/// Whether a formatted text says what the text before it said.
enum FormatProof {
  /// Whether two texts have the same tokens and comments, in any order, without commas.
  static func haveSameTokens(_ left: String, _ right: String) -> Bool { pieces(left) == pieces(right) }

  static func hasTokens(_ text: String) -> Bool {
    tokenize(SourceFile(id: FileID(0), name: "", text: text)).tokens.count > 1
  }

  /// Whether a text reads as this declaration.
  static func isSame(_ declaration: Declaration, _ text: String) -> Bool {
    let again = parse(SourceFile(id: FileID(0), name: "", text: text))
    guard again.tree.declarations.count == 1, again.diagnostics.allSatisfy({ $0.severity != .error }) else {
      return false
    }
    return printed(again.tree) == printed(Module(file: FileID(0), declarations: [declaration], comments: []))
  }

  private static func pieces(_ text: String) -> [String] {
    let file = SourceFile(id: FileID(0), name: "", text: text)
    let stream = tokenize(file)
    var pieces: [String] = []
    for token in stream.tokens where token.kind != .comma && token.start < token.end {
      let text = file.text(SourceRange(file: file.id, start: token.start, end: token.end))
      switch token.kind {
      case .greaterOrEqual: pieces += [">", "="]
      case .quotedName: pieces.append(text.filter { $0 != "`" })
      case .stringHead, .stringMiddle, .stringTail: pieces.append(text.filter { !$0.isWhitespace })
      case .endOfFile, .invalid, .identifier, .int, .uint, .double, .duration, .size, .invalidLiteral, .string, .bytes,
        .leftParen, .rightParen, .leftBracket, .rightBracket, .leftBrace, .rightBrace, .comma, .colon, .dot,
        .dotQuestion,
        .question, .at, .arrow, .doubleArrow, .assign, .equal, .notEqual, .less, .lessOrEqual, .greater, .not, .plus,
        .minus, .star, .slash, .percent, .andAnd, .orOr, .ampersand, .pipe:
        pieces.append(text)
      }
    }
    for comment in stream.comments {
      let text = file.text(SourceRange(file: file.id, start: comment.start, end: comment.end))
      pieces.append(text.filter { !$0.isWhitespace })
    }
    return pieces.sorted()
  }
}
