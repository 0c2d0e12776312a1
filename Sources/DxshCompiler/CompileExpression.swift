package import DxshExpressions
package import DxshSyntax

/// Reads and checks one expression as files have them, over variables: the value of each is in the slot of its number.
package func compileExpression(
  _ file: SourceFile, variables: [(name: String, type: Type)]
) -> (expression: Expression, type: Type, diagnostics: [Diagnostic]) {
  let parsed = parseExpression(file)
  let session = CheckSession(library: NodeLibrary([:]))
  let typed = ExpressionChecker(session: session, scope: VariableScope(variables: variables))
    .infer(parsed.tree)
  return (typed.expression, typed.type, parsed.diagnostics.isEmpty ? session.diagnostics : parsed.diagnostics)
}

/// Names that have their values from the start.
private final class VariableScope: NameScope {
  let variables: [(name: String, type: Type)]

  init(variables: [(name: String, type: Type)]) {
    self.variables = variables
  }

  func resolve(_ name: String) -> TypedExpression? {
    guard let slot = variables.firstIndex(where: { $0.name == name }) else { return nil }
    return TypedExpression(.binding(depth: 0, slot: slot), variables[slot].type)
  }

  func origin(of name: String) -> Name? { nil }

  func isVisible(_ name: String) -> Bool { variables.contains { $0.name == name } }

  var visibleNames: [String] { variables.map(\.name) }
}
