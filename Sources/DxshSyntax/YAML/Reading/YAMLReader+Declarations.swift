/// The top level of a file.
extension YAMLReader {
  mutating func module() -> Module {
    var declarations: [Declaration] = []
    if let root = document.root { declarations = enter(Part(root)) { reader, node in reader.file(at: node) } }
    if findingsAreEmpty {
      for range in comments.misplaced(in: file.id) { report(.misplacedYAMLDocumentation(at: range)) }
      for range in misplaced { report(.misplacedDocumentation(at: range)) }
    }
    let all = comments.remaining(in: file.id) + inner
    return Module(
      file: file.id, declarations: declarations, comments: all.sorted { $0.range.start < $1.range.start },
      expansions: document.expansions)
  }

  private mutating func file(at node: Int32) -> [Declaration] {
    if document[node].kind == .scalar, document.bytes(node, \.isEmpty) { return [] }
    guard let fields = fields(of: node, as: .file) else { return [] }
    var declarations: [Declaration] = []
    for field in fields.known { declarations += section(field.word, field.entry) }
    return declarations
  }

  private mutating func section(_ word: YAMLWord, _ entry: Entry) -> [Declaration] {
    let part = entry.value
    return switch word {
    case .imports:
      list(part, "imports") { reader, part in reader.importing(part) }.compactMap { $0 }
    case .secrets: named(part, "secrets by name") { reader, entry in reader.secret(entry) }
    case .consts: named(part, "constants by name") { reader, entry in .constant(reader.constant(entry)) }
    case .types: named(part, "types by name") { reader, entry in .type(reader.typeDeclaration(entry)) }
    case .enums: named(part, "enums by name") { reader, entry in .enumeration(reader.enumeration(entry)) }
    case .connections: named(part, "connections by name") { reader, entry in reader.connection(entry) }
    case .funcs: named(part, "functions by name") { reader, entry in reader.functions(entry) }.flatMap { $0 }
    case .nodes: named(part, "nodes by name") { reader, entry in .node(reader.node(entry)) }
    case .defaults: [.defaults(DefaultsDeclaration(policies: policies(part), range: whole(entry)))]
    case .workflows: named(part, "workflows by name") { reader, entry in .workflow(reader.workflow(entry)) }
    case .tests: named(part, "tests by what they show") { reader, entry in .test(reader.test(entry)) }
    default: []
    }
  }

  private func whole(_ entry: Entry) -> SourceRange { range(entry.keyPart).joined(with: range(entry.value)) }

  private mutating func importing(_ part: Part) -> Declaration? {
    let documentation = documentation(before: part)
    return enter(part) { reader, node -> Declaration? in
      guard let fields = reader.fields(of: node, as: .importing) else { return nil }
      let path =
        fields[.from].map { reader.plainText($0, "the path of a file") } ?? (text: "", range: reader.gap(after: node))
      let names = reader.list(fields[.names], "names") { reader, part in reader.name(part, "a name of the file") }
      if fields[.as] == nil, names.isEmpty, !reader.document[node].flags.contains(.cut) {
        reader.report(.emptyImport(at: reader.headline(of: node)))
      }
      if fields[.as] != nil, let other = fields.key(.names) {
        reader.report(.keysExclude("as", "names", at: reader.place(other)))
      }
      let alias = fields[.as].map { reader.name($0, "the name that stands for the file") }
      return .importing(
        ImportDeclaration(
          documentation: documentation, path: path.text, pathRange: path.range,
          names: alias.map { .alias($0) } ?? .listed(names),
          range: reader.range(node)))
    }
  }

  private mutating func secret(_ entry: Entry) -> Declaration? {
    let documentation = documentation(before: entry.keyPart)
    let name = name(entry.keyPart, "the name of the secret")
    let whole = whole(entry)
    return enter(entry.value) { reader, node in
      guard let fields = reader.fields(of: node, as: .secret) else { return nil }
      let source = fields[.from].map { reader.expressionText($0, "where the secret comes from") }
      return .secret(
        SecretDeclaration(
          documentation: documentation, name: name, type: reader.type(fields[.type]),
          source: source ?? reader.missing(node), range: whole))
    }
  }

  /// A mapping with the key `type` or `value` is a descriptor, anything else the value.
  private mutating func constant(_ entry: Entry) -> ConstantDeclaration {
    var constant = ConstantDeclaration(
      documentation: documentation(before: entry.keyPart), name: name(entry.keyPart, "the name of the constant"),
      value: missing(entry.value.node), range: whole(entry))
    enter(entry.value) { reader, node in
      let isDescribed =
        reader.document[node].kind == .mapping
        && reader.entries(of: node).contains { reader.isKey($0.key, "type") || reader.isKey($0.key, "value") }
      guard isDescribed, let fields = reader.fields(of: node, as: .constant) else {
        return constant.value = reader.value(Part(node))
      }
      constant.type = reader.type(fields[.type])
      constant.value = reader.value(fields[.value], or: node)
    }
    return constant
  }

  private mutating func typeDeclaration(_ entry: Entry) -> TypeDeclaration {
    let documentation = documentation(before: entry.keyPart)
    let isName = document.bytes(entry.key) { $0.allSatisfy(isNamePart) && !$0.isEmpty }
    var (name, parameters) = (Name("", at: range(entry.keyPart)), [Name]())
    if isName {
      name = self.name(entry.keyPart, "the name of the type")
    } else {
      let names = enter(entry.keyPart) { reader, node in
        reader.parse(node) { parser -> [Name] in
          let name = parser.parseName("the name of the type")
          let parameters = parser.token.kind == .less && !parser.isRecovering ? parser.parseTypeParameters() : []
          parser.expectEndOfFile(of: "name")
          return [name] + parameters
        }
      }
      (name, parameters) = (names[0], Array(names.dropFirst()))
    }
    return TypeDeclaration(
      documentation: documentation, name: name, typeParameters: parameters, type: type(entry.value),
      range: whole(entry))
  }

