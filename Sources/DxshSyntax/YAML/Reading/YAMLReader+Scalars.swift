/// Scalars: names, texts, types, expressions.
extension YAMLReader {
  // MARK: Names

  /// A name that the text binds; reserved words are reported and taken.
  mutating func name(_ part: Part, _ what: String) -> Name {
    enter(part) { reader, node in
      let name = reader.word(Part(node), what)
      if !name.isMissing, reader.knownWord(node).isReserved {
        reader.report(.reservedName(name.text, at: reader.place(node)))
      }
      return name
    }
  }

  /// The word known to the parser that the text of a scalar is.
  func knownWord(_ node: Int32) -> Word {
    let scalar = document[node]
    if scalar.flags.contains(.verbatim) {
      return WordTable.shared.word(file.bytes, from: Int(scalar.first), to: Int(scalar.count))
    }
    let text = document.decoded[Int(scalar.first)]
    return WordTable.shared.word(text, from: 0, to: text.count)
  }

  /// Any word.
  mutating func word(_ part: Part, _ what: String) -> Name {
    enter(part) { reader, node in
      guard reader.document[node].kind == .scalar else {
        reader.misplaced(node, what)
        return Name("", at: reader.range(node))
      }
      if reader.isTrap(node) { return reader.trapName(node) }
      let isWord = reader.document.bytes(node) { bytes in
        bytes.first.map(isNameStart) ?? false && bytes.allSatisfy(isNamePart)
      }
      let text = reader.document.text(node)
      if !isWord {
        reader.report(.notAName(text, expected: what, at: reader.place(node)))
        return Name("", at: reader.range(node))
      }
      return Name(text, at: reader.range(node))
    }
  }

  /// `on`, `no` and the like: names to us, no texts to others.
  private mutating func trapName(_ node: Int32) -> Name {
    let text = document.text(node)
    report(.trapWord(text, at: place(node), isName: true))
    return Name(text, at: range(node))
  }

  /// The name of a field or parameter: what may stand in backticks.
  mutating func fieldName(_ entry: Entry) -> Name {
    enter(entry.keyPart) { reader, node in
      let text = reader.document.text(node)
      if reader.isTrap(node) { reader.report(.trapKey(text, at: reader.place(node), meant: nil)) }
      if !reader.document.bytes(node, { !$0.isEmpty && $0.allSatisfy(isQuotedNamePart) }) {
        reader.report(.notAName(text, expected: "the name of a field or parameter", at: reader.place(node)))
        return Name("", at: reader.range(node))
      }
      return Name(text, at: reader.range(node))
    }
  }

  /// `a.b`
  mutating func path(_ part: Part, _ what: String) -> Path {
    enter(part) { reader, node in
      guard reader.document[node].kind == .scalar else {
        reader.misplaced(node, what)
        return Path([Name("", at: reader.range(node))])
      }
      let isWord = reader.document.bytes(node) { bytes in
        bytes.first.map(isNameStart) ?? false && bytes.allSatisfy(isNamePart)
      }
      if isWord { return Path([Name(reader.document.text(node), at: reader.range(node))]) }
      if reader.document.bytes(node, \.isEmpty) {
        reader.misplaced(node, what)
        return Path([Name("", at: reader.range(node))])
      }
      if let path = reader.plainPath(node) { return path }
      return reader.parse(node) { parser in
        let path = parser.parsePath(what)
        if parser.token.kind == .leftParen {
          parser.fail(.callInYAML(at: parser.range(parser.token)))
        }
        parser.expectEndOfFile(of: "name")
        return path
      }
    }
  }

  /// A path that is nothing but words and dots, which needs no parser; nil where it is something else.
  private func plainPath(_ node: Int32) -> Path? {
    let scalar = document[node]
    guard scalar.flags.contains(.verbatim) else { return nil }
    return file.bytes.withUnsafeBufferPointer { bytes in
      var names: [Name] = []
      var start = Int(scalar.first)
      while start < Int(scalar.count), isNameStart(bytes[start]) {
        var end = start + 1
        while end < Int(scalar.count), isNamePart(bytes[end]) { end += 1 }
        // A known word at the start may be more than a name.
        if names.isEmpty, WordTable.shared.word(file.bytes, from: start, to: end) != .none { return nil }
        let place = SourceRange(file: file.id, start: UInt32(start), end: UInt32(end))
        names.append(Name(file.text(place), at: use ?? place))
        if end == Int(scalar.count) { return Path(names) }
        guard bytes[end] == UInt8(ascii: ".") else { return nil }
        start = end + 1
      }
      return nil
    }
  }

