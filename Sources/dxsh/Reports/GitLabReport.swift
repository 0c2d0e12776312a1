import DxshExpressions
import DxshSyntax

/// A report of code quality, which GitLab shows in merge requests: docs.gitlab.com/ci/testing/code_quality.
enum GitLabReport {
  static func render(_ report: CheckReport) -> [UInt8] {
    let places = ReportPlaces(report.files)
    return JSONForm.text(.list(report.findings.map { form($0, places) }))
  }

  private static func form(_ finding: CheckReport.Finding, _ places: ReportPlaces) -> Value {
    let diagnostic = finding.diagnostic
    let lines = JSONForm.object([
      ("begin", .int(Int64(places.start(of: diagnostic.range).line))),
      ("end", .int(Int64(places.end(of: diagnostic.range).line))),
    ])
    return JSONForm.object([
      ("description", .text("\(diagnostic.code.rawValue): \(diagnostic.message)")),
      ("check_name", .text(diagnostic.code.rawValue)),
      ("fingerprint", .text(finding.fingerprint)),
      ("severity", .text(severity(of: diagnostic))),
      ("location", JSONForm.object([("path", .text(places.path(of: diagnostic.range))), ("lines", lines)])),
    ])
  }

  private static func severity(of diagnostic: Diagnostic) -> String {
    switch diagnostic.severity {
    case .error: "major"
    case .warning: diagnostic.code.tier == .default ? "minor" : "info"
    }
  }
}
