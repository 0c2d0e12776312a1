import DxshSyntax

/// Resolves the names of a file and of those that it imports, types every expression, and reports every mistake once.
///
/// Pure; the result depends on the arguments alone. A mistake hides only what follows from it (`Damage`).
func check(_ modules: Modules, library: NodeLibrary, time: TimeContext) -> CheckedProgram {
  var sessions: [CheckSession] = []
  var own: [CheckedWorkflow] = []
  var imported: [CheckedWorkflow] = []
  for (number, module) in modules.all.enumerated() {
    let isMain = number == modules.all.count - 1
    let session = CheckSession(
      library: library, module: module.label, damage: module.damage, isYAML: isYAML(module.file.name))
    for (declaration, other) in module.imports {
      let checker = ImportChecker(session: session)
      if let other { checker.enter(declaration, sessions[other]) } else { checker.lose(declaration) }
    }
    let schedules = ScheduleChecker(session: session, file: module.file, time: time)
    let workflows = check(module.tree, session, schedules)
    let known = workflows + imported
    if !session.hasErrors(besides: .notSupported) { checkUntrusted(module.tree, session, known) }
    var approvals = RepeatedApprovals(session: session)
    for workflow in workflows { approvals.check(workflow) }
    var finder = WorstCaseFinder(known)
    for case .workflow(let declaration) in module.tree.declarations {
      guard declaration.limits != nil || !declaration.schedules.isEmpty || !declaration.triggers.isEmpty,
        session.workflows[declaration.name.text]?.range == declaration.name.range,
        let workflow = session.checked(Path(declaration.name))
      else { continue }
      LaunchChecker(session: session, workflow: workflow).check(declaration)
      BoundsChecker(session: session).check(declaration, workflow, &finder)
    }
    if isMain { own = workflows } else { imported += workflows }
    sessions.append(session)
  }
  let diagnostics = sessions.flatMap(\.diagnostics).sorted { left, right in
    (left.range.file.index, left.range.start) < (right.range.file.index, right.range.start)
  }
  return CheckedProgram(
    workflows: own, imported: imported, diagnostics: diagnostics, libraryFiles: sessions.flatMap(\.libraryFiles))
}

/// Looks for what others wrote in what the workflows of a file hand on.
private func checkUntrusted(_ module: Module, _ session: CheckSession, _ known: [CheckedWorkflow]) {
  let declarations = module.declarations.compactMap { declaration in
    if case .workflow(let workflow) = declaration { workflow } else { nil }
  }
  guard session.bringsUntrusted || declarations.contains(where: { !$0.triggers.isEmpty }) else { return }
  UntrustedChecker(session: session).check(declarations, known)
}

/// The workflows of one file, in the order of the text.
private func check(
  _ module: Module, _ session: CheckSession, _ schedules: ScheduleChecker
) -> [CheckedWorkflow] {
  session.mayMissNames = !module.isReadable
  DeclarationChecker(session: session).declare(module)
  DefinitionChecker(session: session).check(module)
  GlobalChecker(session: session).check(module)
  FormerNameChecker(session: session).check(module)
  UnsupportedConstructs(session: session, schedules: schedules).check(module)
  var workflows: [CheckedWorkflow] = []
  let defaults = HeaderChecker(session: session).defaults(of: module)
  for case .workflow(let declaration) in module.declarations {
    session.enter(declaration, fileDefaults: defaults)
  }
  for case .workflow(let declaration) in module.declarations {
    let isFirst = session.workflows[declaration.name.text]?.range == declaration.name.range
    let known = isFirst ? session.checked(Path(declaration.name)) : nil
    workflows.append(
      known ?? WorkflowChecker(session: session, fileDefaults: defaults).check(declaration))
  }
  if !session.hasErrors, module.isReadable {
    let usage = UsageChecker(session: session)
    usage.checkDeclarations(module)
    if !workflows.isEmpty { usage.checkGlobals(module) }
  }
  return workflows
}

extension Module {
  /// Whether it has no declaration that could not be read.
  fileprivate var isReadable: Bool {
    !declarations.contains { if case .unreadable = $0 { true } else { false } }
  }
}
