import DxshPlan
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

  private static let columns =
    "r.number, r.id, r.workflow, r.key, r.status, r.started_ms, r.ended_ms, r.owner, r.durability"

  func run(_ prefix: String, isAlive: @Sendable (Int64) -> Bool) throws(RunStoreError) -> StoredRun {
    let found = try reading { connection throws(SQLiteError) in
      let find = try connection.cached(
        """
        SELECT \(Self.columns), r.directory, p.body, p.hash FROM runs r JOIN plans p ON p.hash = r.plan
        WHERE r.id >= ?1 AND r.id < ?1 || '~' AND r.\(RunInRemoval.isNone) ORDER BY r.id = ?1 DESC, r.id LIMIT 2
        """)
      defer { find.reset() }
      try find.bind(.text(prefix))
      var found: [StoredRun] = []
      while try find.step() {
        found.append(
          StoredRun(
            summary: Self.summary(find, isAlive), plan: find.blob(10), planHash: find.text(11),
            directory: find.text(9)))
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

  func runs(limit: Int, isAlive: @Sendable (Int64) -> Bool) throws(RunStoreError) -> [RunSummary] {
    try list("WHERE r.\(RunInRemoval.isNone) ORDER BY r.number DESC LIMIT ?", Int64(limit), isAlive)
  }

  func openRuns(isAlive: @Sendable (Int64) -> Bool) throws(RunStoreError) -> [RunSummary] {
    try list("INDEXED BY runs_open WHERE r.ended_ms IS NULL ORDER BY r.number LIMIT ?", -1, isAlive)
  }

  private func list(
    _ choice: String, _ limit: Int64, _ isAlive: @Sendable (Int64) -> Bool
  ) throws(RunStoreError) -> [RunSummary] {
    try reading { connection throws(SQLiteError) in
      let list = try connection.cached("SELECT \(Self.columns) FROM runs r \(choice)")
      defer { list.reset() }
      try list.bind(.integer(limit))
      var found: [RunSummary] = []
      while try list.step() { found.append(Self.summary(list, isAlive)) }
      return found
    }
  }

  func openCounts() throws(RunStoreError) -> [RunStatus: Int] {
    try reading { connection throws(SQLiteError) in
      let read = try connection.cached(
        "SELECT status, count(*) FROM runs INDEXED BY runs_open WHERE ended_ms IS NULL GROUP BY status")
      defer { read.reset() }
      var counts: [RunStatus: Int] = [:]
      while try read.step() {
        if let status = RunStatus(rawValue: read.text(0)) { counts[status] = Int(read.integer(1)) }
      }
      return counts
    }
  }

  func results(of keys: [SHA256Digest], at time: Timestamp) throws(RunStoreError) -> [[UInt8]?] {
    try reading { connection throws(SQLiteError) in
      let read = try connection.cached("SELECT bytes FROM results WHERE key = ? AND until_ms > ?")
      defer { read.reset() }
      var found: [[UInt8]?] = []
      for key in keys {
        read.reset()
        try read.bind(.blob(key.bytes), .integer(time.milliseconds))
        found.append(try read.step() ? read.blob(0) : nil)
      }
      return found
    }
  }

  func owner(of run: String, isAlive: @Sendable (Int64) -> Bool) throws(RunStoreError) -> RunOwner? {
    try reading { connection throws(SQLiteError) in
      let read = try connection.cached(
        "SELECT w.number, w.pid, w.host, w.started_ms FROM runs r JOIN workers w ON w.number = r.owner WHERE r.id = ?")
      defer { read.reset() }
      try read.bind(.text(run))
      guard try read.step() else { return nil }
      return RunOwner(
        process: read.integer(1), host: read.text(2), startedAt: Timestamp(milliseconds: read.integer(3)),
        isAlive: isAlive(read.integer(0)))
    }
  }

  func journal(of run: String, from number: Int) throws(RunStoreError) -> [JournalBatch] {
    try reading { connection throws(SQLiteError) in
      let read = try connection.cached(
        """
        SELECT batch, events FROM journal WHERE run = (SELECT number FROM runs WHERE id = ?) AND batch >= ?
        ORDER BY batch
        """)
      defer { read.reset() }
      try read.bind(.text(run), .integer(Int64(number)))
      var batches: [JournalBatch] = []
      var known: [SHA256Digest: Blob] = [:]
      while try read.step() {
        let bytes = read.blob(1)
        let blobs = try BlobRows.blobs(of: bytes, connection, &known)
        batches.append(JournalBatch(number: Int(read.integer(0)), bytes: bytes, blobs: blobs))
      }
      return batches
    }
  }

  // MARK: - What there is to do

  func messages(to run: String, after number: Int64) throws(RunStoreError) -> [NumberedMessage] {
    let rows = try reading { connection throws(SQLiteError) in
      let read = try connection.cached(
        """
        SELECT number, body FROM inbox
        WHERE run = (SELECT number FROM runs WHERE id = ?) AND number > ? ORDER BY number
        """)
      defer { read.reset() }
      try read.bind(.text(run), .integer(number))
      var rows: [(number: Int64, body: [UInt8])] = []
      while try read.step() { rows.append((read.integer(0), read.blob(1))) }
      return rows
    }
    var messages: [NumberedMessage] = []
    for row in rows {
      let events = try JournalCodec.decode(JournalBatch(number: 0, bytes: row.body))
      guard case .received(let message, _)? = events.first?.kind else {
        throw RunStoreError(.damaged, "a message to the run \(run) is damaged; restore the store from a backup")
      }
      messages.append(NumberedMessage(number: row.number, message: message, at: events[0].at))
    }
    return messages
  }

  /// The runs that got messages after the one of a number, and the number of the last message there is.
  func news(after number: Int64) throws(RunStoreError) -> (runs: [String], last: Int64) {
    try reading { connection throws(SQLiteError) in
      let read = try connection.cached(
        "SELECT i.number, r.id FROM inbox i JOIN runs r ON r.number = i.run WHERE i.number > ? ORDER BY i.number")
      defer { read.reset() }
      try read.bind(.integer(number))
      var (runs, last) = ([String](), number)
      while try read.step() {
        last = read.integer(0)
        runs.append(read.text(1))
      }
      return (runs, last)
    }
  }

  /// The number of the last message there is.
  func lastMessage() throws(RunStoreError) -> Int64 {
    try reading { connection throws(SQLiteError) in
      let read = try connection.cached("SELECT max(number) FROM inbox")
      defer { read.reset() }
      return try read.step() ? read.integer(0) : 0
    }
  }

  /// Runs of dead workers first, then those that nobody is at.
  func due(
    at time: Timestamp, limit: Int, isAlive: @Sendable (Int64, _ beat: Int64) -> Bool
  ) throws(RunStoreError) -> DueRuns {
    try reading { connection throws(SQLiteError) in
      var due = DueRuns(runs: [], next: nil)
      for worker in try owners(connection) where !isAlive(worker.number, worker.beat) {
        let read = try connection.cached("SELECT id FROM runs WHERE owner = ? LIMIT ?")
        defer { read.reset() }
        try read.bind(.integer(worker.number), .integer(Int64(limit - due.runs.count)))
        while try read.step() { due.runs.append(read.text(0)) }
        if due.runs.count >= limit { return due }
      }
      let read = try connection.cached(
        "SELECT id, due_ms FROM runs WHERE due_ms IS NOT NULL AND owner IS NULL ORDER BY due_ms LIMIT ?")
      defer { read.reset() }
      try read.bind(.integer(Int64(limit - due.runs.count + 1)))
      let now = time.milliseconds
      while try read.step() {
        if read.integer(1) > now || due.runs.count == limit {
          due.next = Timestamp(milliseconds: read.integer(1))
          break
        }
        due.runs.append(read.text(0))
      }
      return due
    }
  }

  private func owners(_ connection: SQLiteConnection) throws(SQLiteError) -> [(number: Int64, beat: Int64)] {
    // One look into the index for each, however many runs it has.
    let read = try connection.cached(
      "SELECT number, beat FROM workers WHERE EXISTS (SELECT 1 FROM runs WHERE owner = workers.number)")
    defer { read.reset() }
    var owners: [(Int64, Int64)] = []
    while try read.step() { owners.append((read.integer(0), read.integer(1))) }
    return owners
  }

  func reading<Result>(
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

  private static func summary(_ row: SQLiteStatement, _ isAlive: (Int64) -> Bool) -> RunSummary {
    RunSummary(
      id: row.text(1), workflow: row.text(2), key: row.isNull(3) ? nil : row.text(3),
      status: RunStatus(rawValue: row.text(4)) ?? .running, startedAt: Timestamp(milliseconds: row.integer(5)),
      endedAt: row.isNull(6) ? nil : Timestamp(milliseconds: row.integer(6)),
      isClaimed: !row.isNull(7) && isAlive(row.integer(7)), durability: Durability(rawValue: row.text(8)) ?? .full)
  }
}
