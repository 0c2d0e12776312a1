import CDxshSQLite

/// What SQLite answered instead of carrying out a call (sqlite.org/rescode.html).
package struct SQLiteError: Error, Hashable, Sendable {
  /// What a caller may want to do something about.
  package enum Kind: Sendable, Hashable {
    /// Another connection holds the lock.
    case busy
    /// The statement was interrupted.
    case interrupted
    /// No space is left on the device, or the file may not grow.
    case full
    /// A unique, foreign or other constraint does not hold.
    case constraint
    /// The file is no database, or a page of it is not what was written.
    case damaged
    case readOnly
    /// The file cannot be opened.
    case cannotOpen
    /// The device failed.
    case io
    /// The statement is wrong, or anything else.
    case other
  }

  package let kind: Kind
  /// SQLite's own sentence, and the system's where a call of it failed.
  package let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  init(code: Int32, _ message: String) {
    self.message = message
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: kind = .busy
    case SQLITE_INTERRUPT: kind = .interrupted
    case SQLITE_FULL: kind = .full
    case SQLITE_CONSTRAINT: kind = .constraint
    case SQLITE_CORRUPT, SQLITE_NOTADB: kind = .damaged
    case SQLITE_READONLY, SQLITE_PERM: kind = .readOnly
    case SQLITE_CANTOPEN: kind = .cannotOpen
    case SQLITE_IOERR: kind = .io
    default: kind = .other
    }
  }
}
