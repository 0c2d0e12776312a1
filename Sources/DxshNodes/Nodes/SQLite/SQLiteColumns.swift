import DxshExpressions
import DxshRuntime
import DxshSQLite

/// How the columns of a statement become values of a type: the fields of a record by their names, the entries of json,
/// or one value by itself.
struct SQLiteColumns {
  private enum Form {
    /// For each field its column and its type.
    case record(RecordShape, [(column: Int, type: Type)])
    case json([Text])
    case single(Type)
  }

  private let form: Form

  /// Throws `sql` when two columns have one name, `decode` when a field has no column.
  init(_ names: [String], as type: Type) throws(NodeFailure) {
    switch type.unwrapped {
    case .record(let record):
      var columns: [(column: Int, type: Type)] = []
      for field in record.fields {
        guard let column = names.firstIndex(of: field.name) else {
          throw NodeFailure("decode", "there is no column \(field.name); there are \(names.joined(separator: ", "))")
        }
        if names[(column + 1)...].contains(field.name) { throw Self.twice(field.name) }
        columns.append((column, field.type))
      }
      form = .record(RecordShape(record.fields.map(\.name)), columns)
    case .json, .dyn, .map:
      for (column, name) in names.enumerated() where names[(column + 1)...].contains(name) { throw Self.twice(name) }
      form = .json(names.map { Text($0) })
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .null, .never, .unknown, .list,
      .optional, .enumeration, .parameter, .secret, .connection, .decimal, .money, .type, .abstract:
      guard names.count == 1 else {
        throw NodeFailure("decode", "a row has \(names.count) columns, and \(type) is one value: use a record")
      }
      form = .single(type)
    }
  }

  private static func twice(_ name: String) -> NodeFailure {
    NodeFailure("sql", "two columns are called \(name); name them apart with `as`")
  }

  /// - size: grows by the bytes of text and blobs
  func row(_ statement: SQLiteStatement, number: Int, size: inout Int) throws(NodeFailure) -> Value {
    func value(_ column: Int, _ type: Type) throws(NodeFailure) -> Value {
      let cell = statement.cell(column)
      switch cell {
      case .text(let bytes), .blob(let bytes): size += bytes.count
      case .null, .integer, .real: break
      }
      do throws(NodeFailure) {
        return try Self.value(cell, type)
      } catch {
        throw NodeFailure(error.kind, "row \(number + 1), column \(statement.columnNames[column]): \(error.message)")
      }
    }
    switch form {
    case .single(let type): return try value(0, type)
    case .json(let names):
      var entries: [MapValue.Entry] = []
      for (column, name) in names.enumerated() {
        entries.append(MapValue.Entry(key: .string(name), value: try value(column, .json)))
      }
      return .map(MapValue(distinct: entries))
    case .record(let shape, let columns):
      var fields: [Value] = []
      for (column, type) in columns { fields.append(try value(column, type)) }
      return .record(RecordValue(shape, fields))
    }
  }

  /// The value as near to the type as SQLite's own allow; the engine checks the rest.
  private static func value(_ cell: SQLiteStatement.Cell, _ type: Type) throws(NodeFailure) -> Value {
    switch (cell, type.unwrapped) {
    case (.null, .json): return .null
    case (.null, _): return .none
    case (.integer(let number), .bool) where number == 0 || number == 1: return .bool(number == 1)
    case (.integer(let number), .size): return .size(number)
    case (.integer(let number), _): return .int(number)
    case (.real(let number), _): return .double(number)
    case (.blob(let bytes), .bytes): return .bytes(bytes)
    case (.blob(let bytes), _): return .string(Text(validUTF8: Base64.encode(bytes)))
    case (.text(let bytes), .bytes): return .bytes(bytes)
    case (.text(let bytes), .list), (.text(let bytes), .map), (.text(let bytes), .record):
      do throws(JSONError) {
        return try JSONReader.read(bytes)
      } catch {
        throw NodeFailure("decode", "the text is no JSON: \(error.message)")
      }
    case (.text(let bytes), _):
      guard UTF8Check.firstInvalid(in: bytes) == nil else { throw NodeFailure("decode", "the text is not UTF-8") }
      return .string(Text(validUTF8: bytes))
    }
  }
}
