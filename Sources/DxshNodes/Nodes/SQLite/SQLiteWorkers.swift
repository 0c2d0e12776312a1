import DxshRuntime
import DxshSQLite
import Glibc
import Synchronization

/// The connections of one database file.
final class SQLiteWorkers: Sendable {
  /// So many queries run side by side; more share these.
  private static let readerLimit = 8

  private struct Reader {
    let worker: SQLiteWorker
    /// How many queries it has or waits to do.
    var uses: Int
  }

  let writer = SQLiteWorker()
  private let readers = Mutex<[Reader]>([])

  /// The least busy reader.
  func takeReader() -> SQLiteWorker {
    readers.withLock { readers in
      let least = readers.indices.min { readers[$0].uses < readers[$1].uses }
      if let least, readers[least].uses == 0 || readers.count == Self.readerLimit {
        readers[least].uses += 1
        return readers[least].worker
      }
      readers.append(Reader(worker: SQLiteWorker(), uses: 1))
      return readers[readers.count - 1].worker
    }
  }

  func giveBack(_ worker: SQLiteWorker) {
    readers.withLock { readers in
      if let position = readers.firstIndex(where: { $0.worker === worker }) { readers[position].uses -= 1 }
    }
  }
}

/// A connection and the thread that its calls may block.
actor SQLiteWorker {
  private let thread = ThreadExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private var connection: SQLiteConnection?
  /// The file that it is to: another may have taken its name since.
  private var file: (device: dev_t, number: ino_t)?

  /// Throws `SQLiteError` and what `body` throws; `CancellationError` when it was cancelled before it began.
  func run<Result: Sendable>(
    _ place: FilePlace, _ mode: SQLiteConnection.Mode, busyTimeout: Int, interrupt: SQLiteInterrupt,
    _ body: @Sendable (SQLiteConnection) throws -> Result
  ) throws -> Result {
    if interrupt.isSet { throw CancellationError() }
    let connection = try current(place, mode, busyTimeout)
    connection.busyTimeout = busyTimeout
    connection.interrupt = interrupt
    connection.reservedTable = SQLiteFence.table
    defer {
      connection.reservedTable = nil
      connection.interrupt = nil
      // A transaction that cannot be ended ends with its connection.
      if !connection.isAutocommit { self.connection = nil }
    }
    return try body(connection)
  }

  private func current(
    _ place: FilePlace, _ mode: SQLiteConnection.Mode, _ busyTimeout: Int
  ) throws(SQLiteError) -> SQLiteConnection {
    if let connection, let file, let found = Self.file(at: place), found == file { return connection }
    let opened = try SQLiteConnection(place.absolute, mode, busyTimeout: busyTimeout)
    opened.limitCells(to: SQLiteDatabase.cellLimit)
    // A commit is on the disk with the folder that the file is in (sqlite.org/pragma.html, "synchronous").
    try opened.execute("PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON")
    connection = opened
    file = Self.file(at: place)
    return opened
  }

  private static func file(at place: FilePlace) -> (device: dev_t, number: ino_t)? {
    var status = stat()
    return stat(place.absolute, &status) == 0 ? (status.st_dev, status.st_ino) : nil
  }
}
