/// A tree in the YAML form, and what of it that form cannot say.
package struct YAMLText: Sendable {
  package var text: String
  /// Where there are any, `text` is not the whole tree.
  package var refusals: [Diagnostic]
}

/// Writes the tree of a file of either notation as YAML, with its comments. Reading the text gives the same tree; the
/// order between kinds of declarations, which means nothing, is that of the form.
package func printYAML(_ module: Module, of file: SourceFile) -> YAMLText {
  var writer = YAMLWriter(file, comments: SourceComments(module, of: file))
  writer.module(module)
  return YAMLText(text: writer.output.text, refusals: writer.refusals)
}
