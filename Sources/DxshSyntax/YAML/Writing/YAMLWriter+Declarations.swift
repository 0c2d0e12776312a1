/// The top level of a file, one section for each kind.
extension YAMLWriter {
  mutating func module(_ module: Module) {
    arrange(module.declarations.map(\.range), after: 0)
    writeHeader(before: module.declarations.map(\.range.start).min() ?? .max)
    for key in YAMLConstruct.file.keys {
      let declarations = module.declarations.filter { $0.section == key.word }
      if !declarations.isEmpty { section(key.word, declarations) }
    }
    for case .unreadable(let range) in module.declarations { refuse("what cannot be read", at: range) }
    let rest = comments.take(from: 0, to: .max)
    if !rest.isEmpty { output.empty() }
    for comment in rest { output.comment(text(of: comment)) }
  }

  /// The comments of the file: those above the first declaration and apart from it, or above all keys.
  private mutating func writeHeader(before start: UInt32) {
    let bytes = source.bytes
    var end = Int(min(start, UInt32(bytes.count)))
    if isYAML(source.name) {
      end = bytes.startIndex
      while end < bytes.count, bytes[end] <= UInt8(ascii: " ") || bytes[end] == UInt8(ascii: "#") {
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        end = min(end + 1, bytes.count)
      }
    } else {
      while end > 1, !(bytes[end - 1] == UInt8(ascii: "\n") && bytes[end - 2] == UInt8(ascii: "\n")) { end -= 1 }
      if end <= 1 { return }
    }
    for comment in comments.take(from: 0, to: min(UInt32(end), start)) { output.comment(text(of: comment)) }
  }

  private mutating func section(_ word: YAMLWord, _ declarations: [Declaration]) {
    output.empty()
    if case .defaults(let defaults) = declarations[0] {
      for case .defaults(let other) in declarations.dropFirst() {
        refuse("a file has one `defaults`", at: other.range)
      }
      return element(defaults.range) { $0.policies("defaults", defaults.policies) }
    }
    expectUniqueNames(of: declarations)
    nested(word.rawValue) { writer in
      if word == .funcs { return writer.functions(declarations) }
      for (index, declaration) in declarations.enumerated() {
        let isApart = word == .workflows || word == .tests || word == .nodes
        writer.element(declaration.range, isFirst: index == 0, isApart: isApart) { $0.declaration(declaration) }
      }
    }
  }

  private mutating func expectUniqueNames(of declarations: [Declaration]) {
    expectUnique(
      declarations.compactMap { declaration in
        switch declaration {
        case .importing, .function, .defaults, .unreadable: nil
        case .type(let declaration): declaration.name
        case .enumeration(let declaration): declaration.name
        case .node(let declaration): Name(declaration.path.text, at: declaration.path.range)
        case .workflow(let declaration): declaration.name
        case .secret(let declaration): declaration.name
        case .connection(let declaration): declaration.name
        case .connectionKind(let declaration): Name(declaration.path.text, at: declaration.path.range)
        case .constant(let declaration): declaration.name
        case .test(let declaration): Name(declaration.name, at: declaration.nameRange)
        }
      })
  }

  private mutating func declaration(_ declaration: Declaration) {
    switch declaration {
    case .importing(let declaration): importing(declaration)
    case .type(let declaration): self.declaration(declaration)
    case .enumeration(let declaration): enumeration(declaration)
    case .node(let declaration): node(declaration)
    case .workflow(let declaration): workflow(declaration)
    case .secret(let declaration): secret(declaration)
    case .connection(let declaration):
      documentation(declaration.documentation)
      nested(YAMLScalar.key(declaration.name.text)) { writer in
        let path = declaration.call.path.text
        if path == "params" { writer.refuse("a kind of connection called `params`", at: declaration.call.path.range) }
        writer.element(declaration.call.range) {
          $0.arguments(YAMLScalar.key(path), declaration.call.arguments)
        }
      }
    case .connectionKind(let declaration):
      documentation(declaration.documentation)
      nested(YAMLScalar.key(declaration.path.text)) { $0.parameters("params", declaration.parameters) }
    case .constant(let declaration): constant(declaration)
    case .test(let declaration): test(declaration)
    case .function, .defaults, .unreadable: break
    }
  }

  private mutating func importing(_ declaration: ImportDeclaration) {
    documentation(declaration.documentation)
    element { writer in
      writer.entry("from", YAMLScalar.text(writer.escaped(declaration.path)))
      switch declaration.names {
      case .alias(let name): writer.entry("as", YAMLScalar.text(name.text))
      case .listed(let names): writer.names("names", names)
      }
    }
  }

  private mutating func secret(_ declaration: SecretDeclaration) {
    documentation(declaration.documentation)
    nested(YAMLScalar.key(declaration.name.text)) { writer in
      if let type = declaration.type { writer.type("type", type) }
      writer.code(.key("from"), declaration.source)
    }
  }

