/// Writes a YAML file in its one style, with its comments. Anchors stay only where nothing uses them: what an alias
/// stands for is written out. A file with errors, or one that would not read the same, stays as it is.
package func formatYAML(_ file: SourceFile) -> Formatted {
  let parsed = parseYAML(file)
  var formatted = Formatted(bytes: file.bytes, diagnostics: parsed.diagnostics)
  if formatted.hasErrors { return formatted }
  let written = printYAML(parsed.tree, of: file)
  guard written.refusals.isEmpty else {
    formatted.diagnostics += written.refusals
    return formatted
  }
  let again = parseYAML(SourceFile(id: file.id, name: file.name, text: written.text))
  let isSame =
    again.diagnostics.allSatisfy { $0.severity == .warning } && again.tree.comments.count == parsed.tree.comments.count
    && printed(again.tree) == printed(parsed.tree)
  if isSame {
    formatted.bytes = Array(written.text.utf8)
  } else {
    formatted.unproven = parsed.tree.declarations.map(\.range)
  }
  return formatted
}
