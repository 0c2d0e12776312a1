import DxshPlan
import DxshRuntime
import DxshSQLite

/// The large values of journals, in the tables `blobs` and `blob_uses`. A batch, its values and the notes that its run
/// uses them come and go in one transaction, so a value that nobody notes to use may be removed in any other.
enum BlobRows {
  /// Keeps the values that a batch of a run refers to. Within the transaction that adds the batch.
  static func keep(_ blobs: [Blob], for run: Int64, _ connection: SQLiteConnection) throws(SQLiteError) {
    for blob in blobs {
      let use = try connection.cached("INSERT OR IGNORE INTO blob_uses (run, blob) VALUES (?, ?)")
      try use.bind(.integer(run), .integer(try number(of: blob, connection)))
      try use.run()
    }
  }

  private static func number(of blob: Blob, _ connection: SQLiteConnection) throws(SQLiteError) -> Int64 {
    let find = try connection.cached("SELECT number FROM blobs WHERE hash = ?")
    defer { find.reset() }
    try find.bind(.blob(blob.digest.bytes))
    if try find.step() { return find.integer(0) }
    let insert = try connection.cached("INSERT INTO blobs (hash, bytes) VALUES (?, ?)")
    try insert.bind(.blob(blob.digest.bytes), .blob(blob.bytes))
    try insert.run()
    return connection.lastRowID
  }

  /// The values that the bytes of a batch refer to, as far as they are there. Within one transaction with the reading
  /// of the bytes.
  static func blobs(
    of bytes: [UInt8], _ connection: SQLiteConnection, _ known: inout [SHA256Digest: Blob],
    from table: Table = .blobs
  ) throws(SQLiteError) -> [Blob] {
    var blobs: [Blob] = []
    for digest in JournalCodec.references(in: bytes) {
      if let blob = known[digest] {
        blobs.append(blob)
        continue
      }
      let find = try connection.cached("SELECT bytes FROM \(table.rawValue) WHERE hash = ?")
      defer { find.reset() }
      try find.bind(.blob(digest.bytes))
      guard try find.step() else { continue }
      let blob = Blob(digest: digest, bytes: find.blob(0))
      known[digest] = blob
      blobs.append(blob)
    }
    return blobs
  }

  enum Table: String {
    case blobs
    /// Of the run that is being imported.
    case arriving = "arriving_blobs"
  }

  // MARK: - What no run uses

  /// How much one transaction removes: it looks at so many values, and stops after so many bytes.
  static let sweepLimit = 1000
  static let sweepByteLimit = 16 << 20

  struct Sweep: Sendable {
    var removed: Int
    /// The digest to go on after; nil when that was all.
    var next: [UInt8]?
  }

  /// Removes values that no run uses, of those after a digest; in the order of digests. Within a transaction.
  static func sweep(
    after digest: [UInt8], _ connection: SQLiteConnection
  ) throws(SQLiteError) -> Sweep {
    // The index has all that is needed to find them: none is read.
    let find = try connection.cached(
      """
      SELECT hash, number, EXISTS (SELECT 1 FROM blob_uses WHERE blob = number) FROM blobs
      WHERE hash > ? ORDER BY hash LIMIT ?
      """)
    defer { find.reset() }
    try find.bind(.blob(digest), .integer(Int64(sweepLimit)))
    var (looked, bytes, last) = (0, 0, digest)
    var unused: [Int64] = []
    while bytes < sweepByteLimit, try find.step() {
      looked += 1
      last = find.blob(0)
      guard find.integer(2) == 0 else { continue }
      unused.append(find.integer(1))
      bytes += try length(of: find.integer(1), connection)
    }
    find.reset()
    let delete = try connection.cached("DELETE FROM blobs WHERE number = ?")
    for number in unused {
      try delete.bind(.integer(number))
      try delete.run()
    }
    let isAll = looked < sweepLimit && bytes < sweepByteLimit
    return Sweep(removed: unused.count, next: isAll ? nil : last)
  }

  /// In bytes, without reading them.
  private static func length(of blob: Int64, _ connection: SQLiteConnection) throws(SQLiteError) -> Int {
    let read = try connection.cached("SELECT length(bytes) FROM blobs WHERE number = ?")
    defer { read.reset() }
    try read.bind(.integer(blob))
    return try read.step() ? Int(read.integer(0)) : 0
  }

  // MARK: - What is noted of a run

  /// Whether what is noted of a run is what its journal refers to, as far as that is there.
  static func areNoted(
    _ digests: Set<SHA256Digest>, of run: Int64, _ connection: SQLiteConnection
  ) throws(SQLiteError) -> Bool {
    let read = try connection.cached("SELECT b.hash FROM blob_uses u JOIN blobs b ON b.number = u.blob WHERE u.run = ?")
    defer { read.reset() }
    try read.bind(.integer(run))
    var noted: Set<SHA256Digest> = []
    while try read.step() { if let digest = SHA256Digest(read.blob(0)) { noted.insert(digest) } }
    return noted == digests
  }

  /// Notes anew what a run uses. Within a transaction.
  static func note(_ digests: Set<SHA256Digest>, of run: Int64, _ connection: SQLiteConnection) throws(SQLiteError) {
    let forget = try connection.cached("DELETE FROM blob_uses WHERE run = ?")
    try forget.bind(.integer(run))
    try forget.run()
    let add = try connection.cached("INSERT INTO blob_uses (run, blob) SELECT ?, number FROM blobs WHERE hash = ?")
    for digest in digests {
      try add.bind(.integer(run), .blob(digest.bytes))
      try add.run()
    }
  }
}
