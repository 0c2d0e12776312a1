import DxshSyntax

/// Enters what other files declare into a file's session: under `alias.name`, or under the names that are listed.
///
/// What begins with `_` is private to its file. Secrets and connections stay where they are declared; the workflows of
/// their file use them there.
struct ImportChecker {
  let session: CheckSession

  /// Notes the names of an import that could not be followed, which has been reported.
  func lose(_ declaration: ImportDeclaration) {
    switch declaration.names {
    case .alias(let alias): session.lostNames.insert(alias.text)
    case .listed(let names): session.lostNames.formUnion(names.map(\.text))
    }
  }

  func enter(_ declaration: ImportDeclaration, _ other: CheckSession) {
    if other.bringsUntrusted { session.bringsUntrusted = true }
    switch declaration.names {
    case .alias(let alias):
      guard !alias.isMissing else { return }
      if let first = session.importNames[alias.text] {
        return session.report(.duplicate("the name", alias, first: first))
      }
      session.importNames[alias.text] = alias.range
      for name in other.ownNames where !name.hasPrefix("_") {
        copy(name, of: other, as: "\(alias.text).\(name)", at: alias)
      }
    case .listed(let names):
      for name in names where !name.isMissing { enter(name, other) }
    }
  }

  private func enter(_ name: Name, _ other: CheckSession) {
    if let first = session.importNames[name.text] {
      return session.report(.duplicate("the name", name, first: first))
    }
    session.importNames[name.text] = name.range
    if name.text.hasPrefix("_") { return session.report(.privateName(name)) }
    guard other.ownNames.contains(name.text) else {
      session.lostNames.insert(name.text)
      let candidates = other.ownNames.filter { !$0.hasPrefix("_") }.sorted()
      return session.report(.unknownName("name in that file", name.text, candidates: candidates, at: name.range))
    }
    copy(name.text, of: other, as: name.text, at: name)
  }

  private func copy(_ name: String, of other: CheckSession, as own: String, at place: Name) {
    if let type = other.types.declared[name] {
      session.types.declared[own] = type
      session.types.names[own] = place
    }
    if let declared = other.types.enums[name] { session.types.enums[own] = declared }
    if let constant = other.definitions.constants[name] { session.definitions.constants[own] = constant }
    if let function = other.definitions.functions[name] { session.definitions.functions[own] = function }
    if let node = other.nodes[name] { session.nodes[own] = node }
    session.enter(other, workflow: name, as: own, at: place)
  }
}

extension Diagnostic {
  fileprivate static func privateName(_ name: Name) -> Diagnostic {
    Diagnostic(
      .unknownName, "`\(name.text)` is private to its file", at: name.range,
      help: "a name that begins with `_` cannot be imported")
  }
}
