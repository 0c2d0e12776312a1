import DxshPlan
package import DxshRuntime
import DxshSQLite

/// Writes all runs of a store as lines, as the store is at one moment, whatever others write meanwhile.
package enum StoreExport {
  /// - write: gets some lines at a time, each with its line feed
  ///
  /// Returns how many runs there are. What is damaged is written as it is, as far as the database gives it.
  package static func run(
    folder: String, _ write: ([UInt8]) throws(RunStoreError) -> Void
  ) throws(RunStoreError) -> Int {
    let path = StoreFolder.database(in: folder)
    let connection = try StoreSchema.openForReading(path)
    return try RunStoreError.telling(of: path) {
      try connection.execute("BEGIN")
      defer { try? connection.execute("ROLLBACK") }
      return try lines(connection, write)
    }
  }

  private static func lines(
    _ connection: SQLiteConnection, _ write: ([UInt8]) throws(RunStoreError) -> Void
  ) throws -> Int {
    try write(StoreLine.head(version: StoreLine.version).text)
    let runs = try connection.prepare(
      """
      SELECT r.number, r.id, r.workflow, r.key, r.plan, r.directory, r.status, r.started_ms, r.ended_ms, r.due_ms,
        r.durability, (SELECT count(*) FROM journal WHERE run = r.number),
        (SELECT count(*) FROM inbox WHERE run = r.number)
      FROM runs r WHERE r.\(RunInRemoval.isNone) ORDER BY r.number
      """)
    var (count, plans): (Int, Set<String>) = (0, [])
    while try runs.step() {
      let run = ExportedRun(runs)
      // Before the first run that was started with it, so that whoever reads the lines need not keep all plans.
      if plans.insert(run.plan).inserted { try writePlan(run.plan, connection, write) }
      try write(StoreLine.run(run).text)
      try writeJournal(of: runs.integer(0), connection, write)
      try writeInbox(of: runs.integer(0), connection, write)
      count += 1
    }
    try write(StoreLine.end(runs: Int64(count)).text)
    return count
  }

  private static func writePlan(
    _ hash: String, _ connection: SQLiteConnection, _ write: ([UInt8]) throws(RunStoreError) -> Void
  ) throws {
    let read = try connection.cached("SELECT body FROM plans WHERE hash = ?")
    defer { read.reset() }
    try read.bind(.text(hash))
    guard try read.step() else { return }
    try writeParts(of: read.blob(0), write) { .plan(hash: hash, $0) }
  }

  private static func writeJournal(
    of run: Int64, _ connection: SQLiteConnection, _ write: ([UInt8]) throws(RunStoreError) -> Void
  ) throws {
    let read = try connection.cached("SELECT batch, events FROM journal WHERE run = ? ORDER BY batch")
    defer { read.reset() }
    try read.bind(.integer(run))
    // Each run has all that it needs, so that none depends on another that is left out.
    var written: Set<SHA256Digest> = []
    while try read.step() {
      let (number, bytes) = (read.integer(0), read.blob(1))
      for digest in JournalCodec.references(in: bytes) where written.insert(digest).inserted {
        try writeBlob(digest, connection, write)
      }
      try writeParts(of: bytes, write) { .batch(number: number, $0) }
    }
  }

  private static func writeBlob(
    _ digest: SHA256Digest, _ connection: SQLiteConnection, _ write: ([UInt8]) throws(RunStoreError) -> Void
  ) throws {
    let read = try connection.cached("SELECT bytes FROM blobs WHERE hash = ?")
    defer { read.reset() }
    try read.bind(.blob(digest.bytes))
    guard try read.step() else { return }
    try writeParts(of: read.blob(0), write) { .value(hash: digest.hexadecimal, $0) }
  }

  private static func writeInbox(
    of run: Int64, _ connection: SQLiteConnection, _ write: ([UInt8]) throws(RunStoreError) -> Void
  ) throws {
    let read = try connection.cached(
      "SELECT number, deduplication, sent_ms, body FROM inbox WHERE run = ? ORDER BY number")
    defer { read.reset() }
    try read.bind(.integer(run))
    while try read.step() {
      let (number, sent) = (read.integer(0), read.integer(2))
      let deduplication = read.isNull(1) ? nil : read.text(1)
      try writeParts(of: read.blob(3), write) {
        .message(number: number, deduplication: deduplication, sent: sent, $0)
      }
    }
  }

  private static func writeParts(
    of bytes: [UInt8], _ write: ([UInt8]) throws(RunStoreError) -> Void, _ line: (StoreLine.Part) -> StoreLine
  ) throws {
    var start = 0
    repeat {
      let end = min(start + StoreLine.Part.limit, bytes.count)
      try write(line(StoreLine.Part(bytes: Array(bytes[start..<end]), isContinued: end < bytes.count)).text)
      start = end
    } while start < bytes.count
  }
}

extension ExportedRun {
  fileprivate init(_ row: SQLiteStatement) {
    self.init(
      id: row.text(1), workflow: row.text(2), key: row.isNull(3) ? nil : row.text(3), plan: row.text(4),
      directory: row.text(5),
      columns: RunColumns(
        status: row.text(6), started: row.integer(7), ended: row.isNull(8) ? nil : row.integer(8),
        due: row.isNull(9) ? nil : row.integer(9)), durability: Durability(rawValue: row.text(10)) ?? .full,
      batches: row.integer(11), messages: row.integer(12))
  }
}
