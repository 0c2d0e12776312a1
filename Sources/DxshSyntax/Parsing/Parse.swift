/// Reads a file of either notation into its tree; its name says which it is. Never fails: what cannot be read is a
/// missing part of the tree and a diagnostic; the diagnostics are in the order of the text.
package func parse(_ file: SourceFile) -> Parsed<Module> {
  if isYAML(file.name) { return parseYAML(file) }
  var parser = Parser(file)
  let module = parser.parseModule()
  return Parsed(module, diagnostics: parser.sortedDiagnostics)
}

/// Reads a text that is one expression, as the values of the YAML form and `dxsh eval` are.
package func parseExpression(_ file: SourceFile, dialect: Dialect = .dxsh) -> Parsed<ExpressionSyntax> {
  var parser = Parser(file, dialect)
  parser.newlinesMatter = false
  let expression = parser.parseExpression()
  parser.expectEndOfFile()
  return Parsed(expression, diagnostics: parser.sortedDiagnostics)
}
