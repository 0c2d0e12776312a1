/// Operators: `expr`, `cond`, the binary levels and `unary` of the grammar.
extension Parser {
  /// `cond [ "as" type ]`
  mutating func parseExpression() -> ExpressionSyntax {
    let start = token.start
    let expression = parseConditional()
    guard isAt(.as), !isRecovering, dialect == .dxsh else { return expression }
    advance()
    let below = height
    let type = parseType()
    height = below
    return grow(.cast(expression, type), from: start)
  }

  /// `or [ "?" or ":" cond ]`, without recursion along the chain.
  mutating func parseConditional() -> ExpressionSyntax {
    let start = token.start
    var last = parseBinary(above: 0)
    guard token.kind == .question, !isRecovering else { return last }
    var links: [(condition: ExpressionSyntax, then: ExpressionSyntax)] = []
    var highest = 0
    while token.kind == .question, !isRecovering {
      advance()
      let below = height
      openConditionals += 1
      let then = parseBinary(above: 0)
      openConditionals -= 1
      expect(.colon, "`:` and the other value of `c ? a : b`")
      links.append((last, then))
      highest = max(highest, links.count - 1 + max(below, height))
      last = parseBinary(above: 0)
      if links.count - 1 + height >= Parser.heightLimit {
        return grow(above: Parser.heightLimit, .missing, from: start)
      }
    }
    height = max(highest, links.count - 1 + height) + 1
    for link in links.reversed() {
      let range = link.condition.range.joined(with: last.range)
      last = ExpressionSyntax(.conditional(link.condition, link.then, last), at: range)
    }
    return last
  }

  /// A chain of the operators that bind tighter than a level; all are left-associative.
  private mutating func parseBinary(above level: Int) -> ExpressionSyntax {
    let start = token.start
    var left = parseUnary()
    while !isRecovering, let found = token.word == .none ? token.kind.binaryMark : operatorWord, found.level > level {
      let below = height
      if found.isMistaken { complain(.mistakenOperator(text(token), found.operator, at: range(token))) }
      advance()
      let right = parseBinary(above: found.level)
      left = grow(above: below, .binary(found.operator, left, right), from: start)
    }
    return left
  }

  /// `in`, and the `and` and `or` of other languages.
  private var operatorWord: BinaryMark? {
    if isAt(.in) { return BinaryMark(.membership, level: 3) }
    guard token.word == .and || token.word == .or, !isOnNewLine, peek().kind.startsElement else { return nil }
    return token.word == .and
      ? BinaryMark(.and, level: 2, isMistaken: true) : BinaryMark(.or, level: 1, isMistaken: true)
  }

  /// `{ "!" } postfix | { "-" } postfix`
  private mutating func parseUnary() -> ExpressionSyntax {
    guard isAtUnaryOperator else { return parsePostfix(isNegated: false) }
    var operators: [(operator: UnaryOperator, start: UInt32)] = []
    var isMixed = false
    while isAtUnaryOperator {
      if token.kind == .identifier { complain(.mistakenNot(at: range(token), next: range(peek()))) }
      let next: UnaryOperator = token.kind == .minus ? .negate : .not
      if let last = operators.last, last.operator != next, !isMixed {
        isMixed = true
        complain(.mixedUnaryOperators(at: range(token)))
      }
      operators.append((next, token.start))
      advance()
    }
    var expression = parsePostfix(isNegated: operators.last?.operator == .negate)
    for next in operators.suffix(Parser.heightLimit + 1).reversed() {
      expression = grow(.unary(next.operator, expression), from: next.start)
    }
    return expression
  }

  @inline(__always)
  private var isAtUnaryOperator: Bool {
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
