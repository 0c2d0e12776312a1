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

/// Reads and checks expressions of plain CEL in one environment. What it has learnt of functions and types serves for
/// the next ones.
package struct CELCompiler {
  /// How many types it keeps before it forgets them: the variables of calls add up.
  private static let typeLimit = 10_000

  private var checker: CELChecker

  package init(_ environment: CELEnvironment = CELEnvironment()) {
    checker = CELChecker(environment)
  }

  package mutating func compile(_ file: SourceFile) -> CELCompilation {
    if checker.types.count > Self.typeLimit { checker = CELChecker(checker.environment) }
    let parsed = parseExpression(file, dialect: .cel)
    let (expression, type) = checker.check(parsed.tree)
    let found = checker.takeDiagnostics()
    return CELCompilation(
      expression: expression, type: type, diagnostics: parsed.diagnostics.isEmpty ? found : parsed.diagnostics)
  }
}

/// Reads and checks one expression of plain CEL.
package func compileCEL(_ file: SourceFile, _ environment: CELEnvironment = CELEnvironment()) -> CELCompilation {
  var compiler = CELCompiler(environment)
  return compiler.compile(file)
}
