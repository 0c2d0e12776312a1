/// Types as written.
extension Parser {
  /// `basetype { "?" }`; a second `?` is a mistake that it reads past.
  mutating func parseType() -> TypeSyntax {
    let start = token.start
    guard enter() else { return TypeSyntax(.missing, at: gap) }
    defer { leave() }
    var type = parseBaseType()
    while token.kind == .question || isAtBrackets, !isOnNewLine {
      if token.kind == .leftBracket {
        complain(.arrayType(file.text(type.range), at: range(token).joined(with: range(peek())), of: type.range))
        advance()
        advance()
        type = TypeSyntax(.named(Path([Name("list", at: gap)]), arguments: [type]), at: range(from: start))
        continue
      }
      if case .optional = type.kind {
        complain(.nestedOptional(at: range(token)))
        advance()
      } else {
        advance()
        type = TypeSyntax(.optional(type), at: range(from: start))
      }
    }
    return type
  }

  /// The `[]` of `int[]`.
  private var isAtBrackets: Bool {
    token.kind == .leftBracket && token.start == previousEnd && peek().kind == .rightBracket
  }

  private mutating func parseBaseType() -> TypeSyntax {
    let start = token.start
    if token.kind == .identifier, !isAtItemInsideBrackets {
      if token.word.isReserved { complain(.reservedName(text(token), at: range(token))) }
      let path = parsePath("a type")
      let arguments = token.kind == .less && !isOnNewLine ? parseTypeArguments() : []
      return TypeSyntax(.named(path, arguments: arguments), at: range(from: start))
    }
    if token.kind == .leftBrace { return parseRecordType() }
    if token.kind == .leftBracket { return parseBracketedType() }
    fail(.expected("a type", found: found))
    return TypeSyntax(.missing, at: gap)
  }

  /// `"<" type { "," type } ">"`
  private mutating func parseTypeArguments() -> [TypeSyntax] {
    let opener = token
    advance()
    var arguments: [TypeSyntax] = []
    repeat {
      if token.kind == .greater {
        if arguments.isEmpty { complain(.expected("a type", found: foundToken)) }
        break
      }
      arguments.append(parseType())
    } while !isRecovering && consumeTypeComma()
    skipToAngle()
    if token.kind == .greaterOrEqual {
      cursor.splitMark(leaving: .assign)
    } else if !consume(.greater) {
      failUnclosed(opener, .greater)
    }
    return arguments
  }

  /// The `,` between type arguments; a type without it is a mistake that it reads past.
  private mutating func consumeTypeComma() -> Bool {
    if consume(.comma) { return true }
    guard token.kind == .identifier || token.kind == .leftBrace, !token.isOnNewLine, peek().kind != .colon
    else { return false }
    complain(.missingComma(at: range(token), gap: gap, lines: false))
    return true
  }

  /// `{ a: int, b: string? }`, its fields separated by commas or lines.
  private mutating func parseRecordType() -> TypeSyntax {
    let opener = token
    advance()
    var fields: [TypeSyntax.Field] = []
    parseElements(until: .rightBrace, of: opener, lines: true, names: true) { parser in
      let documentation = parser.takeDocumentation()
      let name = parser.parseFieldName("a field name")
      parser.expectTypeColon(of: name)
      let type = parser.isRecovering ? TypeSyntax(.missing, at: parser.gap) : parser.parseType()
      let refinement = parser.parseWhere()
      fields.append(
        TypeSyntax.Field(
          documentation: documentation, name: name, type: type, refinement: refinement,
          range: parser.range(from: name.range.start)))
    }
    return TypeSyntax(.record(fields), at: range(from: opener.start))
  }

  /// `[T]` of other languages.
  private mutating func parseBracketedType() -> TypeSyntax {
    let opener = token
    advance()
    let element = parseType()
    if token.kind == .rightBracket {
      complain(
        .bracketedType(file.text(element.range), open: range(opener), close: range(token)))
      advance()
    } else {
      fail(.expected("a type", found: Found(text: "`[`", range: range(opener))))
    }
    let list = Path([Name("list", at: range(opener))])
    return TypeSyntax(.named(list, arguments: [element]), at: range(from: opener.start))
  }

  /// `where e`
  mutating func parseWhere() -> ExpressionSyntax? {
    guard isAt(.where), !isRecovering else { return nil }
    advance()
    return parseValue()
  }

  /// `word { "." word }`
  mutating func parsePath(_ what: String) -> Path {
    guard token.kind == .identifier, !isAtItemInsideBrackets else {
      fail(.expected(what, found: found))
      return Path([missingName])
    }
    if let last = endOfDottedNames {
      let range = range(token).joined(with: range(peek(last)))
      for _ in 0...last { advance() }
      return Path(dotted: source(range), at: range)
    }
    let first = Name(text(token), at: range(token))
    advance()
    guard token.kind == .dot, !isRecovering else { return Path(first) }
    var names = [first]
    while token.kind == .dot, !isRecovering {
      advance()
      names.append(parseWord("a name after `.`"))
    }
    return Path(names)
  }

  /// How far away the last is of several names here with nothing but dots between them; nil where there are none, or
  /// the path goes on otherwise.
  private var endOfDottedNames: Int? {
    var distance = 0
    var last = token
    while peek(distance + 1).kind == .dot {
      let (dot, next) = (peek(distance + 1), peek(distance + 2))
      guard dot.start == last.end, next.start == dot.end, next.kind == .identifier else { return nil }
      (last, distance) = (next, distance + 2)
    }
    return distance > 0 ? distance : nil
  }

  /// Any word, reserved or not.
  mutating func parseWord(_ what: String) -> Name {
    guard token.kind == .identifier, !isAtItemInsideBrackets else {
      fail(.expected(what, found: found))
      return missingName
    }
    let name = Name(text(token), at: range(token))
    advance()
    return name
  }
}
