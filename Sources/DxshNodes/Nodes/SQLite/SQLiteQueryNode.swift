package import DxshExpressions
package import DxshRuntime
import DxshSQLite

/// `sqlite.query`: the rows that a statement gives which only reads.
package struct SQLiteQueryNode: NodeImplementation {
  /// In bytes: so much of text and blobs a result may hold.
  private static let sizeLimit = SQLiteDatabase.cellLimit

  package let name = "sqlite.query"

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let database = try SQLiteDatabase(call, in: context)
    guard case .list(let parameters) = call["params"], case .int(let limit) = call["row_limit"],
      case .list(let rowType) = call.resultType
    else { preconditionFailure("the declaration says what a query takes and gives") }
    let sql = call.string("sql")
    do {
      return .list(
        try await database.reading { connection in
          try Self.rows(sql, parameters, rowType, limit: Int(clamping: limit), connection)
        })
    } catch let error as SQLiteError {
      throw try SQLiteFailure.of(error, SQLiteFailure.short(sql))
    }
  }

  private static func rows(
    _ sql: String, _ parameters: [Value], _ type: Type, limit: Int, _ connection: SQLiteConnection
  ) throws -> [Value] {
    let statement = try connection.prepare(sql)
    guard statement.isReadOnly else {
      throw NodeFailure(
        "sql", "\(SQLiteFailure.short(sql)): it writes, and sqlite.query only reads: use sqlite.execute")
    }
    do {
      try statement.bindChecked(parameters)
      let columns = try SQLiteColumns(statement.columnNames, as: type)
      var rows: [Value] = []
      var size = 0
      while try statement.step() {
        guard rows.count < limit else { throw NodeFailure("limit", "there are more than \(limit) rows (row_limit)") }
        rows.append(try columns.row(statement, number: rows.count, size: &size))
        guard size <= sizeLimit else {
          throw NodeFailure("limit", "the rows hold more than \(sizeLimit >> 20) MiB of text and blobs")
        }
      }
      return rows
    } catch let failure as NodeFailure {
      throw NodeFailure(failure.kind, "\(SQLiteFailure.short(sql)): \(failure.message)")
    }
  }
}
