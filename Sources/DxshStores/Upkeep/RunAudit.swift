import DxshPlan
import DxshRuntime
import DxshSQLite
import DxshTime

/// What is wrong with one run of a store, and what its row has to say instead.
struct RunAudit {
  let number: Int64
  let id: String
  let row: RunColumns
  private(set) var findings: [StoreFinding] = []
  /// What the row has to say; nil when that is what it says, or when the journal does not tell.
  private(set) var repair: RunColumns?
  /// The large values that are to be noted as the run's; nil when they are, or when the journal does not tell.
  private(set) var used: Set<SHA256Digest>?
  /// The last message that it has taken in.
  private(set) var seen: Int64 = 0

  /// The run after the one of a number; nil when it was the last. Within a transaction.
  init?(after number: Int64, _ connection: SQLiteConnection, _ plans: inout PlanAudit) throws(SQLiteError) {
    let find = try connection.cached(
      """
      SELECT number, id, plan, status, started_ms, ended_ms, due_ms FROM runs
      WHERE number > ? AND \(RunInRemoval.isNone) ORDER BY number LIMIT 1
      """)
    defer { find.reset() }
    try find.bind(.integer(number))
    guard try find.step() else { return nil }
    self.number = find.integer(0)
    id = find.text(1)
    row = RunColumns(
      status: find.text(3), started: find.integer(4), ended: find.isNull(5) ? nil : find.integer(5),
      due: find.isNull(6) ? nil : find.integer(6))
    if let wrong = try plans.look(at: find.text(2), connection) { note(wrong.message, wrong.remedy) }
    do {
      let journal = try Self.journal(of: self.number, connection)
      try compare(with: journal.get(), connection)
    } catch let error as RunStoreError {
      note(error.message, error.kind == .newer ? .upgrade : .restore)
    } catch let error as SQLiteError {
      guard error.kind == .damaged else { throw error }
      note("its part of the database is damaged (\(error.message))", .restore)
    } catch {
      note("\(error)", .restore)
    }
  }

  private mutating func note(_ message: String, _ remedy: StoreFinding.Remedy) {
    findings.append(StoreFinding(run: id, message, remedy))
  }

  /// One batch in memory at a time.
  private static func journal(
    of run: Int64, _ connection: SQLiteConnection
  ) throws(SQLiteError) -> Result<JournalAudit, RunStoreError> {
    let read = try connection.cached("SELECT batch, events FROM journal WHERE run = ? ORDER BY batch")
    defer { read.reset() }
    try read.bind(.integer(run))
    var journal = JournalAudit()
    do {
      while try read.step() {
        let bytes = read.blob(1)
        var known: [SHA256Digest: Blob] = [:]
        let blobs = try BlobRows.blobs(of: bytes, connection, &known)
        try journal.add(JournalBatch(number: Int(read.integer(0)), bytes: bytes, blobs: blobs))
      }
      try journal.finish()
      return .success(journal)
    } catch let error as RunStoreError {
      return .failure(error)
    } catch let error as SQLiteError {
      throw error
    } catch {
      preconditionFailure("nothing else is thrown: \(error)")
    }
  }

  // MARK: - The row

  private mutating func compare(
    with journal: JournalAudit, _ connection: SQLiteConnection
  ) throws(SQLiteError) {
    seen = journal.seen
    let (wrong, right) = row.compared(with: journal, isAwaited: try lookIntoInbox(journal, connection))
    for message in wrong { note(message, .rebuild) }
    if right != row { repair = right }
    if try !BlobRows.areNoted(journal.references, of: number, connection) {
      note("its large values are not noted as its journal refers to them", .rebuild)
      used = journal.references
    }
  }

  /// Whether there are messages that the run has not taken in.
  private mutating func lookIntoInbox(
    _ journal: JournalAudit, _ connection: SQLiteConnection
  ) throws(SQLiteError) -> Bool {
    let read = try connection.cached("SELECT number, body FROM inbox WHERE run = ? ORDER BY number")
    defer { read.reset() }
    try read.bind(.integer(number))
    var isAwaited = false
    while try read.step() {
      let message = read.integer(0)
      if !Self.isMessage(read.blob(1)) { note("the message \(message) to it is damaged", .restore) }
      if message > journal.seen {
        isAwaited = true
      } else if !journal.received.contains(message) {
        note("it took in later messages than \(message), and never that one", .sendAgain)
      }
    }
    return isAwaited
  }

  static func isMessage(_ bytes: [UInt8]) -> Bool {
    guard let events = try? JournalCodec.decode(JournalBatch(number: 0, bytes: bytes)), events.count == 1 else {
      return false
    }
    if case .received = events[0].kind { return true }
    return false
  }
}
