import DxshRuntime
import DxshSQLite

/// Removing runs, a few in each transaction.
extension SQLiteTransactions {
  /// How much one transaction removes: so many runs, or those whose journals have so many batches together.
  static let retiredRunLimit = 500
  static let retiredBatchLimit = 2000

  /// Removes the first runs that may go, with all that is theirs alone; never one that has not ended or that a process
  /// is at. Within a transaction.
  func retire(_ runs: RetiredRuns) throws(SQLiteError) -> Retirement {
    // The one with the largest number stays, else the next run would get that number, and whoever had claimed the one
    // before would give back this one's claim.
    let find = try connection.cached(
      """
      SELECT r.number, r.ended_ms, r.status, r.plan, r.owner, w.beat, r.id
      FROM runs r INDEXED BY runs_ended LEFT JOIN workers w ON w.number = r.owner
      WHERE r.workflow = ?1 AND r.ended_ms >= ?2 AND r.ended_ms < ?3 AND r.ended_ms <= ?4
        AND (r.ended_ms, r.number) > (?2, ?5) AND (r.ended_ms, r.number) < (?4, ?6)
        AND r.number < (SELECT max(number) FROM runs)
      ORDER BY r.ended_ms, r.number LIMIT ?7
      """)
    defer { find.reset() }
    try find.bind(
      .text(runs.workflow), .integer(runs.start.ended), .integer(runs.endedBefore), .integer(runs.end.ended),
      .integer(runs.start.number), .integer(runs.end.number), .integer(Int64(Self.retiredRunLimit)))
    var (found, ids, batches, plans) = ([Int64](), [String](), 0, Set<String>())
    var next: RetiredRuns.Place?
    var looked = 0
    while try find.step() {
      looked += 1
      next = RetiredRuns.Place(ended: find.integer(1), number: find.integer(0))
      guard RunStatus(rawValue: find.text(2))?.isFinal == true else { continue }
      if !find.isNull(4), isAlive(find.integer(4), beat: find.integer(5)) { continue }
      found.append(find.integer(0))
      ids.append(find.text(6))
      plans.insert(find.text(3))
      batches += try countBatches(of: find.integer(0))
      if batches >= Self.retiredBatchLimit { break }
    }
    let isAll = looked < Self.retiredRunLimit && batches < Self.retiredBatchLimit
    find.reset()
    for number in found { try remove(run: number) }
    return Retirement(runs: ids, batches: batches, plans: try removeUnused(plans), next: isAll ? nil : next)
  }

  private func countBatches(of run: Int64) throws(SQLiteError) -> Int {
    // Numbered without gaps.
    let last = try connection.cached("SELECT max(batch) FROM journal WHERE run = ?")
    defer { last.reset() }
    try last.bind(.integer(run))
    return try last.step() ? Int(last.integer(0)) + 1 : 0
  }

  private func remove(run: Int64) throws(SQLiteError) {
    for sql in [
      "DELETE FROM journal WHERE run = ?", "DELETE FROM inbox WHERE run = ?",
      "DELETE FROM blob_uses WHERE run = ?", "DELETE FROM seats WHERE run = (SELECT id FROM runs WHERE number = ?)",
      "DELETE FROM runs WHERE number = ?",
    ] {
      let delete = try connection.cached(sql)
      try delete.bind(.integer(run))
      try delete.run()
    }
  }

  /// Removes those plans that no run was started with.
  func removeUnused(_ plans: Set<String>) throws(SQLiteError) -> Int {
    var count = 0
    let delete = try connection.cached(
      "DELETE FROM plans WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE plan = ?1)")
    for hash in plans {
      try delete.bind(.text(hash))
      try delete.run()
      count += connection.changes
    }
    return count
  }

  /// Gives pages that nothing is in back to the file system, at most so many; returns how many are left. Within a
  /// transaction.
  func shrink(by pages: Int) throws(SQLiteError) -> Int {
    try connection.execute("PRAGMA incremental_vacuum(\(pages))")
    let read = try connection.cached("PRAGMA freelist_count")
    defer { read.reset() }
    return try read.step() ? Int(read.integer(0)) : 0
  }
}
