/// Whether a formatted text says what the text before it said.
enum FormatProof {
  /// Whether two texts have the same tokens and comments, in any order, without commas.
  static func haveSameTokens(_ left: SourceFile, _ right: SourceFile) -> Bool {
    var (left, right) = (Pieces(left), Pieces(right))
    left.dropWhatEquals(&right)
    return left.sorted() == right.sorted()
  }

  static func hasTokens(_ text: String) -> Bool {
    tokenize(SourceFile(id: FileID(0), name: "", text: text)).tokens.count > 1
  }

  /// Whether a text reads as this declaration.
  static func isSame(_ declaration: Declaration, _ text: SourceFile) -> Bool {
    let again = parse(text)
    guard again.tree.declarations.count == 1, again.diagnostics.allSatisfy({ $0.severity != .error }) else {
      return false
    }
    let (left, right) = (layout(of: again.tree.declarations[0]), layout(of: declaration))
    return left == right || LayoutRenderer.text(of: left, width: 100) == LayoutRenderer.text(of: right, width: 100)
  }

  /// Of the tree alone: what nothing but the tree decides.
  private static func layout(of declaration: Declaration) -> Layout {
    var printer = Printer()
    printer.print(declaration)
    return printer.layout
  }
}

/// The tokens and comments of a text, in its order.
private struct Pieces {
  private let file: SourceFile
  private var tokens: ArraySlice<Token>
  private var comments: ArraySlice<TokenStream.Comment>

  init(_ file: SourceFile) {
    self.file = file
    let stream = tokenize(file)
    tokens = stream.tokens[...]
    comments = stream.comments[...]
  }

  /// Drops from the start and the end of both what is the same there. What is left is all that can make them differ:
  /// in most texts nothing, so that nothing has to be sorted.
  mutating func dropWhatEquals(_ other: inout Pieces) {
    while let left = nextToken(), let right = other.nextToken(), isSame(left, other, right) {
      tokens.removeFirst()
      other.tokens.removeFirst()
    }
    while let left = lastToken(), let right = other.lastToken(), isSame(left, other, right) {
      tokens.removeLast()
      other.tokens.removeLast()
    }
    while let left = comments.first, let right = other.comments.first, isSame(left, other, right) {
      comments.removeFirst()
      other.comments.removeFirst()
    }
    while let left = comments.last, let right = other.comments.last, isSame(left, other, right) {
      comments.removeLast()
      other.comments.removeLast()
    }
  }

  private static func counts(_ token: Token) -> Bool { token.kind != .comma && token.start < token.end }

  private mutating func nextToken() -> Token? {
    while let token = tokens.first {
      if Pieces.counts(token) { return token }
      tokens.removeFirst()
    }
    return nil
  }

  private mutating func lastToken() -> Token? {
    while let token = tokens.last {
      if Pieces.counts(token) { return token }
      tokens.removeLast()
    }
    return nil
  }

  private func isSame(_ token: Token, _ other: Pieces, _ otherToken: Token) -> Bool {
    token.kind == otherToken.kind
      && bytes(token.start, token.end).elementsEqual(other.bytes(otherToken.start, otherToken.end))
  }

  private func isSame(
    _ comment: TokenStream.Comment, _ other: Pieces, _ otherComment: TokenStream.Comment
  ) -> Bool {
    bytes(comment.start, comment.end).trimmed.elementsEqual(
      other.bytes(otherComment.start, otherComment.end).trimmed)
  }

  private func bytes(_ start: UInt32, _ end: UInt32) -> ArraySlice<UInt8> { file.bytes[Int(start)..<Int(end)] }

  private func text(_ start: UInt32, _ end: UInt32) -> String { String(decoding: bytes(start, end), as: UTF8.self) }

  /// What is left, without the white space that a printer may change.
  func sorted() -> [String] {
    var pieces: [String] = []
    for token in tokens where Pieces.counts(token) {
      let text = text(token.start, token.end)
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
    for comment in comments { pieces.append(text(comment.start, comment.end).filter { !$0.isWhitespace }) }
    return pieces.sorted()
  }
}

extension ArraySlice<UInt8> {
  /// Without the spaces at its end.
  fileprivate var trimmed: ArraySlice<UInt8> {
    var end = endIndex
    while end > startIndex, self[end - 1] == UInt8(ascii: " ") { end -= 1 }
    return self[startIndex..<end]
  }
}