  // MARK: Texts

  /// A text without placeholders, with its range.
  mutating func plainText(_ part: Part, _ what: String) -> (text: String, range: SourceRange) {
    enter(part) { reader, node in
      guard reader.document[node].kind == .scalar else {
        reader.misplaced(node, what)
        return ("", reader.range(node))
      }
      return reader.text(of: node, what)
    }
  }

  /// The text of a scalar in which `$${` is a plain `${` and nothing may be filled in.
  mutating func text(of node: Int32, _ what: String) -> (text: String, range: SourceRange) {
    if !hasPlaceholder(node) { return (document.text(node), range(node)) }
    let expression = parse(node, asScalar: true) { $0.parseScalarText() }
    if case .literal(.string(let text)) = expression.kind { return (text, range(node)) }
    if case .missing = expression.kind { return ("", range(node)) }
    report(.placeholderInName(expected: what, at: place(node)))
    return ("", range(node))
  }

  /// Whether a scalar has a `${`, escaped or not.
  func hasPlaceholder(_ node: Int32) -> Bool {
    document.bytes(node) { bytes in
      var index = 0
      while index + 1 < bytes.count {
        if bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{") { return true }
        index += 1
      }
      return false
    }
  }

  // MARK: Parsed texts

  /// The text of an expression.
  mutating func expressionText(_ part: Part, _ what: String) -> ExpressionSyntax {
    enter(part) { reader, node in
      guard reader.document[node].kind == .scalar, !reader.document.bytes(node, \.isEmpty) else {
        reader.misplaced(node, what)
        return reader.missing(node)
      }
      return reader.expression(at: node)
    }
  }

  /// An expression, as it is or in one `${…}`.
  mutating func expression(at node: Int32) -> ExpressionSyntax {
    if document.bytes(node, { $0.count > 2 && $0[0] == UInt8(ascii: "$") && $0[1] == UInt8(ascii: "{") }) {
      return parse(node, asScalar: true) { $0.parseScalarText() }
    }
    return parse(node) { parser in
      let expression = parser.parseExpression()
      parser.expectEndOfFile()
      return expression
    }
  }

  /// The text of a call: `slots("http")`.
  mutating func callText(_ part: Part, _ what: String) -> Call {
    enter(part) { reader, node in
      guard reader.document[node].kind == .scalar, !reader.document.bytes(node, \.isEmpty) else {
        reader.misplaced(node, what)
        let range = reader.range(node)
        return Call(path: Path([Name("", at: range)]), arguments: [], range: range)
      }
      return reader.parse(node) { parser in
        let call = parser.parseCall(what)
        parser.expectEndOfFile(of: "call")
        return call
      }
    }
  }

  /// The text of patterns: `a | 2`.
  mutating func patterns(_ part: Part) -> [ExpressionSyntax.Pattern] {
    enter(part) { reader, node in
      guard reader.document[node].kind == .scalar, !reader.document.bytes(node, \.isEmpty) else {
        reader.misplaced(node, "a pattern")
        return [.init(kind: .anything, range: reader.range(node))]
      }
      return reader.parse(node) { parser in
        let patterns = parser.parsePatterns()
        parser.expectEndOfFile(of: "pattern")
        return patterns
      }
    }
  }

  // MARK: Traps

  /// Whether a plain scalar is a word that YAML 1.1 takes for something else (rule 55).
  func isTrap(_ node: Int32) -> Bool {
    guard document[node].style == .plain, !document[node].flags.contains(.mended) else { return false }
    return document.bytes(node) { YAMLTrapWords.contains($0) }
  }
}

extension Parser {
  /// The whole text of a scalar: an expression when it is one `${e}`, else a text.
  mutating func parseScalarText() -> ExpressionSyntax {
    if token.kind == .string {
      let text = token
      advance()
      return ExpressionSyntax(.literal(.string(decodedText(text))), at: range(text))
    }
    let text = parseInterpolation()
    guard case .interpolation(let segments) = text.kind, segments.count == 1,
      case .expression(let expression) = segments[0]
    else { return text }
    return expression
  }
}
