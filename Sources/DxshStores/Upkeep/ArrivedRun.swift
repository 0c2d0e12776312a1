import DxshPlan
import DxshRuntime
import DxshSQLite

/// A run that has arrived beside a store in whole, and is to be added to it.
struct ArrivedRun {
  private let connection: SQLiteConnection
  private let run: ExportedRun
  /// Nil when the store has it.
  private let plan: [UInt8]?

  init(_ connection: SQLiteConnection, _ run: ExportedRun, plan: [UInt8]?) {
    self.connection = connection
    self.run = run
    self.plan = plan
  }

  /// Within a transaction.
  /// - messages: the numbers of all messages to it that its inbox or its journal speaks of, in their order
  func add(messages: [Int64]) throws {
    if let plan {
      let insert = try connection.cached("INSERT OR IGNORE INTO plans (hash, body) VALUES (?, ?)")
      try insert.bind(.text(run.plan), .blob(plan))
      try insert.run()
    }
    let insert = try connection.cached(
      """
      INSERT INTO runs (id, workflow, key, plan, directory, status, started_ms, ended_ms, due_ms, durability)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    try insert.bind(
      .text(run.id), .text(run.workflow), run.key.map { .text($0) } ?? .null, .text(run.plan), .text(run.directory),
      .text(run.columns.status), .integer(run.columns.started), run.columns.ended.map { .integer($0) } ?? .null,
      run.columns.due.map { .integer($0) } ?? .null, .text(run.durability.rawValue))
    try insert.run()
    let number = connection.lastRowID
    let copy = try connection.cached(
      "INSERT INTO journal (run, batch, events) SELECT ?, batch, events FROM arriving_journal ORDER BY batch")
    try copy.bind(.integer(number))
    try copy.run()
    try addValues(to: number)
    try addMessages(messages, to: number)
  }

  private func addValues(to run: Int64) throws {
    let copy = try connection.cached("INSERT OR IGNORE INTO blobs (hash, bytes) SELECT hash, bytes FROM arriving_blobs")
    try copy.run()
    let use = try connection.cached(
      "INSERT INTO blob_uses (run, blob) SELECT ?, b.number FROM arriving_blobs a JOIN blobs b ON b.hash = a.hash")
    try use.bind(.integer(run))
    try use.run()
  }

  /// A number names one message of a store: where it is another's there, those of the run are numbered anew, in its
  /// journal too.
  private func addMessages(_ numbers: [Int64], to run: Int64) throws {
    guard let largest = numbers.last else { return }
    if try hasTaken() {
      let first = try MessageNumbers.last(connection) + 1
      var names: [Int64: Int64] = [:]
      for (offset, number) in numbers.enumerated() { names[number] = first + Int64(offset) }
      try rename(names, of: run)
      try MessageNumbers.pass(first + Int64(numbers.count) - 1, connection)
    } else {
      let copy = try connection.cached(
        """
        INSERT INTO inbox (number, run, body, deduplication, sent_ms)
        SELECT number, ?, body, deduplication, sent_ms FROM arriving_inbox ORDER BY number
        """)
      try copy.bind(.integer(run))
      try copy.run()
      try MessageNumbers.pass(largest, connection)
    }
  }

  private func hasTaken() throws -> Bool {
    let find = try connection.cached("SELECT 1 FROM arriving_inbox a JOIN inbox i ON i.number = a.number LIMIT 1")
    defer { find.reset() }
    return try find.step()
  }

  private func rename(_ names: [Int64: Int64], of run: Int64) throws {
    let messages = try connection.cached(
      "SELECT number, body, deduplication, sent_ms FROM arriving_inbox ORDER BY number")
    while try messages.step() {
      let insert = try connection.cached(
        "INSERT INTO inbox (number, run, body, deduplication, sent_ms) VALUES (?, ?, ?, ?, ?)")
      try insert.bind([
        .integer(names[messages.integer(0)] ?? messages.integer(0)), .integer(run), messages.cell(1),
        messages.cell(2), messages.cell(3),
      ])
      try insert.run()
    }
    let batches = try connection.cached("SELECT batch, events FROM arriving_journal ORDER BY batch")
    while try batches.step() {
      let bytes = batches.blob(1)
      var known: [SHA256Digest: Blob] = [:]
      let blobs = try BlobRows.blobs(of: bytes, connection, &known, from: .arriving)
      let batch = JournalBatch(number: Int(batches.integer(0)), bytes: bytes, blobs: blobs)
      guard let renamed = try Self.renamed(names, batch) else { continue }
      let update = try connection.cached("UPDATE journal SET events = ? WHERE run = ? AND batch = ?")
      try update.bind(.blob(renamed.bytes), .integer(run), .integer(Int64(batch.number)))
      try update.run()
      // What an earlier version kept within the batch may be apart now.
      try BlobRows.keep(renamed.blobs, for: run, connection)
    }
  }

  /// Nil when the batch speaks of no message.
  private static func renamed(_ names: [Int64: Int64], _ batch: JournalBatch) throws -> JournalBatch? {
    var events = try JournalCodec.decode(batch)
    var isChanged = false
    for index in events.indices {
      guard case .received(let message, let number) = events[index].kind else { continue }
      events[index].kind = .received(message, number: names[number] ?? number)
      isChanged = true
    }
    return isChanged ? JournalBatch(number: batch.number, events) : nil
  }
}
