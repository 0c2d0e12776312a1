/// Values: what stands for an expression (rule 55).
extension YAMLReader {
  /// - keywords: scalars are expressions, quoted or not
  mutating func value(_ part: Part?, or node: Int32, keywords: Bool = false) -> ExpressionSyntax {
    guard let part else { return ExpressionSyntax(.missing, at: gap(after: node)) }
    return value(part, keywords: keywords)
  }

  /// - keywordFields: the fields of a record whose scalars are expressions
  mutating func value(
    _ part: Part, keywords: Bool = false, keywordFields: Set<String> = []
  ) -> ExpressionSyntax {
    enter(part) { reader, node in
      switch reader.document[node].kind {
      case .scalar: reader.scalar(node, keywords: keywords)
      case .sequence:
        reader.deeper(node) { $0.listLiteral(node, keywords: keywords) } ?? reader.missing(node)
      case .mapping:
        reader.deeper(node) { $0.braces(node, keywords, keywordFields) } ?? reader.missing(node)
      case .alias, .unreadable: reader.missing(node)
      }
    }
  }

  private mutating func scalar(_ node: Int32, keywords: Bool) -> ExpressionSyntax {
    let isPlain = document[node].style == .plain
    if isPlain, document.bytes(node, \.isEmpty) {
      misplaced(node, "a value")
      return missing(node)
    }
    if isTrap(node) {
      let text = document.text(node)
      report(.trapWord(text, at: place(node), isName: false))
      return ExpressionSyntax(.literal(.string(text)), at: range(node))
    }
    if keywords { return keyword(node) }
    if hasPlaceholder(node) {
      var expression = parse(node, asScalar: true) { $0.parseScalarText() }
      if case .literal(.string) = expression.kind { expression.range = range(node) }
      if case .interpolation = expression.kind { expression.range = range(node) }
      return expression
    }
    if isPlain, mayBeLiteral(node), let literal = literal(node) { return literal }
    return ExpressionSyntax(.literal(.string(document.text(node))), at: range(node))
  }

  /// A word is an expression as it is, which most keywords are.
  private mutating func keyword(_ node: Int32) -> ExpressionSyntax {
    let isWord = document.bytes(node) { bytes in
      bytes.first.map(isNameStart) ?? false && bytes.allSatisfy(isNamePart)
    }
    if isWord, knownWord(node) == .none { return ExpressionSyntax(.name(document.text(node)), at: range(node)) }
    return expression(at: node)
  }

  private func mayBeLiteral(_ node: Int32) -> Bool {
    document.bytes(node) { bytes in
      guard let first = bytes.first else { return false }
      if isDigit(first) || first == UInt8(ascii: ".") || first == UInt8(ascii: "-") { return true }
      guard bytes.count == 4 || bytes.count == 5 else { return false }
      return bytes.elementsEqual("true".utf8) || bytes.elementsEqual("false".utf8) || bytes.elementsEqual("null".utf8)
    }
  }

  /// The literal that a plain scalar lexes as, with an optional `-`; nil where it is text.
  private mutating func literal(_ node: Int32) -> ExpressionSyntax? {
    let scalar = document[node]
    guard scalar.flags.contains(.verbatim) else { return nil }
    var parser = Parser(file, in: Int(scalar.first)..<Int(scalar.count), nesting: nesting)
    guard parser.isAtLoneLiteral else { return nil }
    var expression = parser.parseExpression()
    finish(&expression, parser, scalar, nil)
    return expression
  }

  private mutating func listLiteral(_ node: Int32, keywords: Bool) -> ExpressionSyntax {
    var elements: [ExpressionSyntax.Element] = []
    for part in self.elements(of: node, "values") {
      elements.append(.init(value: value(part, keywords: keywords), optional: false))
    }
    return ExpressionSyntax(.list(elements), at: range(node))
  }

  // MARK: Records and maps

  /// A mapping whose keys are all plain identifiers is a record, one that has none is a map.
  private mutating func braces(_ node: Int32, _ keywords: Bool, _ keywordFields: Set<String>) -> ExpressionSyntax {
    let entries = entries(of: node)
    if entries.isEmpty { return ExpressionSyntax(document[node].count == 0 ? .emptyBraces : .missing, at: range(node)) }
    let bare = entries.count { isBareKey($0.key) }
    if bare == entries.count { return record(node, entries, keywords, keywordFields) }
    if bare > 0, let other = entries.first(where: { !isBareKey($0.key) }) {
      report(.mixedYAMLKeys(at: place(other.key)))
    }
    var result: [ExpressionSyntax.Entry] = []
    for entry in entries {
      result.append(.init(key: mapKey(entry), value: value(entry.value, keywords: keywords), optional: false))
    }
    return ExpressionSyntax(.map(result), at: range(node))
  }

