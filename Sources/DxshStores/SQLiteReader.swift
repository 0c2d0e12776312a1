import DxshRuntime
import DxshSQLite
import DxshTime

/// The connection of a process that reads a store; opened when something is first read.
actor SQLiteReader {
  private let thread = ThreadExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private let path: String
  private var opened: SQLiteConnection?

  init(path: String) {
    self.path = path
  }

  private static let columns = "r.number, r.id, r.workflow, r.key, r.status, r.started_ms, r.ended_ms"

  func number(of run: String) throws(RunStoreError) -> Int64 {
    let number: Int64? = try reading { connection throws(SQLiteError) in
      let find = try connection.cached("SELECT number FROM runs WHERE id = ?")
      defer { find.reset() }
      try find.bind(.text(run))
      return try find.step() ? find.integer(0) : nil
    }
    guard let number else { throw RunStoreError(.unknownRun, "there is no run \(run) in \(path)") }
    return number
  }

  func run(_ prefix: String, isClaimed: @Sendable (Int64) -> Bool) throws(RunStoreError) -> StoredRun {
    let found = try reading { connection throws(SQLiteError) in
      let find = try connection.cached(
        """
        SELECT \(Self.columns), r.directory, p.body, p.hash FROM runs r JOIN plans p ON p.hash = r.plan
        WHERE r.id >= ?1 AND r.id < ?1 || '~' ORDER BY r.id = ?1 DESC, r.id LIMIT 2
        """)
      defer { find.reset() }
      try find.bind(.text(prefix))
      var found: [StoredRun] = []
      while try find.step() {
        found.append(
          StoredRun(
            summary: Self.summary(find, isClaimed), plan: find.blob(8), planHash: find.text(9),
            directory: find.text(7)))
      }
      return found
    }
    if let exact = found.first, exact.summary.id == prefix { return exact }
    if found.isEmpty || prefix.isEmpty { throw RunStoreError(.unknownRun, "there is no run \(prefix) in \(path)") }
    guard found.count == 1 else {
      throw RunStoreError(.unknownRun, "several runs begin with \(prefix): give more of the identifier")
    }
    return found[0]
  }

  func runs(limit: Int, isClaimed: @Sendable (Int64) -> Bool) throws(RunStoreError) -> [RunSummary] {
    try reading { connection throws(SQLiteError) in
      let list = try connection.cached("SELECT \(Self.columns) FROM runs r ORDER BY r.number DESC LIMIT ?")
      defer { list.reset() }
      try list.bind(.integer(Int64(limit)))
      var found: [RunSummary] = []
      while try list.step() { found.append(Self.summary(list, isClaimed)) }
      return found
    }
  }

  func journal(of run: String) throws(RunStoreError) -> [JournalBatch] {
    try reading { connection throws(SQLiteError) in
      let read = try connection.cached(
        """
        SELECT batch, events FROM journal WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY batch
        """)
      defer { read.reset() }
      try read.bind(.text(run))
      var batches: [JournalBatch] = []
      while try read.step() { batches.append(JournalBatch(number: Int(read.integer(0)), bytes: read.blob(1))) }
      return batches
    }
  }

  private func reading<Result>(
    _ body: (SQLiteConnection) throws(SQLiteError) -> Result
  ) throws(RunStoreError) -> Result {
    do throws(SQLiteError) {
      let connection: SQLiteConnection
      if let opened {
        connection = opened
      } else {
        connection = try SQLiteConnection(path, .readWrite, busyTimeout: 10_000)
        opened = connection
      }
      return try body(connection)
    } catch {
      throw RunStoreError(error, path)
    }
  }

  private static func summary(_ row: SQLiteStatement, _ isClaimed: (Int64) -> Bool) -> RunSummary {
    RunSummary(
      id: row.text(1), workflow: row.text(2), key: row.isNull(3) ? nil : row.text(3),
      status: RunStatus(rawValue: row.text(4)) ?? .running, startedAt: Timestamp(milliseconds: row.integer(5)),
      endedAt: row.isNull(6) ? nil : Timestamp(milliseconds: row.integer(6)), isClaimed: isClaimed(row.integer(0)))
  }
}
