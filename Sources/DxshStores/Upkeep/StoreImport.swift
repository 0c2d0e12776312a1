import DxshPlan
package import DxshRuntime
import DxshSQLite

/// Adds the runs of an exported store to a store. What arrives of a run is gathered beside the store; when it is whole
/// and right, it is added in one transaction, so that nobody waits for whoever sends the lines.
package final class StoreImport {
  package struct Report: Sendable, Equatable {
    package var imported: Int
    package var skipped: Int

    package init(imported: Int = 0, skipped: Int = 0) {
      self.imported = imported
      self.skipped = skipped
    }
  }

  /// Where it stopped.
  package struct Failure: Error, Equatable {
    /// From 1; nil where the store failed.
    package var line: Int?
    package var message: String
  }

  /// The longest line that is read, in bytes.
  package static var lineLimit: Int { StoreLine.limit }

  /// The most bytes of one batch, plan or message.
  private static let bodyLimit = 256 << 20

  /// A run of which some lines have come.
  private struct Arriving {
    var run: ExportedRun
    var journal = JournalAudit()
    /// The large values that have come.
    var values: Set<SHA256Digest> = []
    var messages: [Int64] = []
    /// It is there already: its lines are read and dropped.
    var isSkipped: Bool

    var isWhole: Bool { Int64(journal.batches) == run.batches && Int64(messages.count) == run.messages }
  }

  package private(set) var report = Report()
  private let connection: SQLiteConnection
  private let path: String
  private let skipExisting: Bool
  private var lines: LineReader
  private var plan: (hash: String, body: [UInt8])?
  private var arriving: Arriving?
  /// The bytes of a body of which more come, and the line that they began with, without them.
  private var body: (owner: StoreLine, bytes: [UInt8])?

  /// - skipExisting: whether a run that is in the store is left out; else it is an error
  /// - creating: makes the folder and the store where there are none
  package init(
    folder: String, creating: Bool, from lines: LineReader, skipExisting: Bool
  ) throws(RunStoreError) {
    if creating { try StateFolder.make(folder) }
    path = StoreFolder.database(in: folder)
    connection = try StoreSchema.open(path)
    self.skipExisting = skipExisting
    self.lines = lines
  }

  /// To be called once. What was imported before it throws is there.
  package func run() throws(Failure) -> Report {
    do {
      try connection.execute(
        """
        CREATE TEMP TABLE arriving_journal (batch INTEGER PRIMARY KEY, events BLOB NOT NULL) STRICT;
        CREATE TEMP TABLE arriving_blobs (hash BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
        CREATE TEMP TABLE arriving_inbox (
          number INTEGER PRIMARY KEY, body BLOB NOT NULL, deduplication TEXT, sent_ms INTEGER NOT NULL) STRICT
        """)
      guard case .head(let version)? = try next() else {
        throw StoreLine.Mistake(message: "this is no exported store: its first line has `dxsh_store`")
      }
      guard (1...StoreLine.version).contains(version) else {
        throw StoreLine.Mistake(message: "a later version of dxsh wrote this (form \(version)): use that version")
      }
      while let line = try next() {
        if case .end(let runs) = line {
          try finish(runs)
          return report
        }
        try take(line)
      }
      throw StoreLine.Mistake(message: "the lines end too early: the last one has `end`")
    } catch let mistake as StoreLine.Mistake {
      throw Failure(line: lines.line, message: mistake.message)
    } catch let error as SQLiteError {
      throw Failure(line: nil, message: RunStoreError(error, path).message)
    } catch {
      let message = (error as? RunStoreError)?.message ?? "\(error)"
      throw Failure(line: lines.line, message: message)
    }
  }

  private func next() throws -> StoreLine? {
    guard let text = try lines.next() else { return nil }
    return try StoreLine(text)
  }

  private func finish(_ runs: Int64) throws {
    try expectNothing("the end")
    guard runs == Int64(report.imported + report.skipped) else {
      throw StoreLine.Mistake(
        message: "there should be \(runs) runs before it, and there are \(report.imported + report.skipped)")
    }
    if try lines.next() != nil { throw StoreLine.Mistake(message: "something comes after the end") }
  }

  private func take(_ line: StoreLine) throws {
    switch line {
    case .head: throw StoreLine.Mistake(message: "the lines begin a second time")
    case .plan(let hash, let part):
      try expectNothing("a plan", orPartOf: .plan(hash: hash, .init(bytes: [])))
      guard let bytes = try whole(part, of: .plan(hash: hash, .init(bytes: []))) else { return }
      if let wrong = PlanAudit.problem(of: bytes, hash: hash) {
        throw StoreLine.Mistake(message: "the plan is not right: \(wrong.message)")
      }
      plan = (hash, bytes)
    case .run(let run):
      try expectNothing("a run")
      try begin(run)
    case .value(let hash, let part):
      guard let bytes = try whole(part, of: .value(hash: hash, .init(bytes: []))) else { return }
      try add(Blob(bytes), hash)
    case .batch(let number, let part):
      guard let bytes = try whole(part, of: .batch(number: number, .init(bytes: []))) else { return }
      try add(JournalBatch(number: Int(number), bytes: bytes))
    case .message(let number, let deduplication, let sent, let part):
      let owner = StoreLine.message(number: number, deduplication: deduplication, sent: sent, .init(bytes: []))
      guard let bytes = try whole(part, of: owner) else { return }
      try addMessage(number, deduplication, sent, bytes)
    case .end: break
    }
    try addRunWhenWhole()
  }

  /// The body of a line with what came of it before; nil while more comes.
  private func whole(_ part: StoreLine.Part, of owner: StoreLine) throws -> [UInt8]? {
    if let body, body.owner != owner { throw StoreLine.Mistake(message: "it does not go on with the line before") }
    var bytes = body?.bytes ?? []
    // Else they would be copied for each part.
    body = nil
    bytes += part.bytes
    guard bytes.count <= Self.bodyLimit else {
      throw StoreLine.Mistake(message: "its bytes are more than \(Self.bodyLimit >> 20) MiB")
    }
    body = part.isContinued ? (owner, bytes) : nil
    return part.isContinued ? nil : bytes
  }

  private func expectNothing(_ what: String, orPartOf owner: StoreLine? = nil) throws {
    if let body, body.owner != owner { throw StoreLine.Mistake(message: "it does not go on with the line before") }
    guard let arriving else { return }
    throw StoreLine.Mistake(
      message: "\(what) comes before all of the run \(arriving.run.id): \(arriving.journal.batches) of "
        + "\(arriving.run.batches) batches, \(arriving.messages.count) of \(arriving.run.messages) messages")
  }
}

