import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import Glibc
import Testing

/// Stores in which something is wrong: it is found, and what can be derived is derived again.
struct StoreCheckTests {
  /// A store of this version with five runs: `order` that succeeded, `order` and `cut` whose process died, and two
  /// `asked` that wait, of which the second has been sent a message.
  static func store() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    folder.write(try #require(Repository.bytes(of: "Tests/Fixtures/stores/format-2.sqlite")), to: "store.sqlite")
    _ = try StoreSchema.open(folder.path + "/store.sqlite")
    return folder
  }

  static func alter(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000).execute(sql)
  }

  static func findings(_ folder: TemporaryFolder) throws -> [String] {
    var findings: [String] = []
    #expect(try StoreCheck.run(folder: folder.path) { findings.append($0.description) } == 5)
    return findings
  }

  private func backup(_ folder: TemporaryFolder) -> String { folder.path + "/backup.sqlite" }

  @Test(arguments: [
    (
      "UPDATE journal SET events = zeroblob(20) WHERE run = 2 AND batch = 1",
      "the run dffsabhdjqqkjnap: part 1 of its journal is damaged; restore the store from a backup"
    ),
    (
      "DELETE FROM journal WHERE run = 2 AND batch = 1",
      "the run dffsabhdjqqkjnap: part 1 of its journal is missing; restore the store from a backup"
    ),
    (
      "DELETE FROM journal WHERE run = 2",
      "the run dffsabhdjqqkjnap: its journal has no beginning; restore the store from a backup"
    ),
    (
      "UPDATE journal SET events = CAST('c' || substr(events, 2) AS BLOB) WHERE run = 2 AND batch = 1",
      "the run dffsabhdjqqkjnap: a later version of dxsh wrote part 1 of its journal; "
        + "use the version of dxsh that wrote it"
    ),
    (
      "INSERT INTO journal SELECT run, 5, events FROM journal WHERE run = 1 AND batch = 4",
      "the run 2rvjpeehar03yvwt: part 5 of its journal goes on after its end; restore the store from a backup"
    ),
    (
      "INSERT INTO journal SELECT run, 3, events FROM journal WHERE run = 2 AND batch = 0",
      "the run dffsabhdjqqkjnap: part 3 of its journal begins it again; restore the store from a backup"
    ),
    (
      "UPDATE plans SET body = zeroblob(9) WHERE hash = (SELECT plan FROM runs WHERE number = 3)",
      "the run zh2y2s6pexc2dghz: its plan is damaged; restore the store from a backup"
    ),
    (
      "UPDATE inbox SET body = zeroblob(9)",
      "the run 5tvf8j4m7kvg8dcn: the message 1 to it is damaged; restore the store from a backup"
    ),
  ])
  func whatIsDamagedIsFound(_ sql: String, _ finding: String) throws {
    let folder = try Self.store()
    #expect(try Self.findings(folder) == [])
    try Self.alter(folder, sql)
    #expect(try Self.findings(folder) == [finding])
    // Nothing tells what it was.
    let report = try StoreRebuild.run(folder: folder.path, backup: backup(folder))
    #expect(report.mended == 0 && report.backup == nil && report.rest.map(\.description) == [finding])
  }

  @Test func rowsThatBelongToNothingAreFound() throws {
    let folder = try Self.store()
    try Self.alter(folder, "PRAGMA foreign_keys = OFF; UPDATE journal SET run = 9 WHERE run = 2 AND batch > 0")
    #expect(try Self.findings(folder) == ["2 rows of journal have nothing in runs; restore the store from a backup"])
  }

  @Test(arguments: [
    ("UPDATE runs SET status = 'running' WHERE number = 1", "it is succeeded by its journal and running by its row"),
    ("UPDATE runs SET ended_ms = NULL WHERE number = 1", "its row has another end than its journal"),
    ("UPDATE runs SET ended_ms = ended_ms + 86500000 WHERE number = 1", "its row has another end than its journal"),
    ("UPDATE runs SET due_ms = 0 WHERE number = 1", "it has ended, and its row says that it has something to do"),
    ("UPDATE runs SET started_ms = 1 WHERE number = 1", "its row has another start than its journal"),
    ("UPDATE runs SET status = 'failed' WHERE number = 2", "it has not ended by its journal and is failed by its row"),
    ("UPDATE runs SET status = 'x' WHERE number = 2", "it has not ended by its journal and is x by its row"),
    ("UPDATE runs SET ended_ms = 1 WHERE number = 2", "it has not ended by its journal, and its row says when"),
    ("UPDATE runs SET due_ms = NULL WHERE number = 2", "it has something to do, and its row does not say so"),
    ("UPDATE runs SET due_ms = NULL WHERE number = 5", "it has something to do, and its row does not say so"),
  ])
  func aRowThatDisagreesIsMended(_ sql: String, _ finding: String) async throws {
    let folder = try Self.store()
    let before = try rows(folder)
    try Self.alter(folder, sql)
    let wrong = try rows(folder)
    #expect(try Self.findings(folder).map { $0.hasSuffix(": \(finding); `dxsh store rebuild` mends it") } == [true])
    let report = try StoreRebuild.run(folder: folder.path, backup: backup(folder))
    #expect(report.runs == 5 && report.mended == 1 && report.backup == backup(folder) && report.rest == [])
    #expect(wrong != before)
    #expect(try Self.findings(folder) == [])
    // What waited is due, so that its next process finds out what for.
    let mended = try rows(folder)
    #expect(zip(mended, before).allSatisfy { $0 == $1 || $0.hasSuffix("|running|-|0") }, "\(mended)")
    #expect(try rows(folder, in: "backup.sqlite") == wrong)
    #expect(try StoreRebuild.run(folder: folder.path, backup: backup(folder)).mended == 0)
  }

  /// Ends are compared roughly: the row has the time of the write, the journal that of the event.
  private func rows(_ folder: TemporaryFolder, in name: String = "store.sqlite") throws -> [String] {
    let connection = try SQLiteConnection("\(folder.path)/\(name)", .readWrite, busyTimeout: 10_000)
    let read = try connection.prepare(
      """
      SELECT id || '|' || started_ms || '|' || status || '|' || coalesce(ended_ms / 1000000, '-') || '|' ||
        coalesce(due_ms, '-') FROM runs ORDER BY number
      """)
    var rows: [String] = []
    while try read.step() { rows.append(read.text(0)) }
    return rows
  }

  /// What it was told too late stands behind its end, and so does what reopened it.
  @Test func aRunThatWasReopenedIsInOrder() async throws {
    let folder = try Self.store()
    func append(_ kinds: [RecordedEvent.Kind], _ batch: Int) throws {
      let events = kinds.map { RecordedEvent(path: "", kind: $0, at: RunStoreContractTests.start) }
      let bytes = JournalCodec.encode(events).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
      try Self.alter(folder, "INSERT INTO journal VALUES (1, \(batch), x'\(bytes)')")
    }
    try append([.received(.cancel, number: 1)], 5)
    #expect(try Self.findings(folder) == [])
    try append([.reopened(dropped: ["paid"]), .resumed], 6)
    #expect(
      try Self.findings(folder).map { $0.split(separator: "; ")[0] } == [
        "the run 2rvjpeehar03yvwt: it has not ended by its journal and is succeeded by its row"
      ])
    #expect(try StoreRebuild.run(folder: folder.path, backup: backup(folder)).mended == 1)
    #expect(try Self.findings(folder) == [])
    let copy = TemporaryFolder()
    try StoreExportTests.copy(folder, to: copy)
    #expect(try Self.findings(copy) == [])
    try append([.ended(.cancelled)], 7)
    try append([.resumed], 8)
    #expect(
      try Self.findings(folder) == [
        "the run 2rvjpeehar03yvwt: part 8 of its journal goes on after its end; restore the store from a backup"
      ])
  }

  /// A message with a number that a run has passed would never be taken in.
  @Test func numbersOfMessagesNeverGoBack() async throws {
    let folder = try Self.store()
    let batch = JournalCodec.encode([
      RecordedEvent(path: "", kind: .received(.cancel, number: 40), at: RunStoreContractTests.start)
    ])
    let hexadecimal = batch.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    try Self.alter(folder, "INSERT INTO journal VALUES (4, 2, x'\(hexadecimal)')")
    #expect(
      try Self.findings(folder) == [
        "the run gt3em7jbaa224c2p: a later message to it would have a number that it has seen; "
          + "`dxsh store rebuild` mends it"
      ])
    #expect(try StoreRebuild.run(folder: folder.path, backup: backup(folder)).mended == 1)
    #expect(try Self.findings(folder) == [])
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let number = try await store.send(
      .cancel, to: "gt3em7jbaa224c2p", deduplication: nil, at: RunStoreContractTests.start)
    #expect(number == 41)
  }

  @Test func aRebuildHasTheStoreForItself() async throws {
    let folder = try Self.store()
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let claim = try await store.claim("zh2y2s6pexc2dghz")
    let error = #expect(throws: RunStoreError.self) {
      try StoreRebuild.run(folder: folder.path, backup: backup(folder))
    }
    #expect(error?.kind == .taken)
    withExtendedLifetime(claim) {}
  }

  @Test func anEarlierFormatIsToBeMigratedFirst() throws {
    let folder = TemporaryFolder()
    folder.write(try #require(Repository.bytes(of: "Tests/Fixtures/stores/format-1.sqlite")), to: "store.sqlite")
    let error = #expect(throws: RunStoreError.self) { try StoreCheck.run(folder: folder.path) { _ in } }
    #expect(error?.message.hasSuffix("has format 1, and this version 7: say `dxsh store migrate` first") == true)
    #expect(try StoreSchema.version(of: folder.path + "/store.sqlite") == 1)
    _ = try StoreSchema.open(folder.path + "/store.sqlite")
    #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == 3)
  }

  @Test func aDamagedPageIsAFinding() throws {
    let folder = try Self.store()
    let path = folder.path + "/store.sqlite"
    try Self.alter(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    let size = try #require(Repository.bytes(of: path)).count
    for page in 1..<(size / 4096) {
      let copy = TemporaryFolder()
      var bytes = try #require(Repository.bytes(of: path))
      for offset in 0..<256 { bytes[page * 4096 + offset] = 0xEE }
      copy.write(bytes, to: "store.sqlite")
      var findings: [StoreFinding] = []
      _ = try StoreCheck.run(folder: copy.path) { findings.append($0) }
      #expect(findings.contains { $0.remedy == .restore }, "page \(page)")
    }
  }
}
