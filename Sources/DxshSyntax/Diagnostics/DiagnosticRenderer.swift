/// Prints diagnostics for people: message, place, the source line with the range underlined, related places,
/// help and fix.
///
///     error[E0001]: expected a comma before this
///      --> report.dxsh:2:14
///       |
///     2 |   let x = [1 2]
///       |              ^
///     help: separate the elements with commas
///     fix: Add a comma
package struct DiagnosticRenderer {
  private enum Style: String {
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case help = "1;32"
    case gutter = "1;34"
    case bold = "1"
  }

  private let files: [FileID: SourceFile]
  private let color: Bool
  /// Filled as files are needed.
  private var lines: [FileID: LineIndex] = [:]

  /// `color` adds ANSI escapes; without it the text is plain.
  package init(files: [SourceFile], color: Bool) {
    self.files = Dictionary(files.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.color = color
  }

  /// The text of a diagnostic, with a line end after its last line.
  package mutating func render(_ diagnostic: Diagnostic) -> String {
    let style: Style = diagnostic.severity == .error ? .error : .warning
    let ranges = [diagnostic.range] + diagnostic.related.map(\.range)
    let width = ranges.map { String(position(of: $0)?.line ?? 0).count }.max() ?? 1

    let title = "\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]"
    var text = paint(title, style) + paint(": \(SourceSnippet.printable(diagnostic.message))", .bold) + "\n"
    text += String(repeating: " ", count: width) + paint("-->", .gutter) + " \(place(of: diagnostic.range))\n"
    text += snippet(of: diagnostic.range, width, style)
    for related in diagnostic.related {
      let message = SourceSnippet.printable(related.message)
      text += " " + paint("note", .note) + ": \(place(of: related.range)) \(message)\n"
      text += snippet(of: related.range, width, .note)
    }
    if let help = diagnostic.help { text += paint("help", .help) + ": \(SourceSnippet.printable(help))\n" }
    if let fix = diagnostic.fix { text += paint("fix", .help) + ": \(SourceSnippet.printable(fix.title))\n" }
    return text
  }

  private func paint(_ text: String, _ style: Style) -> String {
    color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  private mutating func position(of range: SourceRange) -> (line: Int, column: Int)? {
    guard let file = files[range.file] else { return nil }
    let index = lines[range.file] ?? LineIndex(file)
    lines[range.file] = index
    return index.position(of: Int(range.start))
  }

  private mutating func place(of range: SourceRange) -> String {
    guard let file = files[range.file], let position = position(of: range) else { return "<unknown>" }
    return "\(SourceSnippet.printable(file.name)):\(position.line):\(position.column)"
  }

  /// The source line with its number, and the underline.
  private mutating func snippet(of range: SourceRange, _ width: Int, _ style: Style) -> String {
    guard let file = files[range.file], let position = position(of: range) else { return "" }
    let snippet = SourceSnippet(range, in: file)
    let number = String(position.line)
    let blank = String(repeating: " ", count: width)
    let margin = blank.dropFirst(number.count) + number
    let source = snippet.text.isEmpty ? "" : " " + snippet.text
    return """
      \(blank) \(paint("|", .gutter))
      \(paint(margin + " |", .gutter))\(source)
      \(blank) \(paint("|", .gutter)) \(snippet.indent)\(paint(snippet.underline, style))

      """
  }
}
