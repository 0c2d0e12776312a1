/// Operators: `expr`, `cond`, the binary levels and `unary` of the grammar.
extension Parser {
  /// `cond [ "as" type ]`
  mutating func parseExpression() -> ExpressionSyntax {
    let start = token.start
    let expression = parseConditional()
    guard cursor.isAt(.as), !isRecovering, dialect == .dxsh else { return expression }
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
    while !isRecovering, let found = cursor.binaryMark, found.level > level {
      let below = height
      if found.isMistaken { complain(.mistakenOperator(text(token), found.operator, at: range(token))) }
      advance()
      let right = parseBinary(above: found.level)
      left = grow(above: below, .binary(found.operator, left, right), from: start)
    }
    return left
  }

  /// `{ "!" } postfix | { "-" } postfix`
  private mutating func parseUnary() -> ExpressionSyntax {
    guard cursor.isAtUnaryOperator else { return parsePostfix(isNegated: false) }
    var operators: [(operator: UnaryOperator, start: UInt32)] = []
    var isMixed = false
    while cursor.isAtUnaryOperator {
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
}
