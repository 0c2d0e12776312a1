import DxshExpressions
import DxshPlan
import DxshSyntax

/// Checks one workflow: its parameters, its body, its output.
struct WorkflowChecker {
  let session: CheckSession
  let fileDefaults: [Call]

  func check(_ declaration: WorkflowDeclaration) -> CheckedWorkflow {
    let isReadable =
      !declaration.body.hasUnreadable && declaration.finally?.hasUnreadable != true
      && session.damage?.mayHide(namesIn: declaration.range) != true
    let mayMissNames = session.mayMissNames
    session.mayMissNames = mayMissNames || !isReadable
    defer { session.mayMissNames = mayMissNames }
    let resolver = TypeResolver(session: session)
    let parameters = checkParameters(declaration, resolver)
    let declared = declaration.result.map { written in
      let type = resolver.resolve(written)
      if type.isConfined { session.report(.secretTypeKept(type, "the result of a workflow", at: written.range)) }
      return type.isConfined ? .unknown : type
    }
    let header = HeaderChecker(session: session)
    let limits = header.limits(declaration.limits)
    session.defaults = header.defaults(declaration.defaults, of: fileDefaults, parameters: parameters)
    let called = calledWorkflows(in: declaration)
    var (secrets, connections) = session.globals.needed(
      by: mentionedNames(in: declaration).union(called.flatMap(\.secrets).filter(isOwn).map(\.name.text)))
    for secret in called.flatMap(\.secrets) where !isOwn(secret) && !secrets.contains(where: { $0.name == secret.name })
    {
      secrets.append(secret)
    }
    let outline = Outline(
      declaration.body.items, connections: connections.map { .init(declaration: $0.declaration, checked: $0) })
    let names = ScopeNames(outline: outline, parent: nil, globals: Array(session.globals.names.keys))
    for parameter in parameters { names.bind(parameter.name, parameter.type) }
    for secret in secrets {
      names.bind(isOwn(secret) ? secret.name.text : secret.label, secret.type.asSecret, origin: secret.name)
    }
    let errorChecker = ErrorChecker(session: session, workflow: declaration)
    session.errors = .init(workflow: declaration.name.text, kinds: errorChecker.declared())
    let checker = ScopeChecker(session: session, names: names, parameters: parameters, result: declared)
    let body = checker.check()
    if isReadable { checkOutput(declaration, names, declared) }
    let finallyNames = declaration.finally.map { block in
      ScopeNames(outline: Outline(block.items), parent: (names, 0), isAfterward: true)
    }
    var errors = ErrorKinds(of: body)
    let finally = finallyNames.map { check(finally: $0, names, errors) }
    if let finally {
      errors.formUnion(ErrorKinds(of: finally))
      for range in finally.waits { session.report(.waitInFinally(at: range)) }
    }
    if !session.hasErrors(besides: .notSupported), !session.mayMissNames {
      checkApprovals([names] + (finallyNames.map { [$0] } ?? []))
    }
    if !session.hasErrors, !session.mayMissNames {
      UsageChecker(session: session).check([names] + (finallyNames.map { [$0] } ?? []), parameters)
      errorChecker.checkUse(errors)
    }
    return CheckedWorkflow(
      name: declaration.name.text, id: session.label(declaration.name), documentation: declaration.documentation,
      parameters: parameters, secrets: secrets, result: declared ?? names.entries[Outline.outputName]?.type,
      limits: limits, body: body, finally: finally, effect: max(body.effect, finally?.effect ?? .pure), errors: errors,
      mayWait: !body.waits.isEmpty, approval: .longest(of: [body.longestApproval, finally?.longestApproval]),
      formerNames: FormerNameChecker(session: session).check(declaration))
  }

  private func mentionedNames(in declaration: WorkflowDeclaration) -> Set<String> {
    var mentions = Mentions()
    mentions.visit(declaration.body)
    if let finally = declaration.finally { mentions.visit(finally) }
    return mentions.names
  }

  /// The workflows that its steps call. They get their secrets from its run.
  private func calledWorkflows(in declaration: WorkflowDeclaration) -> [CheckedWorkflow] {
    var called: [CheckedWorkflow] = []
    for block in [declaration.body, declaration.finally].compactMap({ $0 }) {
      block.forEachStep { step in
        let path = step.call.path
        guard session.workflows[path.text] != nil, session.node(path.text) == nil else { return }
        // That it calls itself, or too deeply, is reported where its step is checked.
        if let workflow = session.checked(path) { called.append(workflow) }
      }
    }
    return called
  }

  private func isOwn(_ secret: CheckedSecret) -> Bool { session.globals.names[secret.name.text] == secret.name }

  /// It sees every name of the body as one that may be absent, and `run`: how it ended (rule 38).
  private func check(finally names: ScopeNames, _ body: ScopeNames, _ errors: ErrorKinds) -> CheckedScope {
    names.bind("run", .record(Self.runType(errors)))
    for name in names.outline.names where body.outline.binds(name) {
      guard let own = names.outline.sites(of: name).first, name != Outline.outputName else { continue }
      session.report(.duplicate("the name", own.name, first: body.outline.sites(of: name).first?.name.range))
    }
    var checker = ScopeChecker(session: session, names: names)
    checker.place = .finally
    return checker.check()
  }

  /// What `finally` knows of the run.
  private static func runType(_ errors: ErrorKinds) -> RecordType {
    var errors = errors
    errors.formUnion(ErrorKinds(["cancelled"]))
    let statuses = ["succeeded", "failed", "rejected", "cancelled"]
    let status = EnumType("RunStatus", statuses.map { .init($0, wireName: $0) })
    return RecordType([
      .init("status", .enumeration(status)), .init("error", .optional(.record(errors.errorType))),
    ])
  }

  /// What a workflow is given is kept with the run, so it has no secrets in it; and its names are not the file's.
  private func checkParameters(_ declaration: WorkflowDeclaration, _ resolver: TypeResolver) -> [ParameterSignature] {
    var parameters = ParameterChecker(session: session, resolver: resolver).check(declaration.parameters)
    for (position, parameter) in parameters.enumerated() {
      guard let written = declaration.parameters.first(where: { $0.name.range == parameter.range }) else { continue }
      if parameter.type.isConfined {
        session.report(.secretTypeKept(parameter.type, "a parameter of a workflow", at: written.type.range))
        parameters[position].type = .unknown
      }
      if let first = session.globals.names[parameter.name] {
        session.report(.duplicate("the name", written.name, first: first.range))
      }
    }
    return parameters
  }

  /// The output must be bound on every path that does not fail (rule 39).
  private func checkOutput(_ declaration: WorkflowDeclaration, _ names: ScopeNames, _ declared: Type?) {
    guard let declared, !declared.isOptional, declared != .record(RecordType([])), let result = declaration.result
    else {
      return
    }
    guard let site = names.outline.sites(of: Outline.outputName).first else {
      if names.outline.blocks[0].fails { return }
      session.report(.missingOutput(declaration.name, declared, at: result.range))
      return
    }
    if !names.isCertain(Outline.outputName, from: 0), !names.outline.blocks[0].fails {
      session.report(.outputNotCertain(declared, at: site.name.range))
    }
  }
}