  private mutating func record(
    _ node: Int32, _ entries: [Entry], _ keywords: Bool, _ keywordFields: Set<String>
  ) -> ExpressionSyntax {
    var fields: [ExpressionSyntax.Field] = []
    for entry in entries {
      if isTrap(entry.key) {
        let text = document.text(entry.key)
        report(.trapField(text, at: place(entry.key)))
      }
      let name = Name(document.text(entry.key), at: range(entry.keyPart))
      let isKeyword = keywords || keywordFields.contains(name.text)
      fields.append(.init(name: name, value: value(entry.value, keywords: isKeyword), optional: false))
    }
    return ExpressionSyntax(.record(fields), at: range(node))
  }

  private func isBareKey(_ key: Int32) -> Bool {
    guard document[key].style == .plain else { return false }
    return document.bytes(key) { bytes in
      guard bytes.first.map(isNameStart) ?? false, bytes.allSatisfy(isNamePart) else { return false }
      return !bytes.elementsEqual("true".utf8) && !bytes.elementsEqual("false".utf8)
        && !bytes.elementsEqual("null".utf8)
    }
  }

  private mutating func mapKey(_ entry: Entry) -> ExpressionSyntax {
    enter(entry.keyPart) { reader, node in
      if reader.hasPlaceholder(node) {
        let text = reader.text(of: node, "a key")
        return ExpressionSyntax(.literal(.string(text.text)), at: text.range)
      }
      return reader.scalar(node, keywords: false)
    }
  }

  // MARK: Arguments

  /// What a call is given: positional arguments as a list, named ones as a mapping, both with the key `args`.
  /// - policy: the policy whose arguments these are, in which one value may stand alone
  mutating func arguments(_ part: Part?, policy: String? = nil, keywords: Bool = false) -> [Argument] {
    guard let part else { return [] }
    let isKeyword = keywords || policy.map(YAMLConstruct.policyKeywords.contains) ?? false
    return enter(part) { reader, node in
      switch reader.document[node].kind {
      case .sequence: return reader.positional(node, keywords: isKeyword)
      case .mapping: return reader.named(node, isPolicy: policy != nil, keywords: keywords)
      case .scalar:
        if policy == nil || reader.document.bytes(node, \.isEmpty) && reader.document[node].style == .plain {
          reader.misplaced(node, "the arguments: a mapping by name, or a list")
          return []
        }
        return [Argument(label: nil, value: reader.value(Part(node), keywords: isKeyword))]
      case .alias, .unreadable: return []
      }
    }
  }

  private mutating func positional(_ node: Int32, keywords: Bool) -> [Argument] {
    var arguments: [Argument] = []
    for part in elements(of: node, "arguments") {
      arguments.append(Argument(label: nil, value: value(part, keywords: keywords)))
    }
    return arguments
  }

  private mutating func named(_ node: Int32, isPolicy: Bool, keywords: Bool) -> [Argument] {
    var first: [Argument] = []
    var arguments: [Argument] = []
    for entry in entries(of: node) {
      let text = document.text(entry.key)
      if text == "args" {
        first = enter(entry.value) { reader, node in reader.positional(node, keywords: keywords) }
        continue
      }
      let isKeyword = keywords || isPolicy && YAMLConstruct.policyKeywords.contains(text)
      let name = fieldName(entry)
      arguments.append(Argument(label: name, value: value(entry.value, keywords: isKeyword)))
    }
    return first + arguments
  }

  /// Policies by name, in the order written.
  mutating func policies(_ part: Part?) -> [Call] {
    named(part, "policies by name, such as `retry: 3`") { reader, entry in
      let path = reader.path(entry.keyPart, "the name of a policy")
      if reader.isTrap(entry.key) {
        reader.report(.trapKey(path.text, at: reader.place(entry.key), meant: nil))
      }
      let arguments = reader.arguments(entry.value, policy: path.text)
      return Call(
        path: path, arguments: arguments, range: path.range.joined(with: reader.range(entry.value)))
    }
  }
}

extension Parser {
  /// Whether the whole text is a number, a duration or a size, perhaps with a `-`, or `true`, `false` or `null`.
  fileprivate var isAtLoneLiteral: Bool {
    let isNegated = token.kind == .minus && peek().start == token.end
    let literal = isNegated ? peek() : token
    let last = peek(isNegated ? 2 : 1)
    guard last.kind == .endOfFile, token.flags.union(last.flags).isDisjoint(with: .afterInvalid) else { return false }
    return literal.kind.isNumber || !isNegated && literal.word.isLiteral
  }
}

extension Token.Kind {
  /// Whether it is a number, a duration or a size.
  var isNumber: Bool { self == .int || self == .uint || self == .double || self == .duration || self == .size }
}

extension Word {
  /// `true`, `false` and `null`.
  var isLiteral: Bool { self == .true || self == .false || self == .null }
}
