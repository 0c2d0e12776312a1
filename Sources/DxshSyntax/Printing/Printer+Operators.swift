/// Operators, conditionals and chains of selections and calls.
extension Printer {
  mutating func printUnary(_ sign: UnaryOperator, _ operand: ExpressionSyntax) {
    text(sign.rawValue)
    if case .unary(sign, _) = operand.kind { print(operand) } else { print(operand, at: .postfix) }
  }

  /// A chain of operators of one level, which breaks after each of them.
  mutating func printOperators(_ expression: ExpressionSyntax, _ level: Level) {
    var first = expression
    var links: [(sign: BinaryOperator, operand: ExpressionSyntax, left: ExpressionSyntax)] = []
    while case .binary(let sign, let left, let right) = first.kind, sign.level == level {
      links.append((sign, right, left))
      first = left
    }
    group { printer in
      printer.print(first, at: level)
      printer.indented(printer.continuation) { printer in
        for link in links.reversed() {
          printer.printTrailing(link.left.range.end)
          printer.text(" ")
          printer.text(link.sign.rawValue)
          printer.line()
          printer.print(link.operand, at: level.tighter)
        }
      }
    }
  }

  /// `c ? a : b`, with the further choices of a chain below each other.
  mutating func printConditional(_ expression: ExpressionSyntax) {
    group { printer in
      var rest = expression
      var isFirst = true
      while case .conditional(let condition, let then, let other) = rest.kind {
        printer.printLink(isFirst ? nil : ": ", condition)
        printer.printLink("? ", then)
        rest = other
        isFirst = false
      }
      printer.printLink(": ", rest, at: .conditional)
    }
  }

  private mutating func printLink(_ mark: String?, _ operand: ExpressionSyntax, at level: Level = .or) {
    guard let mark else { return print(operand, at: level) }
    indented(continuation) { printer in
      printer.line()
      printer.text(mark)
      printer.print(operand, at: level)
    }
  }

  // MARK: Chains

  /// Selections, calls and indexes after a value. Three calls or more go each on a line where they do not fit on one.
  mutating func printChain(_ expression: ExpressionSyntax) {
    var links: [ExpressionSyntax] = []
    var base = expression
    while let next = base.chainBase {
      links.append(base)
      base = next
    }
    links.reverse()
    let calls = links.count { if case .method = $0.kind { true } else { false } }
    let commented = links.map { hasOwnComments($0) }
    let breaks = calls >= 3 || commented.contains(true)
    group { printer in
      printer.print(base, at: .postfix)
      printer.indented(breaks ? 2 : 0) { printer in
        for (link, hasComments) in zip(links, commented) {
          printer.printLink(link, breaks: breaks, hasComments: hasComments)
        }
      }
    }
  }

  private func hasOwnComments(_ link: ExpressionSyntax) -> Bool {
    guard let name = link.chainName, let base = link.chainBase else { return false }
    return comments.hasComments(before: name.range.start) || comments.hasComments(after: base.range.end)
  }

  private mutating func printLink(_ link: ExpressionSyntax, breaks: Bool, hasComments: Bool) {
    if let base = link.chainBase, hasComments { printTrailing(base.range.end) }
    switch link.kind {
    case .select(_, let field, let optional):
      if hasComments { line(isSpace: false) }
      printLeading(field.range.start, before: true)
      text(optional ? ".?" : ".")
      text(LiteralText.fieldName(field.text))
    case .method(_, let name, let arguments):
      if breaks { line(isSpace: false) }
      printLeading(name.range.start, before: true)
      text(".")
      text(LiteralText.fieldName(name.text))
      print(arguments, end: link.range.end)
    case .index(_, let index, let optional):
      let brackets = Brackets(open: optional ? "[?" : "[", close: "]", isTrailing: false)
      printList([index], in: brackets, closing: { $0.comments.takeClosing(link.range.end) }, range: \.range) {
        $0.print($1)
      }
    case .missing, .literal, .name, .call, .unary, .binary, .conditional, .list, .record, .map, .emptyBraces,
      .interpolation, .match, .cast, .parenthesized:
      break
    }
  }
}

extension BinaryOperator {
  var level: Printer.Level {
    switch self {
    case .or: .or
    case .and: .and
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .membership: .relation
    case .add, .subtract: .sum
    case .multiply, .divide, .remainder: .product
    }
  }
}

extension ExpressionSyntax {
  /// What a selection, an index or a call on a value stands on.
  fileprivate var chainBase: ExpressionSyntax? {
    switch kind {
    case .select(let base, _, _), .index(let base, _, _), .method(let base, _, _): base
    case .missing, .literal, .name, .call, .unary, .binary, .conditional, .list, .record, .map, .emptyBraces,
      .interpolation, .match, .cast, .parenthesized:
      nil
    }
  }

  /// The name after the dot.
  fileprivate var chainName: Name? {
    switch kind {
    case .select(_, let name, _), .method(_, let name, _): name
    case .missing, .literal, .name, .index, .call, .unary, .binary, .conditional, .list, .record, .map, .emptyBraces,
      .interpolation, .match, .cast, .parenthesized:
      nil
    }
  }
}
