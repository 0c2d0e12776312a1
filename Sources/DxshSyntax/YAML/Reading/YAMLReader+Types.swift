/// Types and parameters.
extension YAMLReader {
  mutating func type(_ part: Part?) -> TypeSyntax? { part.map { type($0) } }

  /// The text of a type, or a mapping that is a record type.
  mutating func type(_ part: Part) -> TypeSyntax {
    enter(part) { reader, node in
      switch reader.document[node].kind {
      case .scalar: reader.typeText(node)
      case .mapping:
        reader.deeper(node) { $0.recordType(node) } ?? TypeSyntax(.missing, at: reader.range(node))
      case .sequence, .alias, .unreadable:
        reader.missingType(node)
      }
    }
  }

  private mutating func missingType(_ node: Int32) -> TypeSyntax {
    misplaced(node, "a type")
    return TypeSyntax(.missing, at: range(node))
  }

  private mutating func typeText(_ node: Int32) -> TypeSyntax {
    let isWord = document.bytes(node) { bytes in
      bytes.first.map(isNameStart) ?? false && bytes.allSatisfy(isNamePart)
    }
    if isWord, knownWord(node) == .none {
      return TypeSyntax(.named(Path([Name(document.text(node), at: range(node))]), arguments: []), at: range(node))
    }
    if document.bytes(node, \.isEmpty) { return missingType(node) }
    return parse(node) { parser in
      let type = parser.parseType()
      parser.expectEndOfFile(of: "type")
      return type
    }
  }

  private mutating func recordType(_ node: Int32) -> TypeSyntax {
    var fields: [TypeSyntax.Field] = []
    for entry in entries(of: node) {
      let documentation = documentation(before: entry.keyPart)
      let name = fieldName(entry)
      var field = TypeSyntax.Field(
        documentation: documentation, name: name, type: TypeSyntax(.missing, at: range(entry.value)),
        range: name.range.joined(with: range(entry.value)))
      (field.type, field.refinement) = enter(entry.value) { reader, node in reader.fieldType(node) }
      fields.append(field)
    }
    return TypeSyntax(.record(fields), at: range(node))
  }

  /// A mapping with the key `type` is a descriptor, any other a record type.
  private mutating func fieldType(_ node: Int32) -> (TypeSyntax, ExpressionSyntax?) {
    guard document[node].kind == .mapping else { return (type(Part(node)), nil) }
    let entries = entries(of: node)
    guard entries.contains(where: { isKey($0.key, "type") }) else { return (type(Part(node)), nil) }
    let fields = fields(of: node, entries, as: .recordField)
    let syntax = fields[.type].map { type($0) } ?? TypeSyntax(.missing, at: gap(after: node))
    return (syntax, fields[.where].map { expressionText($0, "a condition") })
  }

  func isKey(_ key: Int32, _ text: StaticString) -> Bool {
    document.bytes(key) { bytes in
      bytes.count == text.utf8CodeUnitCount
        && bytes.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
  }

  // MARK: Parameters

  /// Parameters by name; each is a type, or a mapping that describes it.
  mutating func parameters(_ part: Part?) -> [Parameter] {
    named(part, "parameters by name, each with its type") { reader, entry in reader.parameter(entry) }
  }

  private mutating func parameter(_ entry: Entry) -> Parameter {
    let documentation = documentation(before: entry.keyPart)
    let name = fieldName(entry)
    if !name.isMissing { reportReserved(name, entry) }
    var parameter = Parameter(
      documentation: documentation, name: name, type: TypeSyntax(.missing, at: range(entry.value)), annotations: [],
      range: name.range.joined(with: range(entry.value)))
    enter(entry.value) { reader, node in
      guard reader.document[node].kind == .mapping else { return parameter.type = reader.type(Part(node)) }
      guard let fields = reader.fields(of: node, as: .parameter) else { return }
      if let type = fields[.type] { parameter.type = reader.type(type) }
      if let sink = fields[.sink], let key = fields.key(.sink) {
        let name = Name("sink", at: reader.range(key))
        parameter.annotations.append(
          Call(
            path: Path([name]), arguments: reader.arguments(sink, keywords: true),
            range: name.range.joined(with: reader.range(sink))))
      }
      parameter.annotations += reader.list(fields[.annotations], "annotations") { reader, part in
        reader.callText(part, "an annotation such as `sink(url)`")
      }
      parameter.defaultValue = fields[.default].map { reader.value($0) }
      parameter.refinement = fields[.where].map { reader.expressionText($0, "a condition") }
    }
    return parameter
  }

  private mutating func reportReserved(_ name: Name, _ entry: Entry) {
    let bytes = Array(name.text.utf8)
    let word = WordTable.shared.word(bytes, from: 0, to: bytes.count)
    if word.isReserved, word.isFieldName, word != .selfWord {
      report(.reservedName(name.text, at: place(entry.key)))
    }
  }
}
