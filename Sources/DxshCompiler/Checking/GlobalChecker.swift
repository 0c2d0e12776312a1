import DxshExpressions
import DxshPlan
import DxshSyntax

/// Checks a file's secrets and connections.
struct GlobalChecker {
  let session: CheckSession

  func check(_ module: Module) {
    var globals = Globals()
    var connections: [ConnectionDeclaration] = []
    for declaration in module.declarations {
      switch declaration {
      case .secret(let declared):
        let secret = check(declared)
        if enter(declared.name, &globals), let secret { globals.secrets.append(secret) }
      case .connection(let declared): if enter(declared.name, &globals) { connections.append(declared) }
      case .type, .enumeration, .node, .workflow, .connectionKind, .constant, .function, .importing, .defaults, .test,
        .unreadable:
        break
      }
    }
    if !connections.isEmpty { check(connections, &globals) }
    session.globals = globals
  }

  /// Whether the name is free; reports it when not.
  private func enter(_ name: Name, _ globals: inout Globals) -> Bool {
    if name.isMissing { return false }
    if let first = session.importNames[name.text] {
      session.report(.duplicate("the name", name, first: first))
      return false
    }
    if let first = globals.names[name.text] {
      session.report(.duplicate("the name", name, first: first.range))
      return false
    }
    globals.names[name.text] = name
    return true
  }

  // MARK: - Secrets

  /// Nil without a source.
  private func check(_ declaration: SecretDeclaration) -> CheckedSecret? {
    var type = Type.string
    if let written = declaration.type {
      type = TypeResolver(session: session).resolve(written)
      if type == .null || !type.isScalar, type != .unknown {
        session.report(.badSecretType(type, at: written.range))
        type = .unknown
      }
    }
    if case .missing = declaration.source.kind { return nil }
    guard case .call(let source, let arguments) = declaration.source.kind, source.text == "env", arguments.count == 1,
      arguments[0].label == nil, case .literal(.string(let variable)) = arguments[0].value.kind, !variable.isEmpty
    else {
      session.report(.badSecretSource(declaration.source))
      return CheckedSecret(
        name: declaration.name, label: session.label(declaration.name), type: .unknown, source: .environment(""))
    }
    return CheckedSecret(
      name: declaration.name, label: session.label(declaration.name), type: type, source: .environment(variable))
  }

  // MARK: - Connections

  /// Each after those that it mentions.
  private func check(_ connections: [ConnectionDeclaration], _ globals: inout Globals) {
    let outline = Outline([], connections: connections.map { .init(declaration: $0, checked: nil) })
    let names = ScopeNames(outline: outline, parent: nil)
    for secret in globals.secrets { names.bind(secret.name.text, secret.type.asSecret, origin: secret.name) }
    let scope = ScopeChecker(session: session, names: names).check()
    globals.slots = scope.slots.map(\.name)
    for (leaf, declaration) in zip(scope.leaves, connections) {
      var connection = Globals.Connection(declaration: declaration, type: .unknown, value: nil, needs: [])
      if case .value(let slot, let value) = leaf.kind {
        var mentions = Mentions()
        mentions.visit(declaration.call)
        connection.type = scope.slots[slot].type
        connection.value = value
        connection.needs = mentions.names
      }
      globals.connections.append(connection)
    }
  }
}

extension ScopeChecker {
  /// A connection: the record of its kind's settings in the order of the kind's declaration.
  func check(_ item: Outline.Connection, _ expressions: ExpressionChecker) -> CheckedLeaf.Kind {
    let name = item.declaration.name
    guard let entry = names.entries[name.text] else { return .invalid }
    if let checked = item.checked {
      _ = names.settle(name.text, checked.type, origin: name)
      return checked.value.map { .value(slot: entry.slot, own($0)) } ?? .invalid
    }
    let call = item.declaration.call
    guard !call.path.isMissing, let kind = session.connectionKind(call.path.text) else {
      if !call.path.isMissing {
        session.report(
          .unknownName(
            "kind of connection", call.path.text, candidates: session.connectionKinds(near: call.path.text),
            at: call.path.range))
      }
      call.arguments.forEach { _ = expressions.infer($0.value) }
      _ = names.settle(name.text, .unknown)
      return .invalid
    }
    var substitution = Substitution()
    let settings = expressions.bind(
      call, to: kind.parameters, of: kind.name, declared: kind.range, &substitution)
    _ = names.settle(name.text, .connection(kind.name), origin: name)
    return .value(slot: entry.slot, .record(kind.parameters.map(\.name), settings))
  }

  /// An expression over the slots of the file's scope as one over the slots of this one.
  private func own(_ expression: Expression) -> Expression {
    if case .binding(_, let slot) = expression {
      return .binding(depth: 0, slot: names.entries[session.globals.slots[slot]]?.slot ?? 0)
    }
    return expression.isLeaf ? expression : expression.replacingChildren(expression.children.map(own))
  }
}
