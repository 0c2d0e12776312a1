/// Record and map literals, and the literals of other languages that look like them.
extension Parser {
  /// `{}`, `{ name: e }`, `{ "key": e }`
  mutating func parseBraces() -> ExpressionSyntax {
    let opener = token
    advance()
    if consume(.rightBrace) { return ExpressionSyntax(.emptyBraces, at: range(from: opener.start)) }
    var literal = BracesLiteral()
    var highest = 0
    parseElements(until: .rightBrace, of: opener) { parser in
      parser.parseEntry(into: &literal)
      highest = max(highest, parser.height)
    }
    height = highest
    return grow(literal.kind, from: opener.start)
  }

  private mutating func parseEntry(into literal: inout BracesLiteral) {
    let optional = consume(.question)
    let isBare =
      dialect == .dxsh
      && (token.kind == .quotedName
        || token.kind == .identifier && (token.word.isFieldName || token.word == .in) && isKeyEnd(peek()))
    if isBare {
      let name = parseFieldName("a field name")
      if literal.isMap { complainAboutMixedKeys(&literal, at: name.range) }
      parseEntryColon()
      let field = ExpressionSyntax.Field(name: name, value: parseExpression(), optional: optional)
      literal.add(field)
    } else {
      let key = parseConditional()
      let below = height
      if case .missing = key.kind { return fail(.expected("a key", found: found)) }
      if literal.isRecord { complainAboutMixedKeys(&literal, at: key.range) }
      parseEntryColon()
      let entry = ExpressionSyntax.Entry(key: key, value: parseExpression(), optional: optional)
      height = max(height, below)
      literal.add(entry)
    }
  }

  /// `:`, or an `=` that is meant as one, or nothing but the next entry.
  private func isKeyEnd(_ next: Token) -> Bool {
    next.kind == .colon || next.kind == .assign || next.kind == .comma || next.kind == .rightBrace
      || next.startsOperandAfterName
  }

  private mutating func parseEntryColon() {
    if consume(.colon) { return }
    if token.kind == .assign {
      complain(.assignInArguments(at: range(token), gap: gap))
      return advance()
    }
    if token.kind.startsElement, !isRecovering, !isAtStrongClause {
      return complain(.missingColon(at: range(token), gap: gap))
    }
    expect(.colon, "`:` and a value")
  }

  private mutating func complainAboutMixedKeys(_ literal: inout BracesLiteral, at range: SourceRange) {
    if !literal.hasMixedKeys { complain(.mixedKeys(at: range)) }
    literal.hasMixedKeys = true
  }

  // MARK: Mistakes

  /// `Order{ id: …`: the `{` has fields and stands directly after a capitalised name. Blocks never start so.
  func isAtMessageLiteral(after name: Token) -> Bool {
    if isOnNewLine { return false }
    let first = bytes[Int(name.start)]
    return first >= UInt8(ascii: "A") && first <= UInt8(ascii: "Z") && peek().kind == .identifier
      && peek(2).kind == .colon
  }

  mutating func parseMessageLiteral(_ name: Token) -> ExpressionSyntax {
    complain(.messageLiteral(text(name), at: range(name), gap: token.start, untypedLet: untypedLet))
    return parseBraces()
  }
}

/// The entries of a braces literal while its kind is found out: the first key decides.
private struct BracesLiteral {
  var fields: [ExpressionSyntax.Field] = []
  var entries: [ExpressionSyntax.Entry] = []
  var hasMixedKeys = false

  var isRecord: Bool { !fields.isEmpty }
  var isMap: Bool { !entries.isEmpty }
  var kind: ExpressionSyntax.Kind { isMap ? .map(entries) : .record(fields) }

  mutating func add(_ field: ExpressionSyntax.Field) {
    if isMap {
      let key = ExpressionSyntax(.literal(.string(field.name.text)), at: field.name.range)
      entries.append(ExpressionSyntax.Entry(key: key, value: field.value, optional: field.optional))
    } else {
      if fields.isEmpty { fields.reserveCapacity(4) }
      fields.append(field)
    }
  }

  mutating func add(_ entry: ExpressionSyntax.Entry) {
    guard isRecord else { return entries.append(entry) }
    if case .literal(.string(let text)) = entry.key.kind {
      fields.append(
        ExpressionSyntax.Field(name: Name(text, at: entry.key.range), value: entry.value, optional: entry.optional))
    }
  }
}
