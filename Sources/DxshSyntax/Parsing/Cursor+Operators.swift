/// Which operator stands at the token.
extension Cursor {
  var binaryMark: BinaryMark? { token.word == .none ? token.kind.binaryMark : binaryWord }

  /// `in`, and the `and` and `or` of other languages.
  private var binaryWord: BinaryMark? {
    if isAt(.in) { return BinaryMark(.membership, level: 3) }
    guard token.word == .and || token.word == .or, !isOnNewLine, peek().kind.startsElement else { return nil }
    return token.word == .and
      ? BinaryMark(.and, level: 2, isMistaken: true) : BinaryMark(.or, level: 1, isMistaken: true)
  }

  /// `!`, `-`, or the `not` of another language.
  var isAtUnaryOperator: Bool {
    token.kind == .not || token.kind == .minus || token.word == .not && isMistakenNot
  }

  /// `not x` of other languages; `not(x)` is a call.
  private var isMistakenNot: Bool {
    let next = peek()
    if next.isOnNewLine || next.kind == .minus || next.kind == .leftBracket || next.kind == .question { return false }
    if next.kind == .leftParen { return next.start > token.end }
    return next.kind.startsElement && next.word != .in && next.word != .as && next.word != .and && next.word != .or
      && next.kind != .leftBrace
  }
}

/// A binary operator as a token writes it.
struct BinaryMark {
  var `operator`: BinaryOperator
  /// 1 binds loosest.
  var level: Int
  /// Written as in another language.
  var isMistaken: Bool

  init(_ operator: BinaryOperator, level: Int, isMistaken: Bool = false) {
    self.operator = `operator`
    self.level = level
    self.isMistaken = isMistaken
  }
}

extension Token.Kind {
  /// The binary operator that a mark is.
  var binaryMark: BinaryMark? {
    switch self {
    case .orOr: BinaryMark(.or, level: 1)
    case .andAnd: BinaryMark(.and, level: 2)
    case .less: BinaryMark(.less, level: 3)
    case .lessOrEqual: BinaryMark(.lessOrEqual, level: 3)
    case .greater: BinaryMark(.greater, level: 3)
    case .greaterOrEqual: BinaryMark(.greaterOrEqual, level: 3)
    case .equal: BinaryMark(.equal, level: 3)
    case .notEqual: BinaryMark(.notEqual, level: 3)
    case .plus: BinaryMark(.add, level: 4)
    case .minus: BinaryMark(.subtract, level: 4)
    case .star: BinaryMark(.multiply, level: 5)
    case .slash: BinaryMark(.divide, level: 5)
    case .percent: BinaryMark(.remainder, level: 5)
    case .assign: BinaryMark(.equal, level: 3, isMistaken: true)
    case .ampersand: BinaryMark(.and, level: 2, isMistaken: true)
    case .pipe: BinaryMark(.or, level: 1, isMistaken: true)
    case .endOfFile, .invalid, .identifier, .quotedName, .int, .uint, .double, .duration, .size, .invalidLiteral,
      .string, .bytes, .stringHead, .stringMiddle, .stringTail, .leftParen, .rightParen, .leftBracket, .rightBracket,
      .leftBrace, .rightBrace, .comma, .colon, .dot, .dotQuestion, .question, .at, .arrow, .doubleArrow, .not:
      nil
    }
  }
}