// MARK: - A run

extension StoreImport {
  private func begin(_ run: ExportedRun) throws {
    guard Self.isIdentifier(run.id) else {
      throw StoreLine.Mistake(message: "`run` is not an identifier: 1 to 64 letters, digits, `-` or `_`")
    }
    let exists = try exists("SELECT 1 FROM runs WHERE id = ?", [.text(run.id)])
    let hasKey =
      try run.key.map { key in
        try self.exists("SELECT 1 FROM runs WHERE workflow = ? AND key = ?", [.text(run.workflow), .text(key)])
      } ?? false
    if exists || hasKey, !skipExisting {
      let what = exists ? "the run \(run.id)" : "a run of \(run.workflow) with the key \(run.key ?? "")"
      throw StoreLine.Mistake(message: "\(what) is in the store; leave out such runs with --skip-existing")
    }
    if plan?.hash != run.plan, !(try self.exists("SELECT 1 FROM plans WHERE hash = ?", [.text(run.plan)])) {
      throw StoreLine.Mistake(message: "the plan of the run \(run.id) has not come before it")
    }
    try connection.execute("DELETE FROM arriving_journal; DELETE FROM arriving_blobs; DELETE FROM arriving_inbox")
    arriving = Arriving(run: run, isSkipped: exists || hasKey)
  }

