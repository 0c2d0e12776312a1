import DxshExpressions
package import DxshRuntime
import DxshTime

/// `csv.format`: records or maps as a table.
package struct CSVFormatNode: ImmediateNode {
  package let name = "csv.format"

  package init() {}

  package func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    let separator = try CSVSeparator.byte(of: call, failure: "encode")
    let rows = call.list("rows")
    let columns = try Self.columns(of: rows)
    var text: [UInt8] = []
    guard !columns.isEmpty else { return .value(.string("")) }
    Self.append(columns.map { ($0.utf8, true) }, to: &text, separator)
    for (number, row) in rows.enumerated() {
      var cells: [Cell] = []
      for column in columns {
        cells.append(try Self.cell(Self.value(of: row, column)) { "rows[\(number)].\(column.string)" })
      }
      Self.append(cells, to: &text, separator)
    }
    return .value(.string(Text(validUTF8: text)))
  }

  /// The names of all fields and keys, in the order in which the rows bring them.
  private static func columns(of rows: [Value]) throws(NodeFailure) -> [Text] {
    var columns: [Text] = []
    var seen: Set<Text> = []
    var lastShape: RecordShape?
    for (number, row) in rows.enumerated() {
      switch row {
      case .record(let record):
        guard record.shape !== lastShape else { continue }
        lastShape = record.shape
        for name in record.shape.names.map(Text.init(_:)) where seen.insert(name).inserted { columns.append(name) }
      case .map(let map):
        for entry in map.entries {
          guard case .string(let name) = entry.key else {
            throw NodeFailure("encode", "rows[\(number)]: the key \(entry.key.summary) is no name of a column")
          }
          if seen.insert(name).inserted { columns.append(name) }
        }
      case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list, .boxed:
        throw NodeFailure("encode", "rows[\(number)]: a row is a record or a map, not \(row.summary)")
      }
    }
    return columns
  }

  private static func value(of row: Value, _ column: Text) -> Value {
    switch row {
    case .record(let record): record[column.string]
    case .map(let map): map[.string(column)] ?? .none
    case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list, .boxed:
      .none
    }
  }

  private typealias Cell = (bytes: [UInt8], isText: Bool)

  private static func cell(_ value: Value, _ place: () -> String) throws(NodeFailure) -> Cell {
    switch value {
    case .none, .null: return ([], false)
    case .bool(let value): return (Array((value ? "true" : "false").utf8), false)
    case .int(let value): return (Array(String(value).utf8), false)
    case .uint(let value): return (Array(String(value).utf8), false)
    case .double(let value) where value.isFinite: return (Array(value.description.utf8), false)
    case .string(let text): return (text.utf8, true)
    case .bytes(let value): return (Base64.encode(value), false)
    case .timestamp(let value): return (value.utf8, false)
    case .duration(let value): return (Array(value.description.utf8), false)
    case .size(let value): return (Array(SizeText.format(value).utf8), false)
    case .boxed(let box) where box.text != nil: return (box.text?.utf8 ?? [], false)
    case .double, .list, .map, .record, .boxed:
      throw NodeFailure("encode", "\(place()): a cell cannot hold \(value.summary)")
    }
  }

  private static func append(_ cells: [Cell], to text: inout [UInt8], _ separator: UInt8) {
    for (column, cell) in cells.enumerated() {
      if column > 0 { text.append(separator) }
      append(cell, to: &text, separator)
    }
    text.append(0x0A)
  }

  /// In quotes where it needs them; empty text always does, since an empty cell is none.
  private static func append(_ cell: Cell, to text: inout [UInt8], _ separator: UInt8) {
    let isPlain = cell.bytes.allSatisfy { $0 != separator && $0 != 0x22 && $0 != 0x0A && $0 != 0x0D }
    guard !isPlain || (cell.isText && cell.bytes.isEmpty) else {
      text.append(contentsOf: cell.bytes)
      return
    }
    text.append(0x22)
    for byte in cell.bytes {
      if byte == 0x22 { text.append(0x22) }
      text.append(byte)
    }
    text.append(0x22)
  }
}
