/// What stands at the top level of a file.
extension Printer {
  mutating func print(_ declaration: Declaration) {
    printDocumentation(declaration.documentation)
    if printVerbatim(declaration.range) { return }
    switch declaration {
    case .importing(let declaration): print(declaration)
    case .type(let declaration):
      text("type " + declaration.name.text)
      printTypeParameters(declaration.typeParameters)
      text(" = ")
      print(declaration.type)
    case .enumeration(let declaration): print(declaration)
    case .node(let declaration): print(declaration)
    case .workflow(let declaration): print(declaration)
    case .secret(let declaration):
      text("secret " + declaration.name.text)
      printAnnotation(declaration.type)
      printAssigned(declaration.source)
    case .connection(let declaration):
      text("connection " + declaration.name.text + " = ")
      print(declaration.call)
    case .connectionKind(let declaration):
      text("connection " + declaration.path.text)
      print(declaration.parameters, after: declaration.path.range.end, end: declaration.range.end)
    case .constant(let declaration):
      text("const " + declaration.name.text)
      printAnnotation(declaration.type)
      printAssigned(declaration.value)
    case .function(let declaration): print(declaration)
    case .defaults(let declaration): print(declaration)
    case .test(let declaration): print(declaration)
    case .unreadable: break
    }
  }

  private mutating func print(_ declaration: ImportDeclaration) {
    text("import " + (spelling(declaration.pathRange) ?? LiteralText.quoted(declaration.path)))
    switch declaration.names {
    case .alias(let name): text(" as " + name.text)
    case .listed(let names):
      text(" ")
      let end = declaration.range.end
      printList(names, in: .literal, closing: { $0.comments.takeClosing(end) }, range: \.range) { $0.text($1.text) }
    }
  }

  private mutating func print(_ declaration: EnumDeclaration) {
    text("enum " + declaration.name.text + " ")
    let brackets = Brackets.fields.broken(isOnSeveralLines(declaration.range))
    let end = declaration.range.end
    printList(declaration.members, in: brackets, closing: { $0.comments.takeClosing(end) }, range: \.range) {
      printer, member in
      printer.printDocumentation(member.documentation)
      printer.text(member.name.text)
      guard let wireName = member.wireName else { return }
      printer.text(" = " + (printer.wireSpelling(member) ?? LiteralText.quoted(wireName)))
    }
  }

  /// How the author wrote the text that stands for a member.
  private func wireSpelling(_ member: EnumDeclaration.Member) -> String? {
    var range = member.range
    range.start = member.name.range.end
    guard let spelling = spelling(range), let quote = spelling.firstIndex(where: { $0 == "\"" || $0 == "'" }) else {
      return nil
    }
    let before = spelling[..<quote]
    if before.utf8.contains(UInt8(ascii: "/")) { return nil }
    return String(spelling[(before.lastIndex { $0 == "=" || $0.isWhitespace }.map(before.index(after:)) ?? quote)...])
  }

  private mutating func print(_ node: NodeDeclaration) {
    group { printer in
      printer.text("node " + node.path.text)
      printer.printSignature(node.typeParameters, node.parameters, node.result, after: node.path.range)
      var clauses: [Clause] = []
      if let effect = node.effect { clauses.append(.effect(effect)) }
      if !node.errors.isEmpty { clauses.append(.errors(node.errors)) }
      if let uses = node.uses { clauses.append(.uses(uses)) }
      if let timeout = node.timeout {
        clauses.append(.timeout(timeout, end: node.endsWithTimeout ? node.range.end : .max))
      }
      if let program = node.program { clauses.append(.program(program)) }
      printer.print(clauses, isAlone: false)
    }
  }

  private mutating func print(_ function: FunctionDeclaration) {
    group { printer in
      printer.text("func " + function.path.text)
      printer.printSignature(function.typeParameters, function.parameters, function.result, after: function.path.range)
      if !function.errors.isEmpty { printer.print([.errors(function.errors)]) }
    }
    if let body = function.body { printAssigned(body) }
  }

  /// `<T>(…) -> R`
  mutating func printSignature(
    _ typeParameters: [Name], _ parameters: [Parameter], _ result: TypeSyntax?, after name: SourceRange
  ) {
    printTypeParameters(typeParameters)
    print(parameters, after: name.end)
    guard let result else { return }
    group(.hugging(2)) { printer in
      printer.indented { printer in
        printer.line()
        printer.text("-> ")
        printer.print(result)
      }
    }
  }

  mutating func print(_ declaration: DefaultsDeclaration) {
    text("defaults with ")
    printSequence(declaration.policies, range: \.range) { $0.print($1) }
  }
}

extension Declaration {
  /// The end of what is printed last, for nodes, whose clauses the author may have written in another order.
  var lastEnd: UInt32? {
    guard case .node(let node) = self else { return nil }
    if let program = node.program { return program.range.end }
    let others = [node.uses?.range.end, node.errors.last?.range.end, node.effect?.range.end].compactMap { $0 }
    guard node.timeout != nil else { return others.first }
    return node.endsWithTimeout ? node.range.end : .max
  }

  /// The `///` text before it.
  var documentation: String? {
    switch self {
    case .type(let declaration): declaration.documentation
    case .enumeration(let declaration): declaration.documentation
    case .node(let declaration): declaration.documentation
    case .workflow(let declaration): declaration.documentation
    case .secret(let declaration): declaration.documentation
    case .connection(let declaration): declaration.documentation
    case .connectionKind(let declaration): declaration.documentation
    case .constant(let declaration): declaration.documentation
    case .function(let declaration): declaration.documentation
    case .test(let declaration): declaration.documentation
    case .importing, .defaults, .unreadable: nil
    }
  }
}

extension NodeDeclaration {
  /// Whether the author wrote `timeout(…)` last.
  fileprivate var endsWithTimeout: Bool {
    guard let timeout else { return false }
    let others = [program?.range.end, uses?.range.end, errors.last?.range.end, effect?.range.end]
    return others.allSatisfy { ($0 ?? 0) < timeout.range.end }
  }
}