  private mutating func constant(_ declaration: ConstantDeclaration) {
    documentation(declaration.documentation)
    let key = YAMLScalar.key(declaration.name.text)
    if declaration.type == nil, !looksDescribed(declaration.value) { return value(.key(key), declaration.value) }
    nested(key) { writer in
      if let type = declaration.type { writer.type("type", type) }
      writer.value(.key("value"), declaration.value)
    }
  }

  /// Whether a value is written as a mapping that says `type` or `value`.
  private func looksDescribed(_ value: ExpressionSyntax) -> Bool {
    switch value.kind {
    case .record(let fields): fields.contains { $0.name.text == "type" || $0.name.text == "value" }
    case .map(let entries):
      entries.contains { entry in
        if case .literal(.string(let text)) = entry.key.kind { text == "type" || text == "value" } else { false }
      }
    default: false
    }
  }

  private mutating func declaration(_ declaration: TypeDeclaration) {
    documentation(declaration.documentation)
    let parameters = declaration.typeParameters.map(\.text).joined(separator: ", ")
    let name = declaration.name.text
    type(YAMLScalar.key(parameters.isEmpty ? name : "\(name)<\(parameters)>"), declaration.type)
  }

  private mutating func enumeration(_ declaration: EnumDeclaration) {
    documentation(declaration.documentation)
    let key = YAMLScalar.key(declaration.name.text)
    if declaration.members.isEmpty { writeComments(in: declaration.range) }
    let isShort = declaration.members.allSatisfy { $0.documentation == nil && $0.wireName == nil }
    if isShort, !comments.hasAny(from: declaration.range.start, to: declaration.range.end) {
      return entry(key, "[" + declaration.members.map { YAMLScalar.text($0.name.text) }.joined(separator: ", ") + "]")
    }
    nested(key) { writer in
      for member in declaration.members {
        writer.element { writer in
          writer.element(member.range) { writer in
            writer.documentation(member.documentation)
            let name = YAMLScalar.key(member.name.text)
            guard let wireName = member.wireName else { return writer.output.line(name) }
            writer.write(.key(name), writer.escaped(wireName))
          }
        }
      }
      writer.writeComments(in: declaration.range)
    }
  }

  // MARK: Functions and nodes

  /// Functions; those of one name are a list.
  private mutating func functions(_ declarations: [Declaration]) {
    var groups: [(name: String, functions: [FunctionDeclaration])] = []
    var places: [String: Int] = [:]
    for case .function(let function) in declarations {
      if let place = places[function.path.text] {
        if place < groups.count - 1 {
          refuse("functions of one name that do not stand together", at: function.path.range)
        }
        groups[place].functions.append(function)
      } else {
        places[function.path.text] = groups.count
        groups.append((function.path.text, [function]))
      }
    }
    for (index, group) in groups.enumerated() {
      let key = YAMLScalar.key(group.name)
      if group.functions.count == 1 {
        element(group.functions[0].range, isFirst: index == 0, isApart: true) { writer in
          writer.documentation(group.functions[0].documentation)
          writer.nested(key) { $0.function(group.functions[0]) }
        }
        continue
      }
      if index > 0 { output.empty() }
      nested(key) { writer in
        for function in group.functions {
          writer.element { writer in
            writer.element(function.range) { writer in
              writer.documentation(function.documentation)
              writer.function(function)
            }
          }
        }
      }
    }
  }

  private mutating func function(_ function: FunctionDeclaration) {
    names("generics", function.typeParameters)
    if !function.parameters.isEmpty { parameters("params", function.parameters) }
    type("returns", function.result)
    names("throws", function.errors)
    if let body = function.body { value(.key("value"), body) }
  }

  private mutating func node(_ node: NodeDeclaration) {
    documentation(node.documentation)
    nested(YAMLScalar.key(node.path.text)) { writer in
      writer.names("generics", node.typeParameters)
      if !node.parameters.isEmpty { writer.parameters("params", node.parameters) }
      writer.type("returns", node.result)
      if let effect = node.effect { writer.entry("effect", YAMLScalar.text(effect.text)) }
      writer.names("throws", node.errors)
      if let uses = node.uses {
        writer.nested("uses") { writer in
          writer.element { $0.write(.dash, printed(uses)) }
        }
      }
      if let timeout = node.timeout { writer.value(.key("timeout"), timeout) }
      if let program = node.program { writer.write(.key("run"), printed(program)) }
    }
  }
}

extension Declaration {
  /// Where it stands in a file.
  fileprivate var section: YAMLWord? {
    switch self {
    case .importing: .imports
    case .type: .types
    case .enumeration: .enums
    case .node: .nodes
    case .workflow: .workflows
    case .secret: .secrets
    case .connection, .connectionKind: .connections
    case .constant: .consts
    case .function: .funcs
    case .defaults: .defaults
    case .test: .tests
    case .unreadable: nil
    }
  }
}
