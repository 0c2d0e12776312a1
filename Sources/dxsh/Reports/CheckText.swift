import DxshSyntax
import Glibc

/// What is found, for people: the diagnostics on standard output, their number on standard error.
enum CheckText {
  static func print(_ report: CheckReport, showsAll: Bool) {
    if showsAll, !report.findings.isEmpty {
      Output.result(
        DiagnosticText.render(report.diagnostics, report.files, color: Output.usesColor(STDOUT_FILENO)))
    }
    for (file, texts) in report.types { Output.result("// \(file)\n" + texts.joined(separator: "\n")) }
    let errors = report.diagnostics.count { $0.severity == .error }
    let warnings = report.findings.count - errors
    var parts = [errors > 0 ? count(errors, "error", "errors") : ""]
    parts.append(warnings > 0 ? count(warnings, "warning", "warnings") : "")
    parts.append(report.known > 0 ? "\(report.known) in the baseline" : "")
    parts.removeAll(where: \.isEmpty)
    if !parts.isEmpty { Output.error(parts.joined(separator: ", ")) }
  }

  static func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }
}

/// Diagnostics for people.
enum DiagnosticText {
  static func render(_ diagnostics: [Diagnostic], _ files: [SourceFile], color: Bool) -> String {
    var renderer = DiagnosticRenderer(files: files, color: color)
    return diagnostics.map { renderer.render($0) }.joined(separator: "\n")
  }
}
