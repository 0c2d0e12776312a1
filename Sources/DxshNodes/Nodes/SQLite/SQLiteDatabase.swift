import DxshExpressions
import DxshRuntime
import DxshSQLite
import DxshTime
import Glibc
import Synchronization

/// A database file that steps of this process use: one connection that writes and one that reads, so that queries do
/// not wait for a transaction under way.
struct SQLiteDatabase: Sendable {
  private struct Pair {
    let reader: SQLiteWorker
    let writer: SQLiteWorker
  }

  private static let open = Mutex<[String: Pair]>([:])

  let place: FilePlace
  /// In milliseconds.
  let busyTimeout: Int
  private let pair: Pair

  /// Of the record that a `connection<sqlite>` is.
  init(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) {
    guard case .record(let settings) = call["connection"], case .string(let path) = settings["path"],
      case .duration(let wait) = settings["busy_timeout"]
    else { preconditionFailure("a connection<sqlite> has a path and a busy_timeout") }
    place = try Self.place(path.string, in: context)
    busyTimeout = Int(max(wait.clampedNanoseconds, 0) / 1_000_000)
    let absolute = place.absolute
    pair = Self.open.withLock { open in
      let pair = open[absolute] ?? Pair(reader: SQLiteWorker(), writer: SQLiteWorker())
      open[absolute] = pair
      return pair
    }
  }

  private static func place(_ path: String, in context: NodeContext) throws(NodeFailure) -> FilePlace {
    do throws(NodeFailure) {
      return try FilePlace(path, in: context.directory)
    } catch {
      throw NodeFailure("sql", error.message)
    }
  }

  /// Reads with a connection that cannot write.
  func reading<Result: Sendable>(
    _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws -> Result {
    var status = stat()
    guard stat(place.absolute, &status) == 0 else {
      throw NodeFailure("sql", "the database \(place.given) cannot be read: \(String(cString: strerror(errno)))")
    }
    return try await interruptibly { [self] in
      try await pair.reader.run(place, .readOnly, busyTimeout: busyTimeout, interrupt: $0, body)
    }
  }

  /// Writes; makes the file, and the folders that it is in, where there is none.
  func writing<Result: Sendable>(
    _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws -> Result {
    do {
      try AtomicFile.makeFolders(place.parent, for: place)
    } catch {
      throw NodeFailure("sql", error.message)
    }
    return try await interruptibly { [self] in
      try await pair.writer.run(place, .create, busyTimeout: busyTimeout, interrupt: $0, body)
    }
  }

  private func interruptibly<Result: Sendable>(
    _ body: @escaping @Sendable (SQLiteInterrupt) async throws -> Result
  ) async throws -> Result {
    let interrupt = SQLiteInterrupt()
    return try await withTaskCancellationHandler {
      if Task.isCancelled { throw CancellationError() }
      return try await body(interrupt)
    } onCancel: {
      interrupt.set()
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
    }
    return try body(connection)
  }

  private func current(
    _ place: FilePlace, _ mode: SQLiteConnection.Mode, _ busyTimeout: Int
  ) throws(SQLiteError) -> SQLiteConnection {
    if let connection, let file, let found = Self.file(at: place), found == file { return connection }
    let opened = try SQLiteConnection(place.absolute, mode, busyTimeout: busyTimeout)
    connection = opened
    file = Self.file(at: place)
    return opened
  }

  private static func file(at place: FilePlace) -> (device: dev_t, number: ino_t)? {
    var status = stat()
    return stat(place.absolute, &status) == 0 ? (status.st_dev, status.st_ino) : nil
  }
}
