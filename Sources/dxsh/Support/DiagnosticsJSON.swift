import DxshExpressions
import DxshSyntax

/// The JSON form of diagnostics, version 1; docs/diagnostics-json.md describes it.
enum DiagnosticsJSON {
  static func render(_ all: [(diagnostics: [Diagnostic], files: [SourceFile])]) -> [UInt8] {
    var list: [Value] = []
    for (diagnostics, files) in all {
      let places = Places(files)
      list += diagnostics.map { form($0, places) }
    }
    let document = object([("version", .int(1)), ("diagnostics", .list(list))])
    return (try? JSONWriter.write(document, indented: true)) ?? []
  }

  private static func form(_ diagnostic: Diagnostic, _ places: Places) -> Value {
    object([
      ("code", .text(diagnostic.code.rawValue)),
      ("severity", .text(diagnostic.severity.rawValue)),
      ("message", .text(diagnostic.message)),
      ("range", places.form(diagnostic.range)),
      (
        "related",
        .list(diagnostic.related.map { object([("message", .text($0.message)), ("range", places.form($0.range))]) })
      ),
      ("help", diagnostic.help.map { .text($0) } ?? .null),
      ("fix", diagnostic.fix.map { form($0, places) } ?? .null),
    ])
  }

  private static func form(_ fix: Diagnostic.Fix, _ places: Places) -> Value {
    object([
      ("title", .text(fix.title)),
      (
        "edits",
        .list(fix.edits.map { object([("range", places.form($0.range)), ("replacement", .text($0.replacement))]) })
      ),
    ])
  }

  private static func object(_ entries: [(String, Value)]) -> Value {
    .map(MapValue(distinct: entries.map { .init(key: .text($0.0), value: $0.1) }))
  }

  /// Turns ranges into files, lines and columns.
  private struct Places {
    private var files: [FileID: (name: String, lines: LineIndex)] = [:]

    init(_ files: [SourceFile]) {
      for file in files { self.files[file.id] = (file.name, LineIndex(file)) }
    }

    func form(_ range: SourceRange) -> Value {
      guard let (name, lines) = files[range.file] else { return .null }
      return object([
        ("file", .text(name)), ("start", position(Int(range.start), lines)), ("end", position(Int(range.end), lines)),
      ])
    }

    private func position(_ offset: Int, _ lines: LineIndex) -> Value {
      let (line, column) = lines.position(of: offset)
      return object([("line", .int(Int64(line))), ("column", .int(Int64(column))), ("offset", .int(Int64(offset)))])
    }
  }
}
