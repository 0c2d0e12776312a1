import DxshPlan
package import DxshRuntime
import DxshSQLite

/// Derives the rows of runs again from their journals, where the two disagree.
package enum StoreRebuild {
  package struct Report: Sendable, Equatable {
    package var runs = 0
    package var mended = 0
    /// The copy of the store as it was; nil when nothing had to be mended.
    package var backup: String?
    /// What a journal does not tell.
    package var rest: [StoreFinding] = []
  }

  /// - backup: the path for the copy of the store, where nothing may be; made when something has to be mended
  ///
  /// Throws `.taken` while another process is at runs of the store; until this returns, none can begin.
  package static func run(folder: String, backup: String) throws(RunStoreError) -> Report {
    let path = StoreFolder.database(in: folder)
    let locks = try WorkerLocks(StoreFolder.locks(in: folder))
    guard locks.takeAll() else {
      throw RunStoreError(
        .taken, "another process is at the runs in \(folder); end it, and say `dxsh store rebuild` again")
    }
    defer { withExtendedLifetime(locks) {} }
    // Synced when it is closed, once: should that not come about, the copy is there.
    let connection = try StoreSchema.open(path, durability: .process)
    do throws(SQLiteError) {
      return try run(connection, backup)
    } catch {
      throw RunStoreError(error, path)
    }
  }

  private static func run(_ connection: SQLiteConnection, _ backup: String) throws(SQLiteError) -> Report {
    var report = Report()
    var (last, seen): (Int64, Int64) = (.min, 0)
    var plans = PlanAudit()
    while let run = try RunAudit(after: last, connection, &plans) {
      last = run.number
      seen = max(seen, run.seen)
      report.runs += 1
      report.rest += run.findings.filter { $0.remedy != .rebuild }
      if run.repair == nil && run.used == nil { continue }
      try copy(connection, to: backup, &report)
      if let repair = run.repair { try mend(run.number, repair, connection) }
      if let used = run.used { try note(used, of: run.number, connection) }
      report.mended += 1
    }
    if seen > (try MessageNumbers.last(connection)) {
      try copy(connection, to: backup, &report)
      try MessageNumbers.pass(seen, connection)
      report.mended += 1
    }
    return report
  }

  private static func copy(
    _ connection: SQLiteConnection, to backup: String, _ report: inout Report
  ) throws(SQLiteError) {
    guard report.backup == nil else { return }
    let copy = try connection.prepare("VACUUM INTO ?")
    try copy.bind(.text(backup))
    try copy.run()
    report.backup = backup
  }

  private static func note(
    _ used: Set<SHA256Digest>, of run: Int64, _ connection: SQLiteConnection
  ) throws(SQLiteError) {
    try connection.execute("BEGIN IMMEDIATE")
    do throws(SQLiteError) {
      try BlobRows.note(used, of: run, connection)
      try connection.execute("COMMIT")
    } catch {
      if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
      throw error
    }
  }

  private static func mend(
    _ run: Int64, _ columns: RunColumns, _ connection: SQLiteConnection
  ) throws(SQLiteError) {
    let update = try connection.cached(
      "UPDATE runs SET status = ?, started_ms = ?, ended_ms = ?, due_ms = ?, owner = NULL WHERE number = ?")
    try update.bind(
      .text(columns.status), .integer(columns.started), columns.ended.map { .integer($0) } ?? .null,
      columns.due.map { .integer($0) } ?? .null, .integer(run))
    try update.run()
  }
}
