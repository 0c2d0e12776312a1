import ArgumentParser
import DxshRuntime
import DxshSyntax
import Glibc

/// `dxsh convert FILE [-o OUT]`
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Turns a workflow file into the other notation.",
    discussion: """
      A .dxsh file becomes YAML, a .yaml or .yml file becomes .dxsh; comments are kept. A file with errors is refused. \
      Aliases of YAML are written out, and a note says so.

      EXAMPLES
        dxsh convert orders.dxsh                          prints the YAML form
        dxsh convert orders.dxsh -o orders.dxsh.yaml      writes it to a file
        dxsh convert orders.dxsh.yaml -o orders.dxsh      and back
      """)

  @ArgumentParser.Argument(help: "The file.")
  var path: String

  @Option(name: .shortAndLong, help: "Where the result is written. Default: standard output.")
  var output: String?

  func run() throws {
    let file = SourceFile(id: FileID(0), name: path, bytes: try SourceLoader.read(path))
    let parsed = DxshSyntax.parse(file)
    if parsed.diagnostics.contains(where: { $0.severity == .error }) { try refuse(parsed.diagnostics, file) }
    let text: String
    if isYAML(path) {
      text = printDxsh(parsed.tree, of: file)
    } else {
      let written = printYAML(parsed.tree, of: file)
      if !written.refusals.isEmpty { try refuse(written.refusals, file) }
      text = written.text
    }
    if let output {
      guard Folder.target(of: output) != Folder.target(of: path) else {
        throw CallFailure("-o names the file that is converted: name another")
      }
      try FileReplacement.write(Array(text.utf8), to: output)
    } else {
      Output.raw(Array(text.utf8))
    }
    sayExpansions(parsed.tree)
  }

  private func refuse(_ diagnostics: [Diagnostic], _ file: SourceFile) throws {
    DiagnosticText.print(diagnostics, [file])
    throw ExitCode(1)
  }

  private func sayExpansions(_ tree: Module) {
    let count = tree.expansions.count
    guard count > 0 else { return }
    Output.error("\(Counted.text(count, "alias was", "aliases were")) written out: .dxsh has none")
  }
}
