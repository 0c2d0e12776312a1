import DxshRuntime
import DxshSyntax
import Glibc

/// What is found, for people: the diagnostics on standard output, their number on standard error.
enum CheckText {
  static func print(_ report: CheckReport, showsAll: Bool) {
    if showsAll, !report.findings.isEmpty {
      let text = DiagnosticText.render(report.diagnostics, report.files, color: Output.usesColor(STDOUT_FILENO))
      Output.result(Array(text.utf8))
    }
    for (file, texts) in report.types { Output.result("// \(file)\n" + texts.joined(separator: "\n")) }
    let errors = report.diagnostics.count { $0.severity == .error }
    let warnings = report.findings.count - errors
    var parts = [errors > 0 ? Counted.text(errors, "error") : ""]
    parts.append(warnings > 0 ? Counted.text(warnings, "warning") : "")
    parts.append(report.known > 0 ? "\(report.known) in the baseline" : "")
    parts.removeAll(where: \.isEmpty)
    if !parts.isEmpty { Output.error(parts.joined(separator: ", ")) }
  }
}

/// Diagnostics for people.
enum DiagnosticText {
  /// On standard error.
  static func print(_ diagnostics: [Diagnostic], _ files: [SourceFile]) {
    Output.raw(error: render(diagnostics, files, color: Output.usesColor(STDERR_FILENO)) + "\n")
  }

  static func render(_ diagnostics: [Diagnostic], _ files: [SourceFile], color: Bool) -> String {
    var renderer = DiagnosticRenderer(files: files, color: color)
    return diagnostics.map { renderer.render($0) }.joined(separator: "\n")
  }
}
