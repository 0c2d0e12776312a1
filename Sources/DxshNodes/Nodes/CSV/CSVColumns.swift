import DxshExpressions

/// How the cells of a row become a value of the rows' type.
struct CSVColumns {
  private enum Form {
    /// For each field its column, nil when there is none and the field is optional.
    case record(RecordShape, [(column: Int?, cell: CSVCellType)])
    case map(keys: [Value], CSVCellType)
    case list(CSVCellType)
  }

  private let names: [String]?
  private let form: Form
  /// How many cells each row has; nil until the first row says so.
  private(set) var count: Int?

  /// `header` is the row with the names, nil when the table has none.
  init(_ header: [CSVReader.Cell]?, of row: Type) throws(CSVError) {
    self.names = header?.map { String(decoding: $0.bytes, as: UTF8.self) }
    self.count = header?.count
    switch row {
    case .record(let record):
      if header == nil { self.count = record.fields.count }
      self.form = .record(
        RecordShape(record.fields.map(\.name)), try Self.fields(of: record, names))
    case .map(.string, let value):
      self.form = .map(keys: try Self.keys(names), CSVCellType(value))
    case .list(let element):
      self.form = .list(CSVCellType(element))
    case .json, .dyn, .unknown, .parameter:
      self.form = header == nil ? .list(CSVCellType(.string)) : .map(keys: try Self.keys(names), CSVCellType(.string))
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .null, .never, .map, .optional,
      .enumeration, .secret, .connection, .decimal, .money, .type, .abstract:
      throw CSVError(decoding: "a row of a table cannot be \(row); use a record")
    }
  }

  mutating func row(of cells: [CSVReader.Cell]) throws(CSVError) -> Value {
    if let count, cells.count != count {
      let expected = names == nil ? "expected \(count)" : "the header has \(count)"
      let found = cells.count == 1 ? "1 cell" : "\(cells.count) cells"
      throw CSVError(line: cells[0].line, column: min(cells.count, count + 1), "the row has \(found), \(expected)")
    }
    count = cells.count
    switch form {
    case .record(let shape, let fields):
      var values: [Value] = []
      values.reserveCapacity(fields.count)
      for field in fields {
        guard let column = field.column else {
          values.append(.none)
          continue
        }
        values.append(try value(cells, column, field.cell))
      }
      return .record(RecordValue(shape, values))
    case .map(let keys, let type):
      var entries: [MapValue.Entry] = []
      for (column, key) in keys.enumerated() {
        entries.append(MapValue.Entry(key: key, value: try value(cells, column, type)))
      }
      return .map(MapValue(distinct: entries))
    case .list(let type):
      var values: [Value] = []
      for column in cells.indices { values.append(try value(cells, column, type)) }
      return .list(values)
    }
  }

  private func value(_ cells: [CSVReader.Cell], _ column: Int, _ type: CSVCellType) throws(CSVError) -> Value {
    let cell = cells[column]
    do throws(DecodingError) {
      return try type.read(cell)
    } catch {
      throw CSVError(decoding: error.message, line: cell.line, column: column + 1, name: names?[column])
    }
  }
}

extension CSVColumns {
  private static func fields(
    of record: RecordType, _ names: [String]?
  ) throws(CSVError) -> [(column: Int?, cell: CSVCellType)] {
    var fields: [(column: Int?, cell: CSVCellType)] = []
    for (position, field) in record.fields.enumerated() {
      fields.append((try column(of: field, at: position, names), CSVCellType(field.type)))
    }
    return fields
  }

  private static func column(
    of field: RecordType.Field, at position: Int, _ names: [String]?
  ) throws(CSVError) -> Int? {
    guard let names else { return position }
    guard let column = names.firstIndex(of: field.name) else {
      if field.type.isOptional { return nil }
      throw CSVError(decoding: "there is no column \"\(field.name)\"", line: 1, column: names.count)
    }
    if let second = names[(column + 1)...].firstIndex(of: field.name) {
      throw CSVError(line: 1, column: second + 1, "the column \"\(field.name)\" is there twice")
    }
    return column
  }

  /// The names as keys; each must be there once.
  private static func keys(_ names: [String]?) throws(CSVError) -> [Value] {
    guard let names else { throw CSVError(decoding: "rows without a header cannot be maps; use a record or a list") }
    var seen: Set<String> = []
    for (column, name) in names.enumerated() where !seen.insert(name).inserted {
      throw CSVError(line: 1, column: column + 1, "the column \"\(name)\" is there twice")
    }
    return names.map(Value.text)
  }
}
