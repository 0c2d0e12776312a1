/// Why a text is no table, or not one of the expected rows, and where.
struct CSVError: Error, Hashable {
  /// From 1, nil for the table as a whole.
  let line: Int?
  /// From 1.
  let column: Int?
  /// The column's name in the header.
  let name: String?
  /// One sentence, without the place and without a full stop.
  let message: String
  /// Whether the text is a table, but its cells are not of the expected types.
  let isDecoding: Bool

  init(line: Int, column: Int, _ message: String) {
    self.line = line
    self.column = column
    self.name = nil
    self.message = message
    self.isDecoding = false
  }

  init(decoding message: String, line: Int? = nil, column: Int? = nil, name: String? = nil) {
    self.line = line
    self.column = column
    self.name = name
    self.message = message
    self.isDecoding = true
  }
}

extension CSVError: CustomStringConvertible {
  /// `line 3, column 2 "total": expected double, found "n/a"`
  var description: String {
    guard let line, let column else { return message }
    return "line \(line), column \(column)\(name.map { " \"\($0)\"" } ?? ""): \(message)"
  }
}
