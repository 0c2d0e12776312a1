import DxshExpressions
import DxshRuntime
import DxshSQLite
import DxshTime
import Glibc
import Synchronization

/// A database file that steps of this process use: one connection that writes, and some that read, so that queries
/// wait neither for a transaction under way nor for each other.
struct SQLiteDatabase: Sendable {
  /// In bytes: no text or blob may be longer.
  static let cellLimit = 256 << 20

  private static let open = Mutex<[String: SQLiteWorkers]>([:])

  let place: FilePlace
  /// In milliseconds.
  let busyTimeout: Int
  private let workers: SQLiteWorkers

  /// Of the record that a `connection<sqlite>` is.
  init(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) {
    guard case .record(let settings) = call["connection"], case .string(let path) = settings["path"],
      case .duration(let wait) = settings["busy_timeout"]
    else { preconditionFailure("a connection<sqlite> has a path and a busy_timeout") }
    place = try Self.place(path.string, in: context)
    busyTimeout = Int(max(wait.clampedNanoseconds, 0) / 1_000_000)
    let absolute = place.absolute
    workers = Self.open.withLock { open in
      let workers = open[absolute] ?? SQLiteWorkers()
      open[absolute] = workers
      return workers
    }
  }

  private static func place(_ path: String, in context: NodeContext) throws(NodeFailure) -> FilePlace {
    do throws(NodeFailure) {
      let place = try FilePlace(path, in: context.directory)
      // A name alone may mean something else to SQLite, such as `:memory:`.
      return place.absolute.hasPrefix("/") ? place : FilePlace(given: path, absolute: "./" + place.absolute)
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
      throw NodeFailure("sql", "the database \(place.given) cannot be read: \(SystemError(errno))")
    }
    do {
      return try await reading(with: body)
    } catch let error as SQLiteError where error.kind == .readOnly || error.kind == .cannotOpen {
      // What a program left that died in a transaction is put in order by a connection that may write.
      _ = try await writing { connection in try connection.prepare("SELECT count(*) FROM sqlite_schema").step() }
      return try await reading(with: body)
    }
  }

  private func reading<Result: Sendable>(
    with body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws -> Result {
    let reader = workers.takeReader()
    defer { workers.giveBack(reader) }
    return try await interruptibly { [self] in
      try await reader.run(place, .readOnly, busyTimeout: busyTimeout, interrupt: $0, body)
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
      try await workers.writer.run(place, .create, busyTimeout: busyTimeout, interrupt: $0, body)
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
