import DxshRuntime
import DxshSQLite
import DxshTime

/// What may be removed of a store.
extension SQLiteReader {
  /// For each workflow with runs that may go, these; each found in the index, however many runs there are.
  func retired(by retention: Retention, at now: Timestamp) throws(RunStoreError) -> [RetiredRuns] {
    let before = now.adding(retention.keep.negated).map(\.milliseconds) ?? .min
    return try reading { connection throws(SQLiteError) in
      var retired: [RetiredRuns] = []
      var workflow = try Self.workflow(after: nil, connection)
      while let name = workflow {
        if let end = try Self.firstKept(of: name, retention.keepLast, connection) {
          let runs = RetiredRuns(workflow: name, end: end, endedBefore: before)
          if try Self.count(runs, connection, limit: 1) > 0 { retired.append(runs) }
        }
        workflow = try Self.workflow(after: name, connection)
      }
      return retired
    }
  }

  /// How many runs may go.
  func count(_ runs: RetiredRuns) throws(RunStoreError) -> Int {
    try reading { connection throws(SQLiteError) in try Self.count(runs, connection, limit: -1) }
  }

  private static func workflow(
    after name: String?, _ connection: SQLiteConnection
  ) throws(SQLiteError) -> String? {
    let read = try connection.cached(
      """
      SELECT workflow FROM runs INDEXED BY runs_ended
      WHERE ended_ms IS NOT NULL AND workflow > ? ORDER BY workflow LIMIT 1
      """)
    defer { read.reset() }
    // No name is empty.
    try read.bind(.text(name ?? ""))
    return try read.step() ? read.text(0) : nil
  }

  /// The run before which there are those beyond the last so many; nil when there are no more.
  private static func firstKept(
    of workflow: String, _ count: Int, _ connection: SQLiteConnection
  ) throws(SQLiteError) -> RetiredRuns.Place? {
    guard count > 0 else { return RetiredRuns.Place(ended: .max, number: .max) }
    let read = try connection.cached(
      """
      SELECT ended_ms, number FROM runs INDEXED BY runs_ended WHERE workflow = ? AND ended_ms IS NOT NULL
      ORDER BY ended_ms DESC, number DESC LIMIT 1 OFFSET ?
      """)
    defer { read.reset() }
    try read.bind(.text(workflow), .integer(Int64(count - 1)))
    return try read.step() ? RetiredRuns.Place(ended: read.integer(0), number: read.integer(1)) : nil
  }

  private static func count(
    _ runs: RetiredRuns, _ connection: SQLiteConnection, limit: Int64
  ) throws(SQLiteError) -> Int {
    let read = try connection.cached(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM runs INDEXED BY runs_ended
        WHERE workflow = ?1 AND ended_ms < ?2 AND ended_ms <= ?3 AND (ended_ms, number) < (?3, ?4)
          AND number < (SELECT max(number) FROM runs)
        LIMIT ?5)
      """)
    defer { read.reset() }
    try read.bind(
      .text(runs.workflow), .integer(runs.endedBefore), .integer(runs.end.ended), .integer(runs.end.number),
      .integer(limit))
    return try read.step() ? Int(read.integer(0)) : 0
  }

  /// How many pages nothing is in, and the size of one in bytes.
  func freePages() throws(RunStoreError) -> (count: Int, size: Int64) {
    try reading { connection throws(SQLiteError) in
      let count = try connection.prepare("PRAGMA freelist_count")
      let size = try connection.prepare("PRAGMA page_size")
      return (try count.step() ? Int(count.integer(0)) : 0, try size.step() ? size.integer(0) : 0)
    }
  }

  /// Those of some identifiers that no run has.
  func missing(of ids: [String]) throws(RunStoreError) -> [String] {
    try reading { connection throws(SQLiteError) in
      let find = try connection.cached("SELECT 1 FROM runs WHERE id = ?")
      defer { find.reset() }
      var missing: [String] = []
      for id in ids {
        try find.bind(.text(id))
        if try !find.step() { missing.append(id) }
        find.reset()
      }
      return missing
    }
  }

  // MARK: - Contents of files

  /// Goes on with a search, through the journals and messages of at most so many runs.
  func looked(for search: DigestSearch, limit: Int) throws(RunStoreError) -> DigestSearch {
    var search = search
    guard let start = search.next else { return search }
    try reading { connection throws(SQLiteError) in
      let runs = try connection.cached("SELECT number FROM runs WHERE number > ? ORDER BY number LIMIT ?")
      defer { runs.reset() }
      try runs.bind(.integer(start), .integer(Int64(limit)))
      var (last, count) = (start, 0)
      while !search.left.isEmpty, try runs.step() {
        (last, count) = (runs.integer(0), count + 1)
        for sql in ["SELECT events FROM journal WHERE run = ?", "SELECT body FROM inbox WHERE run = ?"] {
          let read = try connection.cached(sql)
          defer { read.reset() }
          try read.bind(.integer(last))
          while try read.step() { search.look(at: read.blob(0)) }
        }
        try Self.lookAtValues(of: last, &search, connection)
      }
      search.next = count == limit && !search.left.isEmpty ? last : nil
    }
    return search
  }

  /// Each value once, however many runs use it.
  private static func lookAtValues(
    of run: Int64, _ search: inout DigestSearch, _ connection: SQLiteConnection
  ) throws(SQLiteError) {
    let uses = try connection.cached("SELECT blob FROM blob_uses WHERE run = ?")
    defer { uses.reset() }
    try uses.bind(.integer(run))
    while try uses.step() {
      guard search.values.insert(uses.integer(0)).inserted else { continue }
      let read = try connection.cached("SELECT bytes FROM blobs WHERE number = ?")
      defer { read.reset() }
      try read.bind(.integer(uses.integer(0)))
      if try read.step() { search.look(at: read.blob(0)) }
    }
  }
}

/// Which digests nothing in a store speaks of.
struct DigestSearch: Sendable {
  /// Not found yet.
  var left: Set<[UInt8]>
  /// The run to go on after; nil when all have been looked at.
  var next: Int64? = .min
  /// The large values that have been looked at.
  var values: Set<Int64> = []

  mutating func look(at bytes: [UInt8]) { DigestScan.remove(from: &left, what: bytes) }
}
