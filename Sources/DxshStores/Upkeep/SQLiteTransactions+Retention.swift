import DxshRuntime
import DxshSQLite

/// Removing runs, a few in each transaction.
extension SQLiteTransactions {
  /// How much one transaction removes: so many runs, or those that have so many rows together; a run that has more goes
  /// in so many at a time.
  static let retiredRunLimit = 500
  static let retiredRowLimit = 2000

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
    var (small, large, ids, rows, plans) = ([Int64](), [Int64](), [String](), 0, Set<String>())
    var next: RetiredRuns.Place?
    var looked = 0
    while try find.step() {
      looked += 1
      next = RetiredRuns.Place(ended: find.integer(1), number: find.integer(0))
      guard RunStatus(rawValue: find.text(2))?.isFinal == true else { continue }
      if !find.isNull(4), isAlive(find.integer(4), beat: find.integer(5)) { continue }
      ids.append(find.text(6))
      let count = try countRows(of: find.integer(0))
      if count > Self.retiredRowLimit {
        large.append(find.integer(0))
      } else {
        small.append(find.integer(0))
        plans.insert(find.text(3))
        rows += count
        if rows >= Self.retiredRowLimit { break }
      }
    }
    let isAll = looked < Self.retiredRunLimit && rows < Self.retiredRowLimit
    find.reset()
    for number in small {
      _ = try removeRows(of: number, limit: Self.retiredRowLimit)
      try change(number, "DELETE FROM seats WHERE run = (SELECT id FROM runs WHERE number = ?1)")
      try change(number, "DELETE FROM runs WHERE number = ?1")
    }
    for number in large { try hide(number) }
    return Retirement(runs: ids, plans: try removeUnused(plans), hasMore: !large.isEmpty, next: isAll ? nil : next)
  }

  /// Of a run that has more than one transaction removes, more than that.
  private func countRows(of run: Int64) throws(SQLiteError) -> Int {
    // Batches are numbered without gaps.
    let count = try connection.cached(
      """
      SELECT (SELECT ifnull(max(batch) + 1, 0) FROM journal WHERE run = ?1)
        + (SELECT count(*) FROM (SELECT 1 FROM inbox WHERE run = ?1 LIMIT ?2))
        + (SELECT count(*) FROM (SELECT 1 FROM blob_uses WHERE run = ?1 LIMIT ?2))
      """)
    defer { count.reset() }
    try count.bind(.integer(run), .integer(Int64(Self.retiredRowLimit + 1)))
    return try count.step() ? Int(count.integer(0)) : 0
  }

  /// From now on the run is there for nobody.
  private func hide(_ run: Int64) throws(SQLiteError) {
    try change(run, "DELETE FROM seats WHERE run = (SELECT id FROM runs WHERE number = ?1)")
    try change(
      run,
      """
      UPDATE runs SET id = '~' || number, workflow = '', key = NULL, directory = '', status = '\(RunInRemoval.status)',
        due_ms = NULL, owner = NULL WHERE number = ?1
      """)
  }

  /// Removes some of what is left of runs that are there for nobody, whoever has hidden them. Within a transaction.
  func clear() throws(SQLiteError) -> Clearing {
    let find = try connection.cached(
      """
      SELECT number, plan FROM runs INDEXED BY runs_ended
      WHERE workflow = '' AND ended_ms IS NOT NULL AND status = '\(RunInRemoval.status)' LIMIT 1
      """)
    defer { find.reset() }
    guard try find.step() else { return Clearing(isDone: true) }
    let (number, plan) = (find.integer(0), find.text(1))
    find.reset()
    guard try removeRows(of: number, limit: Self.retiredRowLimit) < Self.retiredRowLimit else {
      return Clearing(isDone: false)
    }
    try change(number, "DELETE FROM runs WHERE number = ?1")
    return Clearing(plans: try removeUnused([plan]), isDone: false)
  }

  /// Removes at most so many rows that are a run's alone; returns how many.
  private func removeRows(of run: Int64, limit: Int) throws(SQLiteError) -> Int {
    var removed = 0
    for (table, row) in [("journal", "batch"), ("inbox", "number"), ("blob_uses", "blob")] where removed < limit {
      let delete = try connection.cached(
        """
        DELETE FROM \(table) WHERE run = ?1
          AND \(row) IN (SELECT \(row) FROM \(table) WHERE run = ?1 ORDER BY \(row) DESC LIMIT ?2)
        """)
      try delete.bind(.integer(run), .integer(Int64(limit - removed)))
      try delete.run()
      removed += connection.changes
    }
    return removed
  }

  private func change(_ run: Int64, _ sql: String) throws(SQLiteError) {
    let statement = try connection.cached(sql)
    try statement.bind(.integer(run))
    try statement.run()
  }

  /// Removes what is known of rates whose times were all before a time, of those after a key: who asks for a time now
  /// is given the same with and without it. Within a transaction.
  func sweepRates(after key: String, before time: Int64) throws(SQLiteError) -> RateSweep {
    let last = try connection.cached("SELECT max(key) FROM (SELECT key FROM rates WHERE key > ? ORDER BY key LIMIT ?)")
    defer { last.reset() }
    try last.bind(.text(key), .integer(Int64(Self.retiredRowLimit)))
    guard try last.step(), !last.isNull(0) else { return RateSweep(removed: 0) }
    let next = last.text(0)
    last.reset()
    let delete = try connection.cached(
      """
      DELETE FROM rates WHERE key > ?1 AND key <= ?2
        AND ifnull(promised_ns, ?3 - 1) < ?3 AND ifnull(begun_ns, ?3 - 1) < ?3
      """)
    try delete.bind(.text(key), .text(next), .integer(time))
    try delete.run()
    return RateSweep(removed: connection.changes, next: next)
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
