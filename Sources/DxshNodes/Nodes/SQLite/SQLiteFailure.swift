import DxshExpressions
import DxshRuntime
import DxshSQLite
import DxshTime

/// What SQLite's errors are to the author of a step.
enum SQLiteFailure {
  /// - place: the statement or the file that it is about; never a value, which may be confidential
  ///
  /// Throws `CancellationError` when the statement was interrupted: only a cancelled step is.
  static func of(_ error: SQLiteError, _ place: String) throws -> NodeFailure {
    switch error.kind {
    case .interrupted: throw CancellationError()
    case .busy: NodeFailure("busy", "\(place): somebody else has the database: \(error.message)")
    case .constraint: NodeFailure("constraint", "\(place): \(error.message)")
    case .full, .damaged, .readOnly, .cannotOpen, .io, .other: NodeFailure("sql", "\(place): \(error.message)")
    }
  }

  /// The beginning of a statement, on one line.
  static func short(_ sql: String) -> String {
    let line = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count <= 60 ? line : line.prefix(60) + "…"
  }
}

extension SQLiteStatement {
  /// Binds one value for each place; throws `sql` when their numbers differ or a value cannot be said in SQLite.
  func bindChecked(_ values: [Value]) throws {
    guard values.count == parameterCount else {
      throw NodeFailure("sql", "it has \(parameterCount) places for values, and \(values.count) are given")
    }
    var cells: [Cell] = []
    for (number, value) in values.enumerated() {
      do {
        cells.append(try Cell(value))
      } catch {
        throw NodeFailure("sql", "value \(number + 1) cannot be given to SQLite: \(error.message)")
      }
    }
    try bind(cells)
  }
}

extension SQLiteStatement.Cell {
  /// Text, numbers and null are what they are, bools 0 and 1, lists and records their JSON text.
  init(_ value: Value) throws(NodeFailure) {
    switch value {
    case .none, .null: self = .null
    case .bool(let flag): self = .integer(flag ? 1 : 0)
    case .int(let number): self = .integer(number)
    case .size(let number): self = .integer(number)
    case .uint(let number):
      guard let number = Int64(exactly: number) else {
        throw NodeFailure("sql", "an integer is at most \(Int64.max)")
      }
      self = .integer(number)
    case .double(let number): self = .real(number)
    case .string(let text): self = .text(text.utf8)
    case .bytes(let bytes): self = .blob(bytes)
    case .timestamp(let moment): self = .text(moment.description)
    case .boxed(let box) where box.text != nil: self = .text(box.text?.utf8 ?? [])
    case .duration, .list, .map, .record, .boxed:
      do {
        self = .text(try JSONWriter.write(value))
      } catch {
        throw NodeFailure("sql", error.message)
      }
    }
  }
}
