import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// Enters a module's declarations into the session: types, enums, kinds of connections, nodes, the names of workflows.
struct DeclarationChecker {
  let session: CheckSession

  func declare(_ module: Module) {
    declareTypes(module)
    declareConnectionKinds(module)
    for declaration in module.declarations {
      switch declaration {
      case .node(let node): declare(node)
      case .workflow(let workflow): declare(workflow)
      case .type, .enumeration, .secret, .connection, .connectionKind, .constant, .function, .importing, .defaults,
        .test,
        .unreadable:
        break
      }
    }
  }

  // MARK: - Types

  private func declareTypes(_ module: Module) {
    var aliases: [String: TypeDeclaration] = [:]
    for declaration in module.declarations {
      switch declaration {
      case .enumeration(let declared): if enter(declared.name) { declare(declared) }
      case .type(let declared): if enter(declared.name) { aliases[declared.name.text] = declared }
      case .node, .workflow, .secret, .connection, .connectionKind, .constant, .function, .importing, .defaults, .test,
        .unreadable:
        break
      }
    }
    var state: [String: Bool] = [:]
    for name in aliases.keys.sorted() {
      resolve(name, aliases, &state)
    }
  }

  /// Whether the name is free; reports it when not.
  private func enter(_ name: Name) -> Bool {
    if name.isMissing { return false }
    if let first = session.types.names[name.text] {
      session.report(.duplicate("the type", name, first: first.range))
      return false
    }
    if TypeTable.builtIn[name.text] != nil || TypeTable.constructors[name.text] != nil {
      session.report(.reservedType(name))
      return false
    }
    session.types.names[name.text] = name
    return true
  }

  /// An alias after those it mentions. `state` is false while an alias is being resolved: meeting it then is a cycle.
  private func resolve(_ name: String, _ aliases: [String: TypeDeclaration], _ state: inout [String: Bool]) {
    guard let alias = aliases[name], state[name] == nil else { return }
    state[name] = false
    for mentioned in alias.type.mentionedNames {
      if state[mentioned] == false {
        session.report(.recursiveType(alias.name))
        session.types.declared[mentioned] = .unknown
      } else {
        resolve(mentioned, aliases, &state)
      }
    }
    session.types.declared[name] = TypeResolver(session: session).resolve(alias.type)
    state[name] = true
  }

  private func declare(_ declaration: EnumDeclaration) {
    var members: [EnumType.Member] = []
    var names: [String: SourceRange] = [:]
    for member in declaration.members where !member.name.isMissing {
      if let first = names[member.name.text] {
        session.report(.duplicate("the member", member.name, first: first))
      } else {
        names[member.name.text] = member.name.range
        members.append(.init(member.name.text, wireName: member.wireName ?? member.name.text))
      }
    }
    let type = EnumType(declaration.name.text, members)
    session.types.enums[type.name] = type
    session.types.declared[type.name] = .enumeration(type)
  }

  // MARK: - Connections, nodes and workflows

  private func declareConnectionKinds(_ module: Module) {
    for case .connectionKind(let declaration) in module.declarations where !declaration.path.isMissing {
      let name = declaration.path.text
      if let first = session.connectionKinds[name] {
        session.report(.duplicate("the kind", Name(name, at: declaration.path.range), first: first.range))
        continue
      }
      // Known before its parameters are checked, since they may be connections themselves.
      session.connectionKinds[name] = ConnectionKind(name: name, parameters: [], range: declaration.path.range)
    }
    let resolver = TypeResolver(session: session)
    for case .connectionKind(let declaration) in module.declarations where !declaration.path.isMissing {
      guard session.connectionKinds[declaration.path.text]?.range == declaration.path.range else { continue }
      let parameters = ParameterChecker(session: session, resolver: resolver).check(declaration.parameters)
      session.connectionKinds[declaration.path.text]?.parameters = parameters
    }
  }

  private func declare(_ declaration: WorkflowDeclaration) {
    guard !declaration.name.isMissing else { return }
    if let first = session.workflows[declaration.name.text] {
      session.report(.duplicate("the workflow", declaration.name, first: first.range))
    } else {
      session.workflows[declaration.name.text] = declaration.name
    }
  }

