import DxshExpressions

/// Text for a terminal.
enum TerminalText {
  /// `workflow report(day: string, limit: int = …) -> { rows: int }`
  static func signature(
    of workflow: String, _ parameters: [(name: String, type: Type, hasDefault: Bool)], _ result: Type?
  ) -> String {
    let list = parameters.map { "\($0.name): \($0.type)" + ($0.hasDefault ? " = …" : "") }.joined(separator: ", ")
    return "workflow \(workflow)(\(list))" + (result.map { " -> \($0)" } ?? "")
  }

  /// The text on one line, what could move a terminal's cursor or reorder the line written out: `\u{1b}`.
  static func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        plain += "\\u{\(String(scalar.value, radix: 16))}"
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain
  }
}