  private static func isIdentifier(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  private func exists(_ sql: String, _ cells: [SQLiteStatement.Cell]) throws(SQLiteError) -> Bool {
    let find = try connection.cached(sql)
    defer { find.reset() }
    try find.bind(cells)
    return try find.step()
  }

  private func add(_ value: Blob, _ hash: String) throws {
    guard let arriving, Int64(arriving.journal.batches) < arriving.run.batches else {
      throw StoreLine.Mistake(message: "the value belongs to no run")
    }
    guard value.digest.hexadecimal == hash else { throw StoreLine.Mistake(message: "the value is damaged") }
    guard self.arriving?.values.insert(value.digest).inserted == true else {
      throw StoreLine.Mistake(message: "the value comes a second time")
    }
    let insert = try connection.cached("INSERT INTO arriving_blobs (hash, bytes) VALUES (?, ?)")
    try insert.bind(.blob(value.digest.bytes), .blob(value.bytes))
    try insert.run()
  }

  private func add(_ batch: JournalBatch) throws {
    guard let run = arriving?.run, Int64(arriving?.journal.batches ?? 0) < run.batches else {
      throw StoreLine.Mistake(message: "the batch belongs to no run")
    }
    var batch = batch
    var known: [SHA256Digest: Blob] = [:]
    batch.blobs = try BlobRows.blobs(of: batch.bytes, connection, &known, from: .arriving)
    do throws(RunStoreError) {
      try arriving?.journal.add(batch)
    } catch {
      throw StoreLine.Mistake(message: "the run \(run.id): \(error.message)")
    }
    if arriving?.isSkipped == true { return }
    let insert = try connection.cached("INSERT INTO arriving_journal VALUES (?, ?)")
    try insert.bind(.integer(Int64(batch.number)), .blob(batch.bytes))
    try insert.run()
  }

  private func addMessage(_ number: Int64, _ deduplication: String?, _ sent: Int64, _ bytes: [UInt8]) throws {
    guard let run = arriving?.run, Int64(arriving?.journal.batches ?? 0) == run.batches else {
      throw StoreLine.Mistake(message: "the message belongs to no run")
    }
    guard number > arriving?.messages.last ?? 0 else {
      throw StoreLine.Mistake(message: "messages have numbers above zero, and come in their order")
    }
    guard RunAudit.isMessage(bytes) else { throw StoreLine.Mistake(message: "the message is damaged") }
    arriving?.messages.append(number)
    if arriving?.isSkipped == true { return }
    let insert = try connection.cached("INSERT INTO arriving_inbox VALUES (?, ?, ?, ?)")
    try insert.bind(.integer(number), .blob(bytes), deduplication.map { .text($0) } ?? .null, .integer(sent))
    try insert.run()
  }

  private func addRunWhenWhole() throws {
    guard let arriving, arriving.isWhole, body == nil else { return }
    do throws(RunStoreError) {
      try arriving.journal.finish()
    } catch {
      throw StoreLine.Mistake(message: "the run \(arriving.run.id): \(error.message)")
    }
    guard arriving.values == arriving.journal.references else {
      throw StoreLine.Mistake(message: "the run \(arriving.run.id): its journal does not refer to all of its values")
    }
    let isAwaited = arriving.messages.last ?? 0 > arriving.journal.seen
    let (wrong, _) = arriving.run.columns.compared(with: arriving.journal, isAwaited: isAwaited)
    if let wrong = wrong.first { throw StoreLine.Mistake(message: "the run \(arriving.run.id): \(wrong)") }
    self.arriving = nil
    guard !arriving.isSkipped else {
      report.skipped += 1
      return
    }
    let numbers = arriving.journal.received.union(arriving.messages)
    let run = ArrivedRun(connection, arriving.run, plan: plan?.hash == arriving.run.plan ? plan?.body : nil)
    do {
      try connection.execute("BEGIN IMMEDIATE")
      try run.add(messages: numbers.sorted())
      try connection.execute("COMMIT")
    } catch {
      if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
      throw error
    }
    report.imported += 1
  }
}
