import DxshExpressions
import DxshPlan
import DxshSyntax

/// Checks one workflow: its parameters, its body, its output.
struct WorkflowChecker {
  let session: CheckSession

  func check(_ declaration: WorkflowDeclaration) -> CheckedWorkflow {
    let resolver = TypeResolver(session: session)
    let parameters = ParameterChecker(session: session, resolver: resolver).check(declaration.parameters)
    let declared = declaration.result.map(resolver.resolve)
    let outline = Outline(declaration.body.items)
    let names = ScopeNames(outline: outline, parent: nil)
    for parameter in parameters { names.bind(parameter.name, parameter.type) }
    let checker = ScopeChecker(session: session, names: names, parameters: parameters, result: declared)
    let body = checker.check()
    checkOutput(declaration, names, declared)
    return CheckedWorkflow(
      name: declaration.name.text, documentation: declaration.documentation, parameters: parameters,
      result: declared ?? names.entries["output"]?.type, body: body)
  }

  /// The output must be bound on every path that does not fail (rule 39).
  private func checkOutput(_ declaration: WorkflowDeclaration, _ names: ScopeNames, _ declared: Type?) {
    guard let declared, !declared.isOptional, declared != .record(RecordType([])), let result = declaration.result
    else {
      return
    }
    guard let sites = names.entries["output"]?.sites else {
      if names.outline.blocks[0].fails { return }
      session.report(.missingOutput(declaration.name, declared, at: result.range))
      return
    }
    if !names.outline.isCertain(sites, from: 0), !names.outline.blocks[0].fails {
      session.report(.outputNotCertain(declared, at: sites[0].name.range))
    }
  }
}
