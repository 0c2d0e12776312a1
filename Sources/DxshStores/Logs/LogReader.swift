import DxshRuntime
import DxshSQLite
import DxshTime
import Glibc

/// The connection of a process that reads lines; opened when some are first wanted and the file is there.
actor LogReader {
  private let thread = ThreadExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private let path: String
  private var opened: SQLiteConnection?

  init(_ path: String) {
    self.path = path
  }

  func lines(of run: String, after number: Int64, limit: Int) throws(RunStoreError) -> [NumberedLine] {
    try reading(else: []) { connection throws(SQLiteError) in
      let read = try connection.cached(
        """
        SELECT number, path, attempt, seconds, nanoseconds, level, text FROM lines
        WHERE run = (SELECT number FROM runs WHERE id = ?) AND number > ? ORDER BY number LIMIT ?
        """)
      defer { read.reset() }
      try read.bind(.text(run), .integer(number), .integer(Int64(limit)))
      var lines: [NumberedLine] = []
      while try read.step() {
        let at = Timestamp(seconds: read.integer(3), nanoseconds: read.integer(4)) ?? .epoch
        let line = LogLine(
          path: read.text(1), attempt: Int(read.integer(2)), at: at,
          level: LogLine.Level(rawValue: read.text(5)) ?? .info, text: read.text(6))
        lines.append(NumberedLine(number: read.integer(0), line: line))
      }
      return lines
    }
  }

  func leftOut(of run: String) throws(RunStoreError) -> (count: Int64, after: Int64) {
    try reading(else: (0, 0)) { connection throws(SQLiteError) in
      let read = try connection.cached(
        """
        SELECT r.left_out, coalesce((SELECT max(number) FROM lines WHERE run = r.number AND
          (r.tail = 0 OR number < r.tail)), 0) FROM runs r WHERE r.id = ?
        """)
      defer { read.reset() }
      try read.bind(.text(run))
      return try read.step() ? (read.integer(0), read.integer(1)) : (0, 0)
    }
  }

  /// Some runs of which there are lines, in the order in which they first said something; after the one of a number.
  func runs(after number: Int64, limit: Int) throws(RunStoreError) -> [(number: Int64, id: String)] {
    try reading(else: []) { connection throws(SQLiteError) in
      let read = try connection.cached("SELECT number, id FROM runs WHERE number > ? ORDER BY number LIMIT ?")
      defer { read.reset() }
      try read.bind(.integer(number), .integer(Int64(limit)))
      var runs: [(Int64, String)] = []
      while try read.step() { runs.append((read.integer(0), read.text(1))) }
      return runs
    }
  }

  private func reading<Result>(
    else nothing: Result, _ body: (SQLiteConnection) throws(SQLiteError) -> Result
  ) throws(RunStoreError) -> Result {
    do throws(SQLiteError) {
      let connection: SQLiteConnection
      if let opened {
        connection = opened
      } else {
        guard access(path, F_OK) == 0 else { return nothing }
        connection = try SQLiteConnection(path, .readWrite, busyTimeout: 10_000)
        // Whoever makes the file may not have made its tables yet.
        let tables = try connection.prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('runs', 'lines')")
        guard try tables.step(), tables.integer(0) == 2 else { return nothing }
        opened = connection
      }
      return try body(connection)
    } catch {
      throw RunStoreError(error, path)
    }
  }
}
