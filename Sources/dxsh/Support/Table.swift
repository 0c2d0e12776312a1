import DxshRuntime

/// Columns of text.
enum Table {
  /// Cells as `PrintableText.line` shows them, padded to the width of their columns, two spaces between them, none at
  /// the end of a line, and no newline at the end.
  static func render(_ rows: [[String]]) -> String {
    let rows = rows.map { $0.map(PrintableText.line) }
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], width(of: cell))
      }
    }
    var text = ""
    for (number, row) in rows.enumerated() {
      if number > 0 { text += "\n" }
      var gap = 0
      for (cell, width) in zip(row, widths) {
        if !cell.isEmpty {
          text += String(repeating: " ", count: gap)
          text += cell
          gap = 0
        }
        gap += width - (cell.isEmpty ? 0 : self.width(of: cell)) + 2
      }
    }
    return text
  }

  private static func width(of cell: String) -> Int {
    cell.utf8.allSatisfy { $0 < 0x80 } ? cell.utf8.count : cell.count
  }
}
