/// Where the comments of a parsed `.dxsh` file belong, from its tree and its tokens.
extension CommentMap {
  package init(_ module: Module, in file: SourceFile) {
    self.init(module.declarations, module.comments[...], tokens: tokenize(file).tokens)
  }

  /// The comments of some declarations.
  /// - tokens: those of the whole file
  init(_ declarations: [Declaration], _ comments: ArraySlice<Comment>, tokens: [Token]) {
    self.init()
    if comments.isEmpty { return }
    let elements = CommentElements(declarations)
    let end = declarations.last?.range.end
    for comment in comments where !elements.isInText(comment.range.start) {
      let next = tokens.firstIndex(from: comment.range.start)
      attach(comment, elements, before: next > 0 ? next - 1 : nil, after: next, tokens, last: end)
    }
  }

  private mutating func attach(
    _ comment: Comment, _ elements: CommentElements, before: Int?, after: Int, _ tokens: [Token], last: UInt32?
  ) {
    let place = comment.range.start
    if !comment.ownLine, let before, let end = CommentMap.end(at: before, tokens, elements),
      !hasComments(after: end)
    {
      return attach(comment, after: end)
    }
    if tokens[after].kind.isCloser {
      if elements.ends(at: tokens[after].end) { return attach(comment, beforeCloserAt: tokens[after].end) }
      if let end = elements.lastEnd(upTo: place) { return attach(comment, beforeCloserAfter: end) }
    }
    let around = elements.innermost(around: place)
    if let start = elements.firstStart(from: place), start < around?.end ?? .max {
      return attach(comment, before: start)
    }
    if let around { return attach(comment, before: around.start) }
    if let last, !comment.ownLine { return attach(comment, after: last) }
    attach(comment, before: CommentMap.endOfFile)
  }

  /// Stands for the end of the file, before which the last comments are.
  package static let endOfFile = UInt32.max

  /// The end of the element that a comment at the end of a line belongs to, when one ends there: directly before the
  /// comment, or before a comma or an operator.
  private static func end(at index: Int, _ tokens: [Token], _ elements: CommentElements) -> UInt32? {
    let token = tokens[index]
    if elements.canTrail(token.end) { return token.end }
    guard token.kind.isBetweenElements, index > 0, elements.canTrail(tokens[index - 1].end) else { return nil }
    if token.kind == .greater, elements.isType(endingAt: tokens[index - 1].end) { return nil }
    return tokens[index - 1].end
  }
}

extension Token.Kind {
  /// Whether it stands between two elements and belongs, with what follows it on the line, to the first.
  fileprivate var isBetweenElements: Bool {
    switch self {
    case .comma, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash,
      .percent, .andAnd, .orOr:
      true
    case .endOfFile, .invalid, .identifier, .quotedName, .int, .uint, .double, .duration, .size, .invalidLiteral,
      .string, .bytes, .stringHead, .stringMiddle, .stringTail, .leftParen, .rightParen, .leftBracket, .rightBracket,
      .leftBrace, .rightBrace, .colon, .dot, .dotQuestion, .question, .at, .arrow, .doubleArrow, .assign, .not,
      .ampersand, .pipe:
      false
    }
  }
}

extension [Token] {
  /// The first token at or after an offset.
  func firstIndex(from offset: UInt32) -> Int {
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].start < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
