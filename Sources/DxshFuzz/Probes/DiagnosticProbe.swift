import DxshSyntax

/// Diagnostics: they can be shown, and point into their files.
enum DiagnosticProbe {
  static func run(_ diagnostics: [Diagnostic], _ files: [SourceFile]) throws(Finding) {
    var renderer = DiagnosticRenderer(files: files, color: false)
    for diagnostic in diagnostics {
      try check(diagnostic.range, diagnostic, files)
      for related in diagnostic.related { try check(related.range, diagnostic, files) }
      for edit in diagnostic.fix?.edits ?? [] { try check(edit.range, diagnostic, files) }
      _ = renderer.render(diagnostic)
    }
  }

  private static func check(
    _ range: SourceRange, _ diagnostic: Diagnostic, _ files: [SourceFile]
  ) throws(Finding) {
    guard let file = files.first(where: { $0.id == range.file }) else {
      throw Finding("\(diagnostic.code) points into no file: \(diagnostic.message)")
    }
    guard range.start <= range.end, range.end <= file.bytes.count else {
      throw Finding("\(diagnostic.code) points to \(range.start)..<\(range.end) of \(file.bytes.count) bytes")
    }
  }
}
