import DxshRuntime
import DxshSQLite
import DxshTime
import Glibc

/// What is done with the connection that writes lines, on one thread. Of each run at most so many lines and bytes are
/// kept, half of them its first, half its last.
final class LogWriter {
  /// For the first lines of a run, and as many again for its last.
  struct Bounds: Sendable {
    var lines: Int64 = 5000
    var bytes: Int64 = 5 << 20
  }

  /// Longer ones are cut.
  static let longestLine = 1 << 16
  private static let openingTries = 100
  /// Of 4 KiB: about as many as the lines of one run may take.
  private static let pagesOfRun = 4096

  private struct Run {
    var number: Int64
    var next: Int64
    var headBytes: Int64
    var tail: Int64
    var tailBytes: Int64
    var leftOut: Int64
  }

  private let path: String
  private let bounds: Bounds
  private var opened: SQLiteConnection?

  init(_ path: String, _ bounds: Bounds) {
    self.path = path
    self.bounds = bounds
  }

  /// Adds lines, and notes those that were lost before they came here; all or nothing.
  func write(_ lines: [String: [LogLine]], lost: [String: Int64]) throws(SQLiteError) {
    let connection = try connection()
    do throws(SQLiteError) {
      try connection.execute("BEGIN IMMEDIATE")
      for id in Set(lines.keys).union(lost.keys) {
        var run = try find(id, connection)
        for line in lines[id] ?? [] { try add(line, to: &run, connection) }
        run.leftOut += lost[id] ?? 0
        try makeRoom(in: &run, connection)
        try keep(run, connection)
      }
      try connection.execute("COMMIT")
    } catch {
      if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
      opened = nil
      throw error
    }
  }

  /// Each run in a transaction of its own. Makes no file where there is none.
  func remove(_ runs: [String]) throws(SQLiteError) {
    guard access(path, F_OK) == 0 else { return }
    let connection = try connection()
    for id in runs {
      // The lines first: of a run that is half removed the rest is found again.
      let lines = try connection.cached("DELETE FROM lines WHERE run = (SELECT number FROM runs WHERE id = ?)")
      try lines.bind(.text(id))
      try lines.run()
      let run = try connection.cached("DELETE FROM runs WHERE id = ?")
      try run.bind(.text(id))
      try run.run()
      if connection.changes > 0 { try connection.execute("PRAGMA incremental_vacuum(\(Self.pagesOfRun))") }
    }
  }

  private func connection() throws(SQLiteError) -> SQLiteConnection {
    if let opened { return opened }
    var tries = 1
    while true {
      do throws(SQLiteError) {
        let connection = try LogSchema.open(path)
        opened = connection
        return connection
      } catch {
        // While another process makes the file, SQLite waits for nobody who would.
        guard error.kind == .busy, tries < Self.openingTries else { throw error }
        tries += 1
        usleep(20_000)
      }
    }
  }

  private func find(_ id: String, _ connection: SQLiteConnection) throws(SQLiteError) -> Run {
    let insert = try connection.cached("INSERT OR IGNORE INTO runs (id) VALUES (?)")
    try insert.bind(.text(id))
    try insert.run()
    let find = try connection.cached(
      "SELECT number, next, head_bytes, tail, tail_bytes, left_out FROM runs WHERE id = ?")
    defer { find.reset() }
    try find.bind(.text(id))
    guard try find.step() else { throw SQLiteError(.other, "the run \(id) is not in the log") }
    return Run(
      number: find.integer(0), next: find.integer(1), headBytes: find.integer(2), tail: find.integer(3),
      tailBytes: find.integer(4), leftOut: find.integer(5))
  }

  private func keep(_ run: Run, _ connection: SQLiteConnection) throws(SQLiteError) {
    let update = try connection.cached(
      "UPDATE runs SET next = ?, head_bytes = ?, tail = ?, tail_bytes = ?, left_out = ? WHERE number = ?")
    try update.bind(
      .integer(run.next), .integer(run.headBytes), .integer(run.tail), .integer(run.tailBytes),
      .integer(run.leftOut), .integer(run.number))
    try update.run()
  }

  private func add(_ line: LogLine, to run: inout Run, _ connection: SQLiteConnection) throws(SQLiteError) {
    let size = Int64(line.path.utf8.count + line.text.utf8.count)
    let isHead = run.tail == 0 && run.next <= bounds.lines && run.headBytes + size <= bounds.bytes
    if isHead { run.headBytes += size } else { run.tailBytes += size }
    if !isHead, run.tail == 0 { run.tail = run.next }
    let insert = try connection.cached(
      """
      INSERT INTO lines (run, number, path, attempt, seconds, nanoseconds, level, text)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """)
    try insert.bind(
      .integer(run.number), .integer(run.next), .text(line.path), .integer(Int64(line.attempt)),
      .integer(line.at.seconds), .integer(Int64(line.at.nanoseconds)), .text(line.level.rawValue), .text(line.text))
    try insert.run()
    run.next += 1
  }

  /// Leaves out the oldest lines of the tail until it is within its bounds.
  private func makeRoom(in run: inout Run, _ connection: SQLiteConnection) throws(SQLiteError) {
    guard run.tail > 0, run.next - run.tail > bounds.lines || run.tailBytes > bounds.bytes else { return }
    let first = run.tail
    let sizes = try connection.cached(
      """
      SELECT length(CAST(path AS BLOB)) + length(CAST(text AS BLOB)) FROM lines
      WHERE run = ? AND number >= ? ORDER BY number
      """)
    try sizes.bind(.integer(run.number), .integer(first))
    while run.next - run.tail > bounds.lines || run.tailBytes > bounds.bytes, try sizes.step() {
      run.tailBytes -= sizes.integer(0)
      run.tail += 1
    }
    sizes.reset()
    run.leftOut += run.tail - first
    let delete = try connection.cached("DELETE FROM lines WHERE run = ? AND number >= ? AND number < ?")
    try delete.bind(.integer(run.number), .integer(first), .integer(run.tail))
    try delete.run()
  }
}
