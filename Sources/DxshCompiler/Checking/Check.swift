package import DxshSyntax

/// Resolves the names of a module, types every expression, and reports every mistake once.
///
/// Pure; the result depends on the module and the library alone. A mistake never hides a later one.
package func check(_ module: Module, library: NodeLibrary) -> CheckedProgram {
  let session = CheckSession(library: library)
  DeclarationChecker(session: session).declare(module)
  DefinitionChecker(session: session).check(module)
  GlobalChecker(session: session).check(module)
  UnsupportedConstructs(session: session).check(module)
  var workflows: [CheckedWorkflow] = []
  let defaults = HeaderChecker(session: session).defaults(of: module)
  for case .workflow(let declaration) in module.declarations {
    session.enter(declaration, fileDefaults: defaults)
  }
  for case .workflow(let declaration) in module.declarations {
    let isFirst = session.workflows[declaration.name.text]?.range == declaration.name.range
    let known = isFirst ? session.workflow(Path([declaration.name])) : nil
    workflows.append(
      known ?? WorkflowChecker(session: session, fileDefaults: defaults).check(declaration))
  }
  let diagnostics = session.diagnostics.sorted { left, right in
    (left.range.file.index, left.range.start) < (right.range.file.index, right.range.start)
  }
  return CheckedProgram(workflows: workflows, diagnostics: diagnostics, libraryFiles: session.libraryFiles)
}
