import DxshSyntax

/// Files of the YAML form: what holds of every file, and that what is written from one reads as the same tree.
enum YAMLProbe {
  static func run(_ text: [UInt8]) throws(Finding) {
    try FileProbe.run(text, name: "fuzz.dxsh.yaml")
    let file = SourceFile(id: FileID(0), name: "fuzz.dxsh.yaml", bytes: text)
    let parsed = parse(file)
    if parsed.diagnostics.contains(where: { $0.severity == .error }) { return }
    try expectSame(parsed.tree, SourceFile(id: FileID(0), name: "again.dxsh", text: printDxsh(parsed.tree, of: file)))
    let written = printYAML(parsed.tree, of: file)
    if !written.refusals.isEmpty { return }
    try expectSame(parsed.tree, SourceFile(id: FileID(0), name: "again.dxsh.yaml", text: written.text))
  }

  private static func expectSame(_ tree: Module, _ file: SourceFile) throws(Finding) {
    let again = parse(file)
    let (before, after) = (text(tree), text(again.tree))
    guard before == after else { throw Finding("\(file.name) reads as something else:\n\(before)\n\(after)") }
  }

  /// Declarations in any order, since that between kinds has no meaning.
  private static func text(_ tree: Module) -> String {
    tree.declarations.map { printed(Module(file: tree.file, declarations: [$0], comments: [])) }.sorted().joined()
  }
}
