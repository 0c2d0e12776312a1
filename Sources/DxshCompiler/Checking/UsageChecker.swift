import DxshExpressions
import DxshPlan
import DxshSyntax

/// Looks for what a workflow binds and nobody reads.
///
/// It is asked once all is checked: what a loop's body binds may be read after the loop, and what the workflow's body
/// binds in `finally`. In a text with a mistake nothing is said, since the mistake may have been meant to read it.
struct UsageChecker {
  let session: CheckSession

  /// - scopes: those of the workflow's body and of `finally`
  func check(_ scopes: [ScopeNames], _ parameters: [ParameterSignature]) {
    for parameter in parameters where scopes[0].entries[parameter.name]?.isUsed == false {
      if let range = parameter.range { session.report(.unusedParameter(Name(parameter.name, at: range))) }
    }
    for scope in scopes { check(scope, readOutside: [], valuesOutside: []) }
  }

  /// Imports that nothing uses, and what is private to the file and stands in nothing.
  func checkDeclarations(_ module: Module) {
    for declaration in module.declarations {
      switch declaration {
      case .importing(let item): check(item)
      case .constant(let item): checkPrivate("the constant", item.name)
      case .function(let item): checkPrivate("the function", Name(item.path.text, at: item.path.range))
      case .type(let item): checkPrivate("the type", item.name)
      case .enumeration(let item): checkPrivate("the enum", item.name)
      case .node, .workflow, .secret, .connection, .connectionKind, .defaults, .test, .unreadable: break
      }
    }
  }

  private func check(_ item: ImportDeclaration) {
    switch item.names {
    case .alias(let alias):
      if session.isUsed(alias.text) { return }
      session.report(.unusedImport(alias, removing: session.isYAML ? nil : item.range))
    case .listed(let names):
      let unused = names.filter { !session.isUsed($0.text) }
      for name in unused {
        session.report(
          .unusedImport(name, removing: session.isYAML || unused.count < names.count ? nil : item.range))
      }
    }
  }

  /// What does not begin with `_` may be for other files.
  private func checkPrivate(_ what: String, _ name: Name) {
    guard name.text.hasPrefix("_"), !session.isUsed(name.text) else { return }
    session.report(.unusedPrivate(what, name))
  }

  /// Secrets and connections that none of the file's workflows mentions.
  func checkGlobals(_ module: Module) {
    if session.globals.names.isEmpty { return }
    var mentions = Mentions()
    for declaration in module.declarations {
      switch declaration {
      case .workflow(let workflow):
        mentions.visit(workflow.body)
        if let finally = workflow.finally { mentions.visit(finally) }
      case .connection(let connection): mentions.visit(connection.call)
      case .importing, .type, .enumeration, .node, .secret, .connectionKind, .constant, .function, .defaults, .test,
        .unreadable:
        break
      }
    }
    let names = mentions.names
    for declaration in module.declarations {
      switch declaration {
      case .secret(let secret) where !names.contains(secret.name.text):
        session.report(.unused("the secret", secret.name))
      case .connection(let connection) where !names.contains(connection.name.text):
        session.report(.unused("the connection", connection.name))
      default: break
      }
    }
  }

  private func check(_ names: ScopeNames, readOutside: Set<String>, valuesOutside: Set<String>) {
    for name in names.outline.names where isUnread(name, in: names, readOutside) {
      for site in names.outline.sites(of: name) { report(names.outline.leaves[site.leaf].item) }
    }
    for name in names.outline.names { checkVerified(name, in: names, valuesOutside) }
    for inner in names.bodies.sorted(by: { $0.key < $1.key }).flatMap(\.value) {
      let read = inner.outline.names.filter { names.entries.isUsed($0) || readOutside.contains($0) }
      let values = inner.outline.names.filter { names.entries.isRead($0) || valuesOutside.contains($0) }
      check(inner, readOutside: Set(read), valuesOutside: Set(values))
    }
  }

  /// A step whose verification does not say what it gave, and whose result somebody reads.
  private func checkVerified(_ name: String, in names: ScopeNames, _ valuesOutside: Set<String>) {
    guard !session.verifiedWithoutResult.isEmpty, names.entries.isRead(name) || valuesOutside.contains(name) else {
      return
    }
    for site in names.outline.sites(of: name) {
      guard case .step(let item) = names.outline.leaves[site.leaf].item,
        let range = session.verifiedWithoutResult[item.name.range]
      else { continue }
      session.report(.verifiedWithoutResult(item.name, at: range))
    }
  }

  private func isUnread(_ name: String, in names: ScopeNames, _ readOutside: Set<String>) -> Bool {
    !names.entries.isUsed(name) && !readOutside.contains(name) && !name.hasPrefix("_")
  }

  /// What binds a name that nobody reads.
  private func report(_ item: Outline.Item) {
    switch item {
    case .step(let item):
      guard session.node(item.call.path.text)?.effect == .pure else { return }
      session.report(.unusedStep(item.name, item.call.path.text, removing: session.isYAML ? nil : item.range))
    case .letBinding(let item): session.report(.unused("the value", item.name))
    case .loop, .iteration, .attempt, .connection, .condition, .choice, .arm, .assertion, .failure, .output, .approval,
      .wait, .barrier:
      break
    }
  }
}

extension Diagnostic {
  fileprivate static func unused(_ what: String, _ name: Name) -> Diagnostic {
    Diagnostic(
      .unused, "nobody reads \(what) `\(name.text)`", at: name.range, help: "remove it, or begin its name with `_`")
  }

  fileprivate static func unusedImport(_ name: Name, removing range: SourceRange?) -> Diagnostic {
    Diagnostic(
      .unused, "nothing uses `\(name.text)`, which is imported", at: name.range, help: "remove it from the imports",
      fix: range.map { Fix("remove the import", [Edit($0, "")]) })
  }

  fileprivate static func unusedPrivate(_ what: String, _ name: Name) -> Diagnostic {
    Diagnostic(
      .unused, "nothing uses \(what) `\(name.text)`, and other files do not see it", at: name.range,
      help: "remove it, or begin its name without `_`")
  }

  fileprivate static func unusedParameter(_ name: Name) -> Diagnostic {
    Diagnostic(
      .unused, "nobody reads the parameter `\(name.text)`", at: name.range,
      help: "remove it, with the arguments of those who call the workflow")
  }

  fileprivate static func unusedStep(_ name: Name, _ node: String, removing range: SourceRange?) -> Diagnostic {
    Diagnostic(
      .unusedStepResult, "nobody reads `\(name.text)`, and `\(node)` does nothing else", at: name.range,
      help: "use the result, or remove the step", fix: range.map { Fix("remove the step", [Edit($0, "")]) })
  }
}
