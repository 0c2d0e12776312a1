/// Expressions.
extension Printer {
  /// How tightly a place binds what stands in it: an expression of a lower level needs parentheses there.
  enum Level: Int, Comparable {
    case cast, conditional, or, and, relation, sum, product, unary, postfix
    /// Where nothing stands without parentheses.
    case parenthesized

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    /// The level of the right side of an operator.
    var tighter: Level { Level(rawValue: rawValue + 1) ?? .postfix }
  }

  /// Prints an expression as an element: with the comments before and after it.
  mutating func print(_ expression: ExpressionSyntax, at level: Level = .cast) {
    element(expression.range) { printer in
      if expression.level < level {
        printer.text("(")
        printer.printBare(expression)
        printer.text(")")
      } else {
        printer.printBare(expression)
      }
    }
  }

  mutating func printBare(_ expression: ExpressionSyntax) {
    switch expression.kind {
    case .missing: break
    case .literal(let literal):
      if let bytes = spelledBytes(expression.range) { layout.text(bytes) } else { text(LiteralText.text(of: literal)) }
      if isOnSeveralLines(expression.range) { layout.breakOpenGroups() }
    case .name(let name): text(name)
    case .select, .index, .method: printChain(expression)
    case .call(let name, let arguments):
      text(name.text)
      print(arguments, end: expression.range.end)
    case .unary(let sign, let operand): printUnary(sign, operand)
    case .binary(let sign, _, _): printOperators(expression, sign.level)
    case .conditional: printConditional(expression)
    case .list(let elements):
      printList(elements, in: .list, closing: { $0.comments.takeClosing(expression.range.end) }, range: \.value.range) {
        printer, element in
        if element.optional { printer.text("?") }
        printer.print(element.value)
      }
    case .record(let fields): printRecord(fields, expression.range)
    case .map(let entries): printMap(entries, expression.range)
    case .emptyBraces:
      printList(
        [ExpressionSyntax](), in: .literal, closing: { $0.comments.takeClosing(expression.range.end) }, range: \.range
      ) {
        $0.print($1)
      }
    case .interpolation(let segments): printInterpolation(segments, expression.range)
    case .match(let subject, let arms): printMatch(subject, arms, expression.range)
    case .cast(let base, let type):
      group { printer in
        printer.print(base, at: .conditional)
        printer.indented(printer.continuation) { printer in
          printer.line()
          printer.text("as ")
          printer.print(type)
        }
      }
    case .parenthesized(let inner): printParenthesized(inner, expression.range)
    }
  }

  // MARK: Brackets

  private mutating func printParenthesized(_ inner: ExpressionSyntax, _ range: SourceRange) {
    let outer = continuation
    continuation = 2
    printList([inner], in: .parentheses, closing: { $0.comments.takeClosing(range.end) }, range: \.range) {
      $0.print($1)
    }
    continuation = outer
  }

  private mutating func printRecord(_ fields: [ExpressionSyntax.Field], _ range: SourceRange) {
    printList(
      fields, in: .literal, closing: { $0.comments.takeClosing(range.end) },
      range: { $0.name.range.joined(with: $0.value.range) }
    ) { printer, field in
      if field.optional { printer.text("?") }
      printer.text(LiteralText.fieldName(field.name.text))
      printer.text(": ")
      printer.print(field.value)
    }
  }

  private mutating func printMap(_ entries: [ExpressionSyntax.Entry], _ range: SourceRange) {
    printList(
      entries, in: .literal, closing: { $0.comments.takeClosing(range.end) },
      range: { $0.key.range.joined(with: $0.value.range) }
    ) { printer, entry in
      if entry.optional { printer.text("?") }
      printer.print(entry.key, at: entry.key.isBareWord ? .parenthesized : .conditional)
      printer.text(": ")
      printer.print(entry.value)
    }
  }

  private mutating func printMatch(
    _ subject: ExpressionSyntax, _ arms: [ExpressionSyntax.MatchArm], _ range: SourceRange
  ) {
    text("match ")
    print(subject)
    text(" ")
    printList(arms, in: .literal, closing: { $0.comments.takeClosing(range.end) }, range: \.range) { printer, arm in
      printer.print(arm.patterns)
      printer.text(" => ")
      printer.print(arm.value)
    }
  }

  /// `p | q`
  mutating func print(_ patterns: [ExpressionSyntax.Pattern]) {
    for (index, pattern) in patterns.enumerated() {
      if index > 0 { text(" | ") }
      text(patternText(pattern))
    }
  }

  private func patternText(_ pattern: ExpressionSyntax.Pattern) -> String {
    switch pattern.kind {
    case .anything: return "_"
    case .member(let path): return path.text
    case .literal(let literal, let negated):
      guard let spelling = spelling(pattern.range), !negated || !spelling.contains("\n") else {
        return (negated ? "-" : "") + LiteralText.text(of: literal)
      }
      return negated ? "-" + String(spelling.dropFirst().drop { $0 == " " || $0 == "\t" }) : spelling
    }
  }

  // MARK: Arguments