  private func declare(_ declaration: NodeDeclaration) {
    guard !declaration.path.isMissing else { return }
    let path = declaration.path.text
    let typeParameters = declaration.typeParameters.map(\.text)
    let resolver = TypeResolver(session: session, parameters: Set(typeParameters))
    let signature = NodeSignature(
      path: path, typeParameters: typeParameters,
      parameters: ParameterChecker(session: session, resolver: resolver).check(declaration.parameters),
      result: result(of: declaration, resolver), effect: effect(of: declaration),
      errors: declaration.errors.map(\.text), timeout: timeout(of: declaration),
      documentation: declaration.documentation, range: declaration.path.range)
    if let first = session.nodes[path] {
      session.report(.duplicate("the node", Name(path, at: declaration.path.range), first: first.range))
    } else {
      session.nodes[path] = signature
    }
  }

  /// What a node gives is written to the journal, so it has no secrets in it.
  private func result(of declaration: NodeDeclaration, _ resolver: TypeResolver) -> Type {
    let type = resolver.resolve(declaration.result)
    guard type.isConfined else { return type }
    session.report(.secretTypeKept(type, "the result of a node", at: declaration.result.range))
    return .unknown
  }

  private func effect(of declaration: NodeDeclaration) -> Effect {
    guard let written = declaration.effect else {
      session.report(.missingEffect(declaration.path))
      return .once
    }
    if let effect = Effect(rawValue: written.text) { return effect }
    if !written.isMissing {
      session.report(
        .unknownName("effect", written.text, candidates: Effect.allCases.map(\.rawValue), at: written.range))
    }
    return .once
  }

  /// How long an attempt may take when neither the declaration nor the step says: five minutes.
  private static let defaultTimeout = Expression.constant(
    Constant(.duration(TimeSpan(nanoseconds: 300_000_000_000))))

  private func timeout(of declaration: NodeDeclaration) -> Expression {
    guard let written = declaration.timeout else { return Self.defaultTimeout }
    return ExpressionChecker(session: session, scope: NoNames()).check(written, expecting: .duration).expression
  }
}

/// Checks the parameters of a node or workflow: their types, and defaults that mention no names.
struct ParameterChecker {
  let session: CheckSession
  let resolver: TypeResolver

  func check(_ parameters: [Parameter]) -> [ParameterSignature] {
    var names: [String: SourceRange] = [:]
    var signatures: [ParameterSignature] = []
    for parameter in parameters where !parameter.name.isMissing {
      var type = resolver.resolve(parameter.type)
      var defaultValue: Expression?
      if let value = parameter.defaultValue {
        let typed = ExpressionChecker(session: session, scope: NoNames()).check(value, expecting: type)
        defaultValue = typed.expression
        // One of the two is wrong, and nobody knows which.
        if typed.type == .unknown { type = .unknown }
      }
      if defaultValue == nil, type.isOptional { defaultValue = .constant(Constant(.none)) }
      if let first = names[parameter.name.text] {
        session.report(.duplicate("the parameter", parameter.name, first: first))
        continue
      }
      names[parameter.name.text] = parameter.name.range
      signatures.append(
        ParameterSignature(
          name: parameter.name.text, type: type, defaultValue: defaultValue, range: parameter.name.range,
          access: access(of: parameter), sink: sink(of: parameter)))
    }
    return signatures
  }
}

extension ParameterChecker {
  private func sink(of parameter: Parameter) -> ParameterSignature.Sink? {
    guard let annotation = parameter.annotations.first(where: { $0.path.text == "sink" }),
      case .name(let name)? = annotation.arguments.first?.value.kind,
      let kind = ParameterSignature.Sink.Kind(rawValue: name)
    else { return nil }
    var sink = ParameterSignature.Sink(kind: kind)
    let unless = annotation.arguments.first { $0.label?.text == "unless" }
    if case .name(let other)? = unless?.value.kind { sink.guardedBy = other }
    return sink
  }

  private func access(of parameter: Parameter) -> ParameterSignature.Access? {
    for annotation in parameter.annotations where ["reads", "writes"].contains(annotation.path.text) {
      guard case .name(let kind)? = annotation.arguments.first?.value.kind else { continue }
      return ParameterSignature.Access(writes: annotation.path.text == "writes", kind: kind)
    }
    return nil
  }
}

/// The scope of constant expressions.
final class NoNames: NameScope {
  func resolve(_ name: String) -> TypedExpression? { nil }
  func origin(of name: String) -> Name? { nil }
  func isVisible(_ name: String) -> Bool { false }
  var visibleNames: [String] { [] }
}

extension TypeSyntax {
  /// The names in it, dotted ones left out.
  fileprivate var mentionedNames: [String] {
    switch kind {
    case .missing: []
    case .named(let path, let arguments): [path.text] + arguments.flatMap(\.mentionedNames)
    case .optional(let wrapped): wrapped.mentionedNames
    case .record(let fields): fields.flatMap(\.type.mentionedNames)
    }
  }
}
