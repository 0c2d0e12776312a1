package import DxshRuntime
package import DxshSQLite
import Glibc

/// The tables of a store, by versions that only add.
///
/// `journal` is the only hot-path write, with `blobs` for large values; `runs` says what is found without reading
/// journals, and `plans` what runs were started with.
package enum StoreSchema {
  /// "dxsh" (sqlite.org/fileformat.html, "Application ID").
  static let applicationID: Int64 = 0x6478_7368

  /// The steps from each version to the next; version n is the first n of them.
  static let steps = [
    """
    CREATE TABLE plans (hash TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL) STRICT;
    CREATE TABLE runs (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      workflow TEXT NOT NULL,
      key TEXT,
      plan TEXT NOT NULL REFERENCES plans (hash),
      directory TEXT NOT NULL,
      status TEXT NOT NULL,
      started_ms INTEGER NOT NULL,
      ended_ms INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX runs_by_key ON runs (workflow, key) WHERE key IS NOT NULL;
    CREATE TABLE journal (
      run INTEGER NOT NULL REFERENCES runs (number),
      batch INTEGER NOT NULL,
      events BLOB NOT NULL,
      PRIMARY KEY (run, batch)
    ) STRICT, WITHOUT ROWID;
    """,
    // Who is at a run, when it has something to do, and what others have told it.
    """
    CREATE TABLE workers (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      pid INTEGER NOT NULL,
      host TEXT NOT NULL,
      started_ms INTEGER NOT NULL,
      beat INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    ALTER TABLE runs ADD COLUMN owner INTEGER;
    ALTER TABLE runs ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN due_ms INTEGER;
    UPDATE runs SET due_ms = started_ms WHERE status = 'running';
    CREATE INDEX runs_due ON runs (due_ms) WHERE due_ms IS NOT NULL AND owner IS NULL;
    CREATE INDEX runs_owned ON runs (owner) WHERE owner IS NOT NULL;
    CREATE TABLE inbox (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      run INTEGER NOT NULL REFERENCES runs (number),
      body BLOB NOT NULL,
      deduplication TEXT,
      sent_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX inbox_by_run ON inbox (run, number);
    CREATE UNIQUE INDEX inbox_once ON inbox (run, deduplication) WHERE deduplication IS NOT NULL;
    """,
    // What may be removed, and what its writes were worth.
    """
    ALTER TABLE runs ADD COLUMN durability TEXT NOT NULL DEFAULT 'full';
    CREATE INDEX runs_ended ON runs (workflow, ended_ms) WHERE ended_ms IS NOT NULL;
    CREATE INDEX runs_by_plan ON runs (plan);
    """,
    // The large values that journals refer to, each once, and which runs use them.
    """
    CREATE TABLE blobs (number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE blob_uses (
      run INTEGER NOT NULL REFERENCES runs (number),
      blob INTEGER NOT NULL REFERENCES blobs (number),
      PRIMARY KEY (run, blob)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX blob_uses_by_blob ON blob_uses (blob);
    """,
    // What is open is found beside any number of runs that are not.
    """
    CREATE INDEX runs_open ON runs (number, status) WHERE ended_ms IS NULL;
    """,
    // What runs share while attempts are under way; times are nanoseconds, as rates need.
    """
    CREATE TABLE seats (
      ticket INTEGER PRIMARY KEY AUTOINCREMENT,
      run TEXT NOT NULL,
      path TEXT NOT NULL,
      owner INTEGER,
      pool TEXT,
      capacity INTEGER NOT NULL,
      held INTEGER NOT NULL,
      probe TEXT,
      probe_until_ns INTEGER,
      rate TEXT,
      rate_at_ns INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX seats_by_step ON seats (run, path);
    CREATE INDEX seats_by_pool ON seats (pool, held, ticket) WHERE pool IS NOT NULL;
    CREATE INDEX seats_by_owner ON seats (owner, held) WHERE owner IS NOT NULL;
    CREATE INDEX seats_by_probe ON seats (probe) WHERE probe IS NOT NULL;
    CREATE TABLE rates (key TEXT NOT NULL PRIMARY KEY, promised_ns INTEGER, begun_ns INTEGER) STRICT, WITHOUT ROWID;
    CREATE TABLE breakers (
      name TEXT NOT NULL PRIMARY KEY,
      phase TEXT NOT NULL,
      failed_ns TEXT NOT NULL,
      until_ns INTEGER,
      openings INTEGER NOT NULL,
      failures INTEGER,
      window_ns INTEGER,
      open_ns INTEGER,
      probes INTEGER
    ) STRICT, WITHOUT ROWID;
    """,
    // What calls gave that only read, for others to use for a while.
    """
    CREATE TABLE results (
      number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL, until_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX results_until ON results (until_ms);
    """,
  ]

  /// The version of the tables that this program reads and writes.
  package static var current: Int { steps.count }

  /// The version of a store's tables. Changes nothing.
  package static func version(of path: String) throws(RunStoreError) -> Int {
    try reading(path) { try version($0, path) }
  }

  /// A connection for reading alone, to a store of this version. Throws what `open` does, and `.unavailable` for a
  /// store of an earlier version.
  static func openForReading(_ path: String) throws(RunStoreError) -> SQLiteConnection {
    try reading(path) { connection in
      let found = try version(connection, path)
      guard found == current else {
        throw RunStoreError(
          .unavailable, "\(path) has format \(found), and this version \(current): say `dxsh store migrate` first")
      }
      return connection
    }
  }

  private static func reading<Result>(
    _ path: String, _ body: (SQLiteConnection) throws -> Result
  ) throws(RunStoreError) -> Result {
    try RunStoreError.telling(of: path) {
      try refuseEmpty(path)
      return try body(SQLiteConnection(path, .readOnly, busyTimeout: 10_000))
    }
  }

  /// A connection for writing, after the tables have been brought to this version. Makes the store where there is none.
  package static func open(
    _ path: String, durability: Durability = .full
  ) throws(RunStoreError) -> SQLiteConnection {
    try RunStoreError.telling(of: path) {
      if access(path, F_OK) != 0 { try NewStore.make(path) { connection in try migrate(connection, from: 0) } }
      try refuseEmpty(path)
      let hasLog = WriteAheadLog.exists(for: path)
      var connection: SQLiteConnection? = try SQLiteConnection(path, .readWrite, busyTimeout: 10_000)
      // SQLite opens what it may not write for reading, and would never write to it.
      if connection?.isReadOnly == true { throw SQLiteError(.readOnly, "it may only be read") }
      if let opened = connection, try version(opened, path) < steps.count {
        try migrate(opened, from: try check(opened, path))
      }
      if !hasLog {
        connection = nil
        WriteAheadLog.prepare(for: path)
      }
      return try configured(
        try connection ?? SQLiteConnection(path, .readWrite, busyTimeout: 10_000), durability)
    }
  }

  private static func configured(
    _ connection: SQLiteConnection, _ durability: Durability
  ) throws -> SQLiteConnection {
    let synchronous =
      switch durability {
      case .full: "FULL"
      case .process: "NORMAL"
      case .none: "OFF"
      }
    try connection.execute(
      """
      PRAGMA synchronous = \(synchronous); PRAGMA foreign_keys = ON;
      PRAGMA journal_size_limit = \(WriteAheadLog.limit)
      """)
    connection.checkpoint(afterPages: WriteAheadLog.pages)
    return connection
  }

  /// `check` on its own; one snapshot, as another process may be making the tables.
  private static func version(_ connection: SQLiteConnection, _ path: String) throws -> Int {
    try connection.execute("BEGIN")
    defer { try? connection.execute("ROLLBACK") }
    return try check(connection, path)
  }

  /// SQLite takes a file without content for a new database, and throws away the log beside it.
  private static func refuseEmpty(_ path: String) throws {
    var status = stat()
    if stat(path, &status) == 0, status.st_size == 0 { throw NewStore.lost(path) }
  }

  /// The version of the store's tables. Within a transaction.
  private static func check(_ connection: SQLiteConnection, _ path: String) throws -> Int {
    let version = Int(try number("PRAGMA user_version", connection))
    let application = try number("PRAGMA application_id", connection)
    if version == 0, application == 0, try number("SELECT count(*) FROM sqlite_schema", connection) == 0 {
      throw NewStore.lost(path)
    }
    guard application == applicationID else {
      throw RunStoreError(.unavailable, "\(path) is a database of another program; name another folder with --state")
    }
    guard version <= steps.count else {
      throw RunStoreError(
        .newer,
        "a later version of dxsh wrote \(path) (format \(version); this one reads \(steps.count)): use that version")
    }
    return version
  }

  /// - version: of the tables that are there, within the transaction
  private static func migrate(_ connection: SQLiteConnection, from version: @autoclosure () throws -> Int) throws {
    try connection.execute("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE")
    do {
      // Another process may have been faster.
      for step in steps[try version()...] { try connection.execute(step) }
      try connection.execute(
        "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(steps.count); COMMIT")
    } catch {
      try? connection.execute("ROLLBACK")
      throw error
    }
  }

  private static func number(_ sql: String, _ connection: SQLiteConnection) throws(SQLiteError) -> Int64 {
    let statement = try connection.prepare(sql)
    return try statement.step() ? statement.integer(0) : 0
  }
}

extension RunStoreError {
  /// What is done with the store at a path; an error of the database is told as one of the store.
  static func telling<Result>(of path: String, _ body: () throws -> Result) throws(RunStoreError) -> Result {
    do {
      return try body()
    } catch let error as SQLiteError {
      throw RunStoreError(error, path)
    } catch let error as RunStoreError {
      throw error
    } catch {
      throw RunStoreError(.unavailable, "\(error)")
    }
  }

  /// What an error of the database means for the store at a path.
  init(_ error: SQLiteError, _ path: String) {
    switch error.kind {
    case .full:
      self.init(.full, "no space is left for \(path): \(error.message)")
    case .damaged:
      self.init(.damaged, "\(path) is damaged (\(error.message)); restore it from a backup")
    case .readOnly, .cannotOpen:
      self.init(.unavailable, "\(path) cannot be written: \(error.message)")
    case .busy:
      self.init(.unavailable, "\(path) is locked by another process: \(error.message)")
    case .io, .interrupted, .constraint, .other:
      self.init(.unavailable, "\(path): \(error.message)")
    }
  }
}