  /// `( e, name: e )`
  /// - end: where the brackets end, for the comments before the closing one
  /// - last: where the last argument ends, when the brackets are not the end of anything
  mutating func print(_ arguments: [Argument], end: UInt32, after last: UInt32? = nil) {
    if arguments.count == 1, arguments[0].label == nil,
      arguments[0].value.isBracketed || isOnSeveralLines(arguments[0].value),
      !comments.hasComments(before: arguments[0].range.start), !comments.hasComments(after: arguments[0].range.end),
      !comments.hasComments(beforeCloserAt: last ?? end)
    {
      text("(")
      print(arguments[0].value)
      return text(")")
    }
    let outer = continuation
    continuation = 2
    printList(
      arguments, in: .arguments,
      closing: { printer in last.map { printer.comments.takeClosing(after: $0) } ?? printer.comments.takeClosing(end) },
      range: \.range
    ) {
      printer, argument in
      if let label = argument.label {
        printer.text(LiteralText.fieldName(label.text))
        printer.text(": ")
      }
      printer.print(argument.value)
    }
    continuation = outer
  }

  // MARK: Texts

  private mutating func printInterpolation(_ segments: [ExpressionSyntax.Segment], _ range: SourceRange) {
    guard let spelling = spelledBytes(range), let source else { return printInterpolation(segments) }
    if isOnSeveralLines(range) { layout.breakOpenGroups() }
    if hasComment(spelling) { return layout.text(spelling) }
    group(.flat) { printer in
      var start = range.start
      for case .expression(let expression) in segments {
        let before = SourceRange(file: range.file, start: start, end: max(start, expression.range.start))
        printer.text(source.text(before).trimmed(atStart: start > range.start, atEnd: true))
        printer.print(expression)
        start = expression.range.end
      }
      let last = source.text(SourceRange(file: range.file, start: start, end: max(start, range.end)))
      printer.text(last.trimmed(atStart: start > range.start, atEnd: false))
    }
  }

  /// Whether an expression is a text of several lines.
  private func isOnSeveralLines(_ expression: ExpressionSyntax) -> Bool {
    switch expression.kind {
    case .literal, .interpolation: isOnSeveralLines(expression.range)
    case .missing, .name, .select, .index, .call, .method, .unary, .binary, .conditional, .list, .record, .map,
      .emptyBraces, .match, .cast, .parenthesized:
      false
    }
  }

  /// Whether a placeholder has comments, so that the text stays as it is. A comment ends a line, so there is none where
  /// there are no lines.
  private func hasComment(_ spelling: ArraySlice<UInt8>) -> Bool {
    if !spelling.contains(UInt8(ascii: "\n")) { return false }
    return tokenize(SourceFile(id: FileID(0), name: "", bytes: Array(spelling))).comments.isEmpty == false
  }

  private mutating func printInterpolation(_ segments: [ExpressionSyntax.Segment]) {
    group(.flat) { printer in
      printer.text("\"")
      for segment in segments {
        switch segment {
        case .text(let text): printer.text(LiteralText.escaped(text))
        case .expression(let expression):
          printer.text("${")
          printer.print(expression)
          printer.text("}")
        }
      }
      printer.text("\"")
    }
  }
}

extension ExpressionSyntax {
  var level: Printer.Level {
    switch kind {
    case .cast: .cast
    case .conditional: .conditional
    case .binary(let sign, _, _): sign.level
    case .unary: .unary
    case .missing, .literal, .name, .select, .index, .call, .method, .list, .record, .map, .emptyBraces, .interpolation,
      .match, .parenthesized:
      .postfix
    }
  }

  /// Whether it is a list or braces with something in them, whose brackets can do for those around it.
  fileprivate var isBracketed: Bool {
    switch kind {
    case .list(let elements): !elements.isEmpty
    case .record, .map: true
    case .missing, .literal, .name, .select, .index, .call, .method, .unary, .binary, .conditional, .emptyBraces,
      .interpolation, .match, .cast, .parenthesized:
      false
    }
  }

  /// Whether it would be read as the name of a field where a key stands.
  fileprivate var isBareWord: Bool {
    switch kind {
    case .name(let name): !name.hasPrefix(".")
    case .match: true
    case .binary(_, let left, _): left.isMatch
    case .conditional(let condition, _, _): condition.isMatch
    case .select(let base, _, _), .index(let base, _, _), .method(let base, _, _): base.isMatch
    case .missing, .literal, .call, .unary, .list, .record, .map, .emptyBraces, .interpolation, .cast, .parenthesized:
      false
    }
  }

  /// Whether its text begins with `match`.
  private var isMatch: Bool {
    switch kind {
    case .match: true
    case .binary(_, let left, _): left.isMatch
    case .conditional(let condition, _, _): condition.isMatch
    case .select(let base, _, _), .index(let base, _, _), .method(let base, _, _): base.isMatch
    case .missing, .literal, .name, .call, .unary, .list, .record, .map, .emptyBraces, .interpolation, .cast,
      .parenthesized:
      false
    }
  }
}

extension String {
  /// Without white space at its ends.
  fileprivate func trimmed(atStart: Bool, atEnd: Bool) -> String {
    // Most of these texts begin and end with a mark.
    let isMarked = { (byte: UInt8?) in byte.map { $0 > UInt8(ascii: " ") && $0 < 0x80 } ?? false }
    if isMarked(utf8.first) || !atStart, isMarked(utf8.last) || !atEnd { return self }
    func isSpace(_ character: Character) -> Bool { character.isWhitespace }
    var text = self[...]
    if atStart { text = text.drop(while: isSpace) }
    while atEnd, let last = text.last, isSpace(last) { text.removeLast() }
    return String(text)
  }
}
