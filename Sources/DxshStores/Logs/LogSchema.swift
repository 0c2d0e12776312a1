import DxshRuntime
import DxshSQLite

/// The tables of `logs.sqlite`, beside the store's own file: what it holds may be lost, so it is never synced, and its
/// growth is no matter of the journal's.
enum LogSchema {
  /// "dxlg" (sqlite.org/fileformat.html, "Application ID").
  private static let applicationID: Int64 = 0x6478_6C67
  private static let version: Int64 = 1

  /// Numbers of lines grow from 1. The first lines of a run are kept (the head), and the last (the tail); `tail` is the
  /// number of the tail's first line, 0 while there is none.
  private static let tables = """
    CREATE TABLE IF NOT EXISTS runs (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      next INTEGER NOT NULL DEFAULT 1,
      head_bytes INTEGER NOT NULL DEFAULT 0,
      tail INTEGER NOT NULL DEFAULT 0,
      tail_bytes INTEGER NOT NULL DEFAULT 0,
      left_out INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE IF NOT EXISTS lines (
      run INTEGER NOT NULL,
      number INTEGER NOT NULL,
      path TEXT NOT NULL,
      attempt INTEGER NOT NULL,
      seconds INTEGER NOT NULL,
      nanoseconds INTEGER NOT NULL,
      level TEXT NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (run, number)
    ) STRICT, WITHOUT ROWID;
    """

  static func path(in folder: String) -> String { folder + "/logs.sqlite" }

  /// A connection for writing; makes the file.
  static func open(_ path: String) throws(SQLiteError) -> SQLiteConnection {
    let connection = try SQLiteConnection(path, .create, busyTimeout: 2000)
    try connection.execute(
      """
      PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
      PRAGMA journal_size_limit = 16777216
      """)
    guard try isReadable(connection) else { throw SQLiteError(.other, "a later version of dxsh wrote it") }
    try connection.execute(
      """
      BEGIN IMMEDIATE; \(tables)
      PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version); COMMIT
      """)
    return connection
  }

  /// Whether this version may use the file.
  private static func isReadable(_ connection: SQLiteConnection) throws(SQLiteError) -> Bool {
    let statement = try connection.prepare("PRAGMA user_version")
    return try statement.step() ? statement.integer(0) <= version : true
  }
}
