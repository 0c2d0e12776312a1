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
    while !isRecovering, let found = operatorHere, found.level > level {
      let below = height
      let position = token
      if found.isMistaken { complain(.mistakenOperator(text(position), found.operator, at: range(position))) }
      advance()
      let right = parseBinary(above: found.level)
      left = grow(above: below, .binary(found.operator, left, right), from: start)
    }
    return left
  }

  private struct OperatorHere {
    var `operator`: BinaryOperator
    /// 1 binds loosest.
    var level: Int
    /// Written as in another language.
    var isMistaken = false
  }

  /// The binary operator at the token.
  private var operatorHere: OperatorHere? {
    switch token.kind {
    case .orOr: OperatorHere(operator: .or, level: 1)
    case .andAnd: OperatorHere(operator: .and, level: 2)
    case .less: OperatorHere(operator: .less, level: 3)
    case .lessOrEqual: OperatorHere(operator: .lessOrEqual, level: 3)
    case .greater: OperatorHere(operator: .greater, level: 3)
    case .greaterOrEqual: OperatorHere(operator: .greaterOrEqual, level: 3)
    case .equal: OperatorHere(operator: .equal, level: 3)
    case .notEqual: OperatorHere(operator: .notEqual, level: 3)
    case .plus: OperatorHere(operator: .add, level: 4)
    case .minus: OperatorHere(operator: .subtract, level: 4)
    case .star: OperatorHere(operator: .multiply, level: 5)
    case .slash: OperatorHere(operator: .divide, level: 5)
    case .percent: OperatorHere(operator: .remainder, level: 5)
    case .identifier: token.word == .none ? nil : operatorWord
    case .assign: OperatorHere(operator: .equal, level: 3, isMistaken: true)
    case .ampersand: OperatorHere(operator: .and, level: 2, isMistaken: true)
    case .pipe: OperatorHere(operator: .or, level: 1, isMistaken: true)
    case .endOfFile, .invalid, .quotedName, .int, .uint, .double, .duration, .size, .invalidLiteral, .string, .bytes,
      .stringHead, .stringMiddle, .stringTail, .leftParen, .rightParen, .leftBracket, .rightBracket, .leftBrace,
      .rightBrace, .comma, .colon, .dot, .dotQuestion, .question, .at, .arrow, .doubleArrow, .not:
      nil
    }
  }

  /// `in`, and the `and` and `or` of other languages.
  private var operatorWord: OperatorHere? {
    if isAt(.in) { return OperatorHere(operator: .membership, level: 3) }
    guard token.word == .and || token.word == .or, !isOnNewLine, peek().kind.startsElement else { return nil }
    return OperatorHere(
      operator: token.word == .and ? .and : .or, level: token.word == .and ? 2 : 1, isMistaken: true)
  }

  /// `{ "!" } postfix | { "-" } postfix`
  private mutating func parseUnary() -> ExpressionSyntax {
    guard token.kind == .not || token.kind == .minus || isAtMistakenNot else { return parsePostfix(isNegated: false) }
    var operators: [(operator: UnaryOperator, start: UInt32)] = []
    var isMixed = false
    while token.kind == .not || token.kind == .minus || isAtMistakenNot {
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

  /// `not x` of other languages; `not(x)` is a call.
  private var isAtMistakenNot: Bool {
    guard token.word == .not else { return false }
    let next = peek()
    if next.isOnNewLine || next.kind == .minus || next.kind == .leftBracket || next.kind == .question { return false }
    if next.kind == .leftParen { return next.start > token.end }
    return next.kind.startsElement && next.word != .in && next.word != .as && next.word != .and && next.word != .or
      && next.kind != .leftBrace
  }
}
