import DxshRuntime
import DxshSQLite
import Glibc

/// A store that is not there yet: it appears with its tables or not at all. A file without any has therefore lost what
/// it held, and is never taken for a new one.
enum NewStore {
  /// Makes the database of a path; another process may be faster.
  /// - fill: makes the tables
  static func make(_ path: String, _ fill: (SQLiteConnection) throws -> Void) throws {
    // A log is of a database that was here, and would be taken into the new one.
    if WriteAheadLog.exists(for: path), access(path, F_OK) != 0 {
      throw RunStoreError(
        .unavailable,
        "\(path) is gone, and its log \(path)-wal is there; restore it from a backup, or remove that to begin anew")
    }
    let temporary = "\(path)-new-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    defer { for ending in ["", "-wal", "-shm", "-journal"] { unlink(temporary + ending) } }
    try write(temporary, fill)
    try sync(temporary)
    guard link(temporary, path) == 0 || errno == EEXIST else { throw failure() }
    try sync(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".")
  }

  static func lost(_ path: String) -> RunStoreError {
    RunStoreError(
      .unavailable,
      "\(path) is empty: the runs that it held are lost; restore a backup, or remove it and its log to begin anew"
    )
  }

  /// The connection ends with the function, and takes the log into the database.
  private static func write(_ path: String, _ fill: (SQLiteConnection) throws -> Void) throws {
    let connection = try SQLiteConnection(path, .create, busyTimeout: 10_000)
    // Nobody else has the file, and it is synced once, when it is whole.
    try connection.execute("PRAGMA synchronous = OFF")
    try fill(connection)
  }

  private static func sync(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder, and need not.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure() }
  }

  private static func failure() -> SQLiteError {
    SQLiteError(
      errno == ENOSPC || errno == EFBIG || errno == EDQUOT ? .full : .cannotOpen, String(cString: strerror(errno)))
  }
}
