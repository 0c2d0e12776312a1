package import DxshExpressions
package import DxshRuntime
import DxshSQLite

/// `sqlite.execute`: statements in one transaction, which also records that they have been carried out.
package struct SQLiteExecuteNode: NodeImplementation {
  package let name = "sqlite.execute"

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let database = try SQLiteDatabase(call, in: context)
    let statements = try Self.statements(call)
    let key = call.key
    let changes: Int
    do {
      changes = try await database.writing { connection in try Self.transaction(statements, key, connection) }
    } catch let commit as CommitFailure {
      changes = try await Self.settled(commit.error, key, database)
    } catch let error as SQLiteError {
      throw try SQLiteFailure.of(error, "\(database.place.given)")
    }
    return .record(RecordValue(Self.shape, [.int(Int64(changes))]))
  }

  private static let shape = RecordShape(["changes"])

  private struct Statement: Sendable {
    let sql: String
    let parameters: [Value]
  }

  private static func statements(_ call: NodeCall) throws(NodeFailure) -> [Statement] {
    var statements: [Statement] = []
    for element in call.list("statements") {
      guard case .record(let record) = element, case .string(let sql) = record["sql"] else {
        preconditionFailure("the declaration says what a statement is")
      }
      var parameters: [Value] = []
      if case .list(let given) = record["params"] { parameters = given }
      statements.append(Statement(sql: sql.string, parameters: parameters))
    }
    return statements
  }

  /// The number of rows that changed. Nothing is done when the step has been carried out before.
  private static func transaction(
    _ statements: [Statement], _ key: String, _ connection: SQLiteConnection
  ) throws -> Int {
    func command(_ sql: String) throws(SQLiteError) {
      try SQLiteFence.unguarded(connection) { () throws(SQLiteError) in try connection.execute(sql) }
    }
    try command("BEGIN IMMEDIATE")
    do {
      if !key.isEmpty, let before = try SQLiteFence.result(of: key, in: connection) {
        try command("ROLLBACK")
        return before
      }
      var changes = 0
      for (number, statement) in statements.enumerated() {
        changes += try run(statement, number: number + 1, connection)
      }
      if !key.isEmpty { try SQLiteFence.add(key, changes: changes, in: connection) }
      do throws(SQLiteError) {
        try command("COMMIT")
      } catch {
        throw CommitFailure(error: error)
      }
      return changes
    } catch {
      connection.interrupt = nil
      if !connection.isAutocommit { try? command("ROLLBACK") }
      throw error
    }
  }

  /// The commit itself failed.
  private struct CommitFailure: Error {
    let error: SQLiteError
  }

  /// A commit that failed may have been kept all the same: the fence tells, read anew.
  private static func settled(_ error: SQLiteError, _ key: String, _ database: SQLiteDatabase) async throws -> Int {
    let failure = NodeFailure(
      error.kind == .busy ? "busy" : "sql", "\(database.place.given): the commit failed: \(error.message)")
    if key.isEmpty { throw failure }
    do {
      let kept = try await database.writing { connection in try SQLiteFence.result(of: key, in: connection) }
      guard let kept else { throw failure }
      return kept
    } catch is SQLiteError {
      throw NodeFailure(
        failure.kind, "\(failure.message); whether it was kept cannot be told, and the next attempt finds out",
        isOutcomeUnknown: true)
    }
  }

  private static func run(
    _ statement: Statement, number: Int, _ connection: SQLiteConnection
  ) throws -> Int {
    do {
      let prepared = try connection.prepare(statement.sql)
      try prepared.bindChecked(statement.parameters)
      let before = connection.totalChanges
      try prepared.run()
      return connection.totalChanges == before ? 0 : connection.changes
    } catch let error as SQLiteError {
      throw try SQLiteFailure.of(error, "statement \(number) (\(SQLiteFailure.short(statement.sql)))")
    } catch let failure as NodeFailure {
      throw NodeFailure(
        failure.kind, "statement \(number) (\(SQLiteFailure.short(statement.sql))): \(failure.message)")
    }
  }
}
