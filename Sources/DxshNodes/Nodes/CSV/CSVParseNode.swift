import DxshExpressions
package import DxshRuntime

/// `csv.parse`: a table as records, maps or lists, whatever the type of its rows asks for.
package struct CSVParseNode: ImmediateNode {
  package let name = "csv.parse"

  package init() {}

  package func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    guard case .list(let row) = call.resultType else {
      preconditionFailure("csv.parse returns a list, not \(call.resultType)")
    }
    let separator = try CSVSeparator.byte(of: call, failure: "malformed")
    var reader = CSVReader(call.text("text").utf8, separator: separator)
    do throws(CSVError) {
      let header = call.bool("header") ? try reader.readRow() : nil
      if call.bool("header"), header == nil { return .value(.list([])) }
      let columns = try CSVColumns(header, of: row)
      return .value(.list(try Self.rows(of: &reader, columns)))
    } catch {
      throw NodeFailure(error.isDecoding ? "decode" : "malformed", error.description)
    }
  }

  private static func rows(of reader: inout CSVReader, _ columns: CSVColumns) throws(CSVError) -> [Value] {
    var columns = columns
    var rows: [Value] = []
    while let cells = try reader.readRow() {
      // An empty line is a row only in a table of one column.
      if cells.count == 1, cells[0].isEmpty, columns.count ?? 2 > 1 { continue }
      rows.append(try columns.row(of: cells))
    }
    return rows
  }
}

/// The argument `separator` of the family's nodes.
enum CSVSeparator {
  static func byte(of call: NodeCall, failure kind: String) throws(NodeFailure) -> UInt8 {
    let text = call.text("separator").utf8
    guard text.count == 1, text[0] < 0x80, ![0x22, 0x0A, 0x0D].contains(text[0]) else {
      throw NodeFailure(kind, "the separator must be one ASCII character and no quote or line end")
    }
    return text[0]
  }
}
