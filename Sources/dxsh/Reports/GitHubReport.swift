import DxshSyntax

/// Workflow commands, which GitHub Actions shows beside the lines:
/// docs.github.com/actions/reference/workflow-commands-for-github-actions.
enum GitHubReport {
  /// A line each.
  static func render(_ report: CheckReport) -> String {
    let places = ReportPlaces(report.files)
    return report.diagnostics.map { line($0, places) + "\n" }.joined()
  }

  private static func line(_ diagnostic: Diagnostic, _ places: ReportPlaces) -> String {
    let (start, end) = (places.start(of: diagnostic.range), places.end(of: diagnostic.range))
    var properties = [
      "file=\(property(places.path(of: diagnostic.range)))", "line=\(start.line)", "endLine=\(end.line)",
    ]
    // Columns are heeded only within one line.
    if start.line == end.line { properties += ["col=\(start.column)", "endColumn=\(end.column)"] }
    properties.append("title=\(property(diagnostic.code.rawValue))")
    let text = ([diagnostic.message] + (diagnostic.help.map { [$0] } ?? [])).joined(separator: "\n")
    return "::\(diagnostic.severity.rawValue) \(properties.joined(separator: ","))::\(data(text))"
  }

  /// As actions/toolkit escapes them (packages/core/src/command.ts).
  private static func data(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: String(scalar)
      }
    }.joined()
  }

  private static func property(_ text: String) -> String {
    data(text).unicodeScalars.map { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : String($0) }.joined()
  }
}
