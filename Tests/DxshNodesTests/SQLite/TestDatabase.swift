import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshSQLite
import DxshTime
import Testing

/// A database in a folder of its own, and steps that use it.
struct TestDatabase {
  let folder = TemporaryFolder()
  var name = "a.db"
  var patience = TimeSpan(seconds: 10, nanoseconds: 0) ?? .zero

  var path: String { "\(folder.path)/\(name)" }

  private var connectionValue: Value {
    .record(RecordValue(RecordShape(["path", "busy_timeout"]), [.text(name), .duration(patience)]))
  }

  /// A connection of somebody else.
  func open(_ mode: SQLiteConnection.Mode = .create, busyTimeout: Int32 = 10_000) throws -> SQLiteConnection {
    try SQLiteConnection(path, mode, busyTimeout: busyTimeout)
  }

  // MARK: - Queries

  private func arguments(_ sql: String, _ params: [Value], _ rowLimit: Int64) -> KeyValuePairs<String, Value> {
    ["connection": connectionValue, "sql": .text(sql), "params": .list(params), "row_limit": .int(rowLimit)]
  }

  /// The rows as JSON text.
  func query(
    _ sql: String, _ params: Value..., as row: Type = .json, rowLimit: Int64 = 1000
  ) async throws -> String {
    let value = try await call(
      SQLiteQueryNode(), arguments(sql, params, rowLimit), as: .list(row), in: folder)
    return String(decoding: try JSONWriter.write(value), as: UTF8.self)
  }

  func queryFailure(
    _ sql: String, _ params: Value..., as row: Type = .json, rowLimit: Int64 = 1000,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async -> NodeFailure? {
    await failure(
      SQLiteQueryNode(), arguments(sql, params, rowLimit), as: .list(row), in: folder, sourceLocation: sourceLocation)
  }

  // MARK: - Statements

  typealias Statement = (sql: String, params: [Value]?)

  private func arguments(_ statements: [Statement]) -> KeyValuePairs<String, Value> {
    let shape = RecordShape(["sql", "params"])
    let values = statements.map { statement in
      Value.record(RecordValue(shape, [.text(statement.sql), statement.params.map { .list($0) } ?? .none]))
    }
    return ["connection": connectionValue, "statements": .list(values)]
  }

  private static let result = Type.record(RecordType([.init("changes", .int)]))

  /// The number of changes.
  @discardableResult
  func execute(_ statements: Statement..., key: String = "") async throws -> Int64 {
    let value = try await call(
      SQLiteExecuteNode(), arguments(statements), as: Self.result, in: folder, key: key)
    guard case .int(let changes) = value["changes"] else { return -1 }
    return changes
  }

  @discardableResult
  func execute(_ sql: String..., key: String = "") async throws -> Int64 {
    let value = try await call(
      SQLiteExecuteNode(), arguments(sql.map { ($0, nil) }), as: Self.result, in: folder, key: key)
    guard case .int(let changes) = value["changes"] else { return -1 }
    return changes
  }

  func executeFailure(
    _ sql: String..., params: [Value]? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async -> NodeFailure? {
    await failure(
      SQLiteExecuteNode(), arguments(sql.map { ($0, params) }), as: Self.result, in: folder,
      sourceLocation: sourceLocation)
  }
}
