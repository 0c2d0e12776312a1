import DxshSQLite

/// The record, in the user's own database and transaction, that a step has taken effect: so it takes effect once,
/// whatever dies when.
enum SQLiteFence {
  static let table = "_dxsh_fences"

  /// What the step with this key gave; nil when it has not taken effect. Makes the table where there is none.
  static func result(of key: String, in connection: SQLiteConnection) throws(SQLiteError) -> Int? {
    try unguarded(connection) { () throws(SQLiteError) in
      try connection.execute(
        """
        CREATE TABLE IF NOT EXISTS \(table) (
          key TEXT NOT NULL PRIMARY KEY, changes INTEGER NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
        ) WITHOUT ROWID
        """)
      return try find(key, in: connection)
    }
  }

  static func add(_ key: String, changes: Int, in connection: SQLiteConnection) throws(SQLiteError) {
    try unguarded(connection) { () throws(SQLiteError) in
      let insert = try connection.prepare("INSERT INTO \(table) (key, changes) VALUES (?, ?)")
      try insert.bind(.text(key), .integer(Int64(changes)))
      try insert.run()
    }
  }

  private static func find(_ key: String, in connection: SQLiteConnection) throws(SQLiteError) -> Int? {
    let find = try connection.prepare("SELECT changes FROM \(table) WHERE key = ?")
    try find.bind(.text(key))
    return try find.step() ? Int(find.integer(0)) : nil
  }

  /// What the engine itself does, unlike what authors wrote, may touch the table.
  static func unguarded<Result>(
    _ connection: SQLiteConnection, _ body: () throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result {
    connection.reservedTable = nil
    defer { connection.reservedTable = table }
    return try body()
  }
}
