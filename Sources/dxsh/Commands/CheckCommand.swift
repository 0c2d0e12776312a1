import ArgumentParser
import DxshCompiler
import DxshSyntax
import Glibc

/// `dxsh check [FILES|DIRS…|-]`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Finds the mistakes in workflow files without running them.",
    discussion: """
      Prints nothing and exits 0 when there is nothing to say. Exits 1 when there are errors, 2 when a file cannot be \
      read or a folder has none.

      EXAMPLES
        dxsh check                    every .dxsh file below this folder
        dxsh check a.dxsh samples     a file and a folder
        dxsh check - < a.dxsh         standard input
        dxsh check --format json .    for programs; docs/diagnostics-json.md describes it
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @ArgumentParser.Argument(help: "Files and folders; - is standard input. Default: this folder.")
  var paths: [String] = ["."]

  @Option(help: "How to print: text or json.")
  var format: Format = .text

  func run() throws {
    let files = try SourceLoader.files(in: paths)
    var all: [(diagnostics: [Diagnostic], files: [SourceFile])] = []
    var unreadable = false
    for (number, path) in files.enumerated() {
      do {
        let compilation = try Composition.compile(path, number: number)
        all.append((compilation.diagnostics, compilation.files))
      } catch {
        Output.error("dxsh: \(error.message)")
        unreadable = true
      }
    }
    switch format {
    case .text: printText(all)
    case .json: Output.result(DiagnosticsJSON.render(all))
    }
    if unreadable { throw ExitCode(2) }
    let hasErrors = all.contains { $0.diagnostics.contains { $0.severity == .error } }
    if hasErrors { throw ExitCode(1) }
  }

  private func printText(_ all: [(diagnostics: [Diagnostic], files: [SourceFile])]) {
    for (diagnostics, files) in all where !diagnostics.isEmpty {
      Output.result(DiagnosticText.render(diagnostics, files, color: Output.usesColor(STDOUT_FILENO)))
    }
    let found = all.flatMap(\.diagnostics)
    guard !found.isEmpty else { return }
    let errors = found.count { $0.severity == .error }
    let warnings = found.count - errors
    let counts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    Output.error(counts.joined(separator: ", "))
  }
}

/// Diagnostics for people.
enum DiagnosticText {
  static func render(_ diagnostics: [Diagnostic], _ files: [SourceFile], color: Bool) -> String {
    var renderer = DiagnosticRenderer(files: files, color: color)
    return diagnostics.map { renderer.render($0) }.joined(separator: "\n")
  }
}