  private mutating func enumeration(_ entry: Entry) -> EnumDeclaration {
    let documentation = documentation(before: entry.keyPart)
    let name = name(entry.keyPart, "the name of the enum")
    let members = list(entry.value, "members") { reader, part in reader.member(part) }
    return EnumDeclaration(documentation: documentation, name: name, members: members, range: whole(entry))
  }

  /// `a`, or `{ a: "wire" }`
  private mutating func member(_ part: Part) -> EnumDeclaration.Member {
    let documentation = documentation(before: part)
    return enter(part) { reader, node in
      guard reader.document[node].kind == .mapping else {
        let name = reader.name(Part(node), "the name of a member")
        return .init(documentation: documentation, name: name, range: name.range)
      }
      let entries = reader.entries(of: node)
      guard entries.count == 1 else {
        reader.misplaced(node, "a member, or one with the text that stands for it")
        return .init(documentation: documentation, name: Name("", at: reader.range(node)), range: reader.range(node))
      }
      let name = reader.name(entries[0].keyPart, "the name of a member")
      let wire = reader.plainText(entries[0].value, "the text that stands for the member")
      return .init(documentation: documentation, name: name, wireName: wire.text, range: reader.range(node))
    }
  }

  /// `{ kind: ARGS }`, or `{ params: … }` for the declaration of a kind.
  private mutating func connection(_ entry: Entry) -> Declaration? {
    let documentation = documentation(before: entry.keyPart)
    let whole = whole(entry)
    return enter(entry.value) { reader, node in
      guard reader.document[node].kind == .mapping else {
        reader.misplaced(node, "a kind of connection with its settings")
        return nil
      }
      let entries = reader.entries(of: node)
      guard entries.count == 1 else {
        reader.misplaced(node, "one kind of connection with its settings")
        return nil
      }
      if reader.isKey(entries[0].key, "params") {
        let path = reader.path(entry.keyPart, "the name of the kind")
        let parameters = reader.parameters(entries[0].value)
        return .connectionKind(
          ConnectionKindDeclaration(documentation: documentation, path: path, parameters: parameters, range: whole))
      }
      let name = reader.name(entry.keyPart, "the name of the connection")
      let path = reader.path(entries[0].keyPart, "the kind of connection")
      let call = Call(path: path, arguments: reader.arguments(entries[0].value), range: reader.range(node))
      return .connection(ConnectionDeclaration(documentation: documentation, name: name, call: call, range: whole))
    }
  }

  /// A function; in the library a list of those that have one name.
  private mutating func functions(_ entry: Entry) -> [Declaration]? {
    let path = path(entry.keyPart, "the name of the function")
    let whole = whole(entry)
    let first = documentation(before: entry.keyPart)
    return enter(entry.value) { reader, node in
      guard reader.document[node].kind == .sequence else {
        return reader.function(Part(node), path, first, whole).map { [.function($0)] }
      }
      var functions: [Declaration] = []
      for part in reader.elements(of: node, "functions") {
        let documentation = reader.documentation(before: part)
        if let function = reader.function(part, path, documentation, reader.range(part)) {
          functions.append(.function(function))
        }
      }
      return functions
    }
  }

  private mutating func function(
    _ part: Part, _ path: Path, _ documentation: String?, _ range: SourceRange
  ) -> FunctionDeclaration? {
    enter(part) { reader, node in
      guard let fields = reader.fields(of: node, as: .function) else { return nil }
      let function = FunctionDeclaration(
        documentation: documentation, path: path, typeParameters: reader.generics(fields),
        parameters: reader.parameters(fields[.params]),
        result: reader.type(fields[.returns]) ?? TypeSyntax(.missing, at: reader.gap(after: node)),
        errors: reader.errors(fields), body: fields[.value].map { reader.value($0) }, range: range)
      if let receiver = function.receiver, function.body != nil {
        reader.report(.reservedName(receiver.name.text, at: receiver.name.range))
      }
      return function
    }
  }

  private mutating func generics(_ fields: Fields) -> [Name] {
    list(fields[.generics], "names") { reader, part in reader.name(part, "the name of a type parameter") }
  }

  mutating func errors(_ fields: Fields) -> [Name] {
    list(fields[.throws], "errors") { reader, part in reader.word(part, "the name of an error") }
  }

  private mutating func node(_ entry: Entry) -> NodeDeclaration {
    var declaration = NodeDeclaration(
      documentation: documentation(before: entry.keyPart), path: path(entry.keyPart, "the name of the node"),
      typeParameters: [], parameters: [], result: TypeSyntax(.missing, at: range(entry.value)), errors: [],
      range: whole(entry))
    enter(entry.value) { reader, node in
      guard let fields = reader.fields(of: node, as: .node) else { return }
      declaration.typeParameters = reader.generics(fields)
      declaration.parameters = reader.parameters(fields[.params])
      if let result = reader.type(fields[.returns]) { declaration.result = result }
      declaration.effect = fields[.effect].map { reader.word($0, "an effect such as `read` or `once`") }
      declaration.errors = reader.errors(fields)
      let resources = reader.list(fields[.uses], "resources") { reader, part in
        reader.callText(part, "a resource such as `slots(\"http\")`")
      }
      declaration.uses = resources.first
      if resources.count > 1, let key = fields.key(.uses) { reader.report(.severalResources(at: reader.place(key))) }
      declaration.timeout = fields[.timeout].map { reader.value($0) }
      declaration.program = fields[.run].map { reader.callText($0, "what runs the node: `exec(\"./score.py\")`") }
    }
    return declaration
  }
}
