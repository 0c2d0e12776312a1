import DxshExpressions
import DxshSyntax

/// The JSON form of diagnostics, version 1; docs/diagnostics-json.md describes it.
enum DiagnosticsJSON {
  static func render(_ report: CheckReport) -> [UInt8] {
    let places = ReportPlaces(report.files)
    let list = report.findings.map { form($0.diagnostic, places) }
    return JSONForm.text(JSONForm.object([("version", .int(1)), ("diagnostics", .list(list))]))
  }

  private static func form(_ diagnostic: Diagnostic, _ places: ReportPlaces) -> Value {
    JSONForm.object([
      ("code", .text(diagnostic.code.rawValue)),
      ("severity", .text(diagnostic.severity.rawValue)),
      ("message", .text(diagnostic.message)),
      ("range", form(diagnostic.range, places)),
      (
        "related",
        .list(
          diagnostic.related.map {
            JSONForm.object([("message", .text($0.message)), ("range", form($0.range, places))])
          })
      ),
      ("help", diagnostic.help.map { .text($0) } ?? .null),
      ("fix", diagnostic.fix.map { form($0, places) } ?? .null),
    ])
  }

  private static func form(_ fix: Diagnostic.Fix, _ places: ReportPlaces) -> Value {
    let edits = fix.edits.map { edit in
      JSONForm.object([("range", form(edit.range, places)), ("replacement", .text(edit.replacement))])
    }
    return JSONForm.object([("title", .text(fix.title)), ("edits", .list(edits))])
  }

  private static func form(_ range: SourceRange, _ places: ReportPlaces) -> Value {
    guard let file = places.file(of: range) else { return .null }
    let (start, end) = (places.start(of: range), places.end(of: range))
    return JSONForm.object([
      ("file", .text(file.name)), ("start", position(start, Int(range.start))), ("end", position(end, Int(range.end))),
    ])
  }

  private static func position(_ place: ReportPlaces.Place, _ offset: Int) -> Value {
    JSONForm.object([
      ("line", .int(Int64(place.line))), ("column", .int(Int64(place.column))), ("offset", .int(Int64(offset))),
    ])
  }
}
