/// Reads the rows of a table, RFC 4180: cells between separators, lines that end in LF or CRLF, and cells in double
/// quotes that may hold all of these. A byte order mark at the start is skipped.
struct CSVReader {
  struct Cell {
    /// Without its quotes.
    var bytes: [UInt8]
    var isQuoted: Bool
    /// Where it begins, from 1.
    var line: Int

    /// Nothing at all, which is not the same as `""`.
    var isEmpty: Bool { bytes.isEmpty && !isQuoted }
  }

  private let bytes: [UInt8]
  private let separator: UInt8
  private var position: Int
  private(set) var line = 1

  init(_ bytes: [UInt8], separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
    self.position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The cells of the next row, at least one; nil at the end. An empty line is one empty cell.
  mutating func readRow() throws(CSVError) -> [Cell]? {
    guard position < bytes.count else { return nil }
    var cells: [Cell] = []
    while true {
      cells.append(try readCell(column: cells.count + 1))
      guard position < bytes.count, bytes[position] == separator else { break }
      position += 1
    }
    skipLineEnd()
    return cells
  }

  private mutating func readCell(column: Int) throws(CSVError) -> Cell {
    if position < bytes.count, bytes[position] == 0x22 { return try readQuotedCell(column: column) }
    let start = position
    while position < bytes.count, bytes[position] != separator, !isAtLineEnd {
      guard bytes[position] != 0x22 else {
        throw CSVError(line: line, column: column, "a quote inside a cell that does not begin with one")
      }
      position += 1
    }
    return Cell(bytes: Array(bytes[start..<position]), isQuoted: false, line: line)
  }

  private mutating func readQuotedCell(column: Int) throws(CSVError) -> Cell {
    var cell = Cell(bytes: [], isQuoted: true, line: line)
    position += 1
    var run = position
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 0x0A { line += 1 }
      guard byte == 0x22 else { continue }
      cell.bytes.append(contentsOf: bytes[run..<position - 1])
      guard position < bytes.count, bytes[position] == 0x22 else {
        guard position == bytes.count || bytes[position] == separator || isAtLineEnd else {
          throw CSVError(line: line, column: column, "text after the closing quote; a quote inside is written twice")
        }
        return cell
      }
      run = position
      position += 1
    }
    throw CSVError(line: cell.line, column: column, "the quoted cell does not end")
  }

  /// A CR that no LF follows is text.
  private var isAtLineEnd: Bool {
    let byte = bytes[position]
    return byte == 0x0A || (byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A)
  }

  private mutating func skipLineEnd() {
    guard position < bytes.count else { return }
    position += bytes[position] == 0x0D ? 2 : 1
    line += 1
  }
}
