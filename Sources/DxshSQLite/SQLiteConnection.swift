import CDxshSQLite
import Glibc

/// A connection to a database file. Owned by one actor, which calls it on a thread of its own (`DatabaseThread`): calls
/// block while the device works.
package final class SQLiteConnection {
  package enum Mode: Sendable {
    /// Opens or makes the file.
    case create
    case readWrite
    case readOnly
  }

  private let handle: OpaquePointer
  private let surroundings = SQLiteSurroundings()
  private var cache: [String: SQLiteStatement] = [:]

  /// - busyTimeout: how long a statement waits for another connection's lock, in milliseconds
  package init(_ path: String, _ mode: Mode, busyTimeout: Int) throws(SQLiteError) {
    let flags =
      switch mode {
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .readWrite: SQLITE_OPEN_READWRITE
      case .readOnly: SQLITE_OPEN_READONLY
      }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard let opened else { throw SQLiteError(.cannotOpen, "no memory for a connection") }
    guard code == SQLITE_OK else {
      defer { sqlite3_close_v2(opened) }
      throw Self.error(code, opened)
    }
    handle = opened
    surroundings.busyTimeout = busyTimeout
    surroundings.install(on: handle)
  }

  deinit {
    cache = [:]
    sqlite3_close_v2(handle)
  }

  /// How long a statement waits for another connection's lock, in milliseconds.
  package var busyTimeout: Int {
    get { surroundings.busyTimeout }
    set { surroundings.busyTimeout = newValue }
  }

  /// What makes the statements of now fail, from another thread.
  package var interrupt: SQLiteInterrupt? {
    get { surroundings.interrupt }
    set { surroundings.interrupt = newValue }
  }

  /// A table that statements may not touch while this is set; nor may they begin or end transactions, attach databases,
  /// or set what the connection does (`PRAGMA`). For statements that others wrote.
  package var reservedTable: String? {
    get { surroundings.reservedTable }
    set {
      surroundings.reservedTable = newValue
      surroundings.guardStatements(of: handle)
    }
  }

  /// Takes the write-ahead log into the database whenever a commit leaves it with so many pages or more.
  package func checkpoint(afterPages pages: Int) { surroundings.checkpoint(handle, afterPages: pages) }

  /// How many pages the log had after the last commit of this connection, which `checkpoint` was asked of.
  package var logPages: Int { surroundings.logPages }

  /// Refuses texts and blobs of more bytes, wherever they come from.
  package func limitCells(to bytes: Int) { sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(clamping: bytes)) }

  /// Carries out statements without parameters and drops their rows.
  package func execute(_ sql: String) throws(SQLiteError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw Self.error(code, handle) }
  }

  /// A statement that is prepared once for each text; for texts that the program itself writes.
  package func cached(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    if let statement = cache[sql] {
      statement.reset()
      return statement
    }
    let statement = try prepare(sql)
    cache[sql] = statement
    return statement
  }

  /// Throws when the text is not exactly one statement.
  package func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    var statement: OpaquePointer?
    var more: OpaquePointer?
    var (code, codeOfMore) = (SQLITE_OK, SQLITE_OK)
    sql.withCString { text in
      var tail: UnsafePointer<CChar>?
      code = sqlite3_prepare_v3(handle, text, -1, 0, &statement, &tail)
      // Spaces and comments are no statement.
      if code == SQLITE_OK { codeOfMore = sqlite3_prepare_v3(handle, tail, -1, 0, &more, nil) }
    }
    guard code == SQLITE_OK else { throw Self.error(code, handle) }
    guard let statement else { throw SQLiteError(.other, "there is no statement in the text") }
    guard more == nil, codeOfMore == SQLITE_OK else {
      sqlite3_finalize(more)
      sqlite3_finalize(statement)
      throw SQLiteError(.other, "there is more than one statement in the text")
    }
    return SQLiteStatement(statement, of: handle, surroundings)
  }

  /// How many rows all statements so far added, changed or removed, with what triggers did.
  package var totalChanges: Int { Int(sqlite3_total_changes64(handle)) }

  /// How many the last statement that changes rows did, without triggers.
  package var changes: Int { Int(sqlite3_changes64(handle)) }

  package var lastRowID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Whether the database can be read only, although it was to be written: its file does not allow it.
  package var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

  /// False inside a transaction.
  package var isAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

  static func error(_ code: Int32, _ handle: OpaquePointer) -> SQLiteError {
    let message = String(cString: sqlite3_errmsg(handle))
    var limit = rlimit()
    // SQLITE_IOERR_WRITE and SQLITE_IOERR_SHMSIZE.
    let isWrite = [3, 19].contains { sqlite3_extended_errcode(handle) == SQLITE_IOERR | ($0 << 8) }
    if isWrite, getrlimit(__rlimit_resource_t(1), &limit) == 0,
      limit.rlim_cur != rlim_t.max
    {
      return SQLiteError(.full, "\(message): files may not grow beyond \(limit.rlim_cur) bytes (ulimit -f)")
    }
    return SQLiteError(code: sqlite3_extended_errcode(handle), message)
  }
}
