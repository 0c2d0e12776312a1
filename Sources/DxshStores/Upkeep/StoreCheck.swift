package import DxshRuntime
import DxshSQLite

/// Looks for what is wrong with a store. It reads alone, one run after the other, each within a transaction of its own:
/// of a store that others write to, every run is seen as it was at one moment, and nobody has to wait.
package enum StoreCheck {
  /// How many faults SQLite names.
  private static let faultLimit = 100

  /// Tells what it finds as it finds it; returns how many runs there are. Throws what cannot be looked at: `.newer`,
  /// and `.unavailable` for a store of an earlier version.
  package static func run(
    folder: String, _ tell: (StoreFinding) -> Void
  ) throws(RunStoreError) -> Int {
    let path = StoreFolder.database(in: folder)
    do throws(RunStoreError) {
      let connection = try StoreSchema.openForReading(path)
      do throws(SQLiteError) {
        try lookAtPages(connection, tell)
        return try lookAtRuns(connection, tell)
      } catch {
        throw RunStoreError(error, path)
      }
    } catch {
      guard error.kind == .damaged else { throw error }
      tell(StoreFinding(run: nil, "the database cannot be read to its end", .restore))
      return 0
    }
  }

  /// How many large values no run uses, which is no fault. Throws what `run` does, and `.damaged`.
  package static func unusedValues(folder: String) throws(RunStoreError) -> Int {
    let path = StoreFolder.database(in: folder)
    let connection = try StoreSchema.openForReading(path)
    do throws(SQLiteError) {
      let count = try connection.prepare(
        "SELECT count(*) FROM blobs WHERE NOT EXISTS (SELECT 1 FROM blob_uses WHERE blob = number)")
      return try count.step() ? Int(count.integer(0)) : 0
    } catch {
      throw RunStoreError(error, path)
    }
  }

  private static func lookAtPages(
    _ connection: SQLiteConnection, _ tell: (StoreFinding) -> Void
  ) throws(SQLiteError) {
    let pages = try connection.prepare("PRAGMA integrity_check(\(faultLimit))")
    while try pages.step() {
      for line in pages.text(0).split(separator: "\n") where line != "ok" {
        tell(StoreFinding(run: nil, "the database is damaged (\(line))", .restore))
      }
    }
    let strays = try connection.prepare(
      #"SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2"#)
    while try strays.step() {
      let (count, table, parent) = (strays.integer(2), strays.text(0), strays.text(1))
      tell(
        StoreFinding(
          run: nil, "\(count) row\(count == 1 ? "" : "s") of \(table) have nothing in \(parent)", .restore))
    }
  }

  private static func lookAtRuns(
    _ connection: SQLiteConnection, _ tell: (StoreFinding) -> Void
  ) throws(SQLiteError) -> Int {
    var (last, count): (Int64, Int) = (.min, 0)
    var plans = PlanAudit()
    while true {
      try connection.execute("BEGIN")
      defer { try? connection.execute("ROLLBACK") }
      guard let run = try RunAudit(after: last, connection, &plans) else { return count }
      last = run.number
      count += 1
      for finding in run.findings { tell(finding) }
      if try run.seen > MessageNumbers.last(connection) {
        tell(StoreFinding(run: run.id, "a later message to it would have a number that it has seen", .rebuild))
      }
    }
  }
}
