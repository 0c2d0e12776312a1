import Glibc

/// The log that SQLite writes beside a database (sqlite.org/wal.html), given its room before it is needed: a commit
/// that makes a file longer has to sync the file's metadata too, which costs twice as much as one that overwrites.
enum WriteAheadLog {
  /// After so many pages the log is taken into the database and written from its beginning again.
  static let pages = 250
  /// The log may be so long, in bytes. It gets longer while a reader keeps it from being written from its beginning
  /// again; then it is cut off as soon as that reader is done.
  static let limit: Int64 = 64 << 20
  /// In bytes: the header, and a frame of a page and 24 bytes for each page.
  static func size(pages: Int) -> Int64 { 32 + Int64(pages) * (4096 + 24) }

  static func exists(for database: String) -> Bool { access(database + "-wal", F_OK) == 0 }

  /// Makes the log of a database that has none, full of zeros, which to SQLite is an empty log. It appears whole or not
  /// at all, so another process may open the database meanwhile. When it cannot be made, SQLite makes its own.
  static func prepare(for database: String) {
    let path = database + "-wal"
    guard !exists(for: database) else { return }
    let temporary = "\(path)-\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer {
      close(descriptor)
      unlink(temporary)
    }
    let size = Int(size(pages: pages))
    let zeros = [UInt8](repeating: 0, count: size)
    guard zeros.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == size, fdatasync(descriptor) == 0
    else { return }
    _ = link(temporary, path)
  }
}
