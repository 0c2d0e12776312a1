import DxshExpressions
import DxshSyntax

/// A log in the Static Analysis Results Interchange Format, SARIF 2.1.0 (OASIS), of one run. Section numbers are those
/// of the standard.
enum SARIFReport {
  private static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

  static func render(_ report: CheckReport) -> [UInt8] {
    let places = ReportPlaces(report.files)
    let rules = Set(report.diagnostics.map(\.code)).sorted { $0.rawValue < $1.rawValue }
    let numbers = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($0.element, $0.offset) })
    let driver = JSONForm.object([
      ("name", .text("dxsh")), ("semanticVersion", .text(Dxsh.version)), ("rules", .list(rules.map(rule))),
    ])
    let run = JSONForm.object([
      ("tool", JSONForm.object([("driver", driver)])),
      ("invocations", .list([invocation(report.failures)])),
      ("columnKind", .text("utf16CodeUnits")),
      ("results", .list(report.findings.map { result($0, numbers[$0.diagnostic.code] ?? 0, places) })),
    ])
    return JSONForm.text(
      JSONForm.object([("$schema", .text(schema)), ("version", .text("2.1.0")), ("runs", .list([run]))]))
  }

  /// §3.20; a file that could not be read is a notification of §3.58.
  private static func invocation(_ failures: [String]) -> Value {
    let notifications = failures.map { failure in
      JSONForm.object([("level", .text("error")), ("message", message(failure))])
    }
    return JSONForm.object([
      ("executionSuccessful", .bool(failures.isEmpty)), ("toolExecutionNotifications", .list(notifications)),
    ])
  }

  /// §3.49
  private static func rule(_ code: DiagnosticCode) -> Value {
    let explanation = code.explanation
    return JSONForm.object([
      ("id", .text(code.rawValue)),
      ("name", .text("\(code)")),
      ("shortDescription", message(explanation.title)),
      ("fullDescription", message(explanation.why)),
      ("help", message(explanation.text(code))),
      ("defaultConfiguration", JSONForm.object([("level", .text(code.severity.rawValue))])),
      ("properties", JSONForm.object([("tags", .list([.text(code.tier.rawValue)]))])),
    ])
  }

  /// §3.27
  private static func result(_ finding: CheckReport.Finding, _ number: Int, _ places: ReportPlaces) -> Value {
    let diagnostic = finding.diagnostic
    let text = ([diagnostic.message] + (diagnostic.help.map { [$0] } ?? [])).joined(separator: "\n")
    var entries: [(String, Value)] = [
      ("ruleId", .text(diagnostic.code.rawValue)),
      ("ruleIndex", .int(Int64(number))),
      ("level", .text(diagnostic.severity.rawValue)),
      ("message", message(text)),
      ("locations", .list([location(diagnostic.range, nil, places)])),
      ("partialFingerprints", JSONForm.object([("dxsh/v1", .text(finding.fingerprint))])),
    ]
    if !diagnostic.related.isEmpty {
      entries.append(("relatedLocations", .list(diagnostic.related.map { location($0.range, $0.message, places) })))
    }
    if let fix = diagnostic.fix { entries.append(("fixes", .list([form(fix, places)]))) }
    return JSONForm.object(entries)
  }

  /// §3.28
  private static func location(_ range: SourceRange, _ text: String?, _ places: ReportPlaces) -> Value {
    let physical = JSONForm.object([("artifactLocation", artifact(range, places)), ("region", region(range, places))])
    return JSONForm.object([("physicalLocation", physical)] + (text.map { [("message", message($0))] } ?? []))
  }

  /// §3.55: one change for each file.
  private static func form(_ fix: Diagnostic.Fix, _ places: ReportPlaces) -> Value {
    var files: [FileID] = []
    for edit in fix.edits where !files.contains(edit.range.file) { files.append(edit.range.file) }
    let changes = files.map { file in
      let edits = fix.edits.filter { $0.range.file == file }
      let replacements = edits.map { edit in
        JSONForm.object([
          ("deletedRegion", region(edit.range, places)),
          ("insertedContent", message(edit.replacement)),
        ])
      }
      return JSONForm.object([
        ("artifactLocation", artifact(edits[0].range, places)), ("replacements", .list(replacements)),
      ])
    }
    return JSONForm.object([("description", message(fix.title)), ("artifactChanges", .list(changes))])
  }

  private static func artifact(_ range: SourceRange, _ places: ReportPlaces) -> Value {
    JSONForm.object([("uri", .text(reference(places.path(of: range))))])
  }

  /// §3.30; an end is the first place behind it.
  private static func region(_ range: SourceRange, _ places: ReportPlaces) -> Value {
    let (start, end) = (places.start(of: range), places.end(of: range))
    return JSONForm.object([
      ("startLine", .int(Int64(start.line))), ("startColumn", .int(Int64(start.wideColumn))),
      ("endLine", .int(Int64(end.line))), ("endColumn", .int(Int64(end.wideColumn))),
    ])
  }

  private static func message(_ text: String) -> Value { JSONForm.object([("text", .text(text))]) }

  /// A relative reference of RFC 3986 for a path: what has a meaning there is written as %XX.
  private static func reference(_ path: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    let bytes = path.utf8.flatMap { byte in
      plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
