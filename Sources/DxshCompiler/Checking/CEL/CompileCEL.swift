package import DxshExpressions
package import DxshSyntax

/// What an expression of plain CEL came to.
package struct CELCompilation: Sendable {
  package var expression: Expression
  /// What the checker found; `dyn` where the environment does not check.
  package var type: Type
  /// In the order of the text; there is a value only when there are none.
  package var diagnostics: [Diagnostic]
}

/// Reads and checks an expression of plain CEL.
package func compileCEL(_ file: SourceFile, _ environment: CELEnvironment = CELEnvironment()) -> CELCompilation {
  let parsed = parseExpression(file, dialect: .cel)
  var checker = CELChecker(environment)
  let (expression, type) = checker.check(parsed.tree)
  return CELCompilation(
    expression: expression, type: type,
    diagnostics: parsed.diagnostics.isEmpty ? checker.diagnostics : parsed.diagnostics)
}
