import CDxshSQLite
import Glibc
import Synchronization

/// Makes a connection's statements fail while it is set; any thread may set it.
package final class SQLiteInterrupt: Sendable {
  private let flag = Atomic(false)

  package init() {}

  package var isSet: Bool { flag.load(ordering: .relaxed) }

  package func set() { flag.store(true, ordering: .relaxed) }
}

/// What SQLite asks about while a statement runs: whether to go on, whether to wait, whether it may. Lives as long as
/// its connection and the statements of that, whose thread alone uses it.
final class SQLiteSurroundings {
  /// In milliseconds.
  var busyTimeout = 0
  var interrupt: SQLiteInterrupt?
  var reservedTable: String?
  /// After how many pages the log is taken into the database, and how many it had after the last commit.
  private var checkpointPages = Int.max
  private(set) var logPages = 0

  /// How long a wait for a lock is, in milliseconds, before the next look.
  private static let pause = 2

  /// What may be asked of a database without an argument.
  private static let readings: Set = ["data_version", "encoding", "page_count", "page_size", "user_version"]
  /// And of the table or index that is the argument.
  private static let descriptions: Set = [
    "foreign_key_list", "index_info", "index_list", "index_xinfo", "table_info", "table_xinfo",
  ]

  func install(on handle: OpaquePointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_progress_handler(handle, 1000, { SQLiteSurroundings.of($0)?.isInterrupted == true ? 1 : 0 }, context)
    sqlite3_busy_handler(handle, { SQLiteSurroundings.of($0)?.waits(afterWaiting: $1) == true ? 1 : 0 }, context)
  }

  /// Does what `PRAGMA wal_autocheckpoint` does, and counts (sqlite.org/c3ref/wal_hook.html).
  func checkpoint(_ handle: OpaquePointer, afterPages pages: Int) {
    checkpointPages = pages
    sqlite3_wal_hook(
      handle,
      { context, handle, name, pages in
        guard let surroundings = SQLiteSurroundings.of(context) else { return SQLITE_OK }
        surroundings.logPages = Int(pages)
        // What cannot be done now, the next commit does.
        if surroundings.logPages >= surroundings.checkpointPages { sqlite3_wal_checkpoint(handle, name) }
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Looks at what statements do as they are prepared (sqlite.org/c3ref/set_authorizer.html).
  func guardStatements(of handle: OpaquePointer) {
    guard reservedTable != nil else {
      sqlite3_set_authorizer(handle, nil, nil)
      return
    }
    sqlite3_set_authorizer(
      handle,
      { context, action, first, second, _, _ in
        SQLiteSurroundings.of(context)?.allows(action, first, second) == false ? SQLITE_DENY : SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> SQLiteSurroundings? {
    context.map { Unmanaged<SQLiteSurroundings>.fromOpaque($0).takeUnretainedValue() }
  }

  private var isInterrupted: Bool { interrupt?.isSet == true }

  private func waits(afterWaiting times: Int32) -> Bool {
    guard !isInterrupted, Int(times) * Self.pause < busyTimeout else { return false }
    usleep(UInt32(Self.pause * 1000))
    return true
  }

  private func allows(_ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?) -> Bool {
    switch action {
    case SQLITE_TRANSACTION, SQLITE_SAVEPOINT, SQLITE_ATTACH, SQLITE_DETACH: false
    // Full-text search asks some of these itself.
    case SQLITE_PRAGMA:
      first.map { name in
        second == nil
          ? Self.readings.contains(String(cString: name)) : Self.descriptions.contains(String(cString: name))
      } ?? false
    default: !isReserved(first) && !isReserved(second)
    }
  }

  private func isReserved(_ name: UnsafePointer<CChar>?) -> Bool {
    guard let name, let reservedTable else { return false }
    return strcasecmp(name, reservedTable) == 0
  }
}
