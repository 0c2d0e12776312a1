import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import DxshTime
import Testing

/// Large values of journals in a store on disk: each is there once, as long as a run uses it.
struct BlobTests {
  private static let start = RunStoreContractTests.start
  private static let later = start.adding(TimeSpan(nanoseconds: 3_600_000_000_000)) ?? start

  private static func text(_ letter: String, _ count: Int = 20_000) -> Value {
    .text(String(repeating: letter, count: count))
  }

  /// A run that ended with a value.
  @discardableResult
  private func end(_ id: String, with value: Value, in store: any RunStore) async throws -> JournalBatch {
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run(id), in: store)
    let batch = JournalBatch(
      number: 1,
      [
        RecordedEvent(path: "a", kind: .succeeded(value), at: Self.start),
        RecordedEvent(path: "", kind: .ended(.succeeded(value)), at: Self.start),
      ])
    try await store.append(batch, to: id, RunState(.succeeded, at: Self.start))
    withExtendedLifetime(claim) {}
    return batch
  }

  private func count(_ table: String, _ folder: TemporaryFolder) throws -> Int64 {
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    let read = try connection.prepare("SELECT count(*) FROM \(table)")
    return try read.step() ? read.integer(0) : -1
  }

  /// The plans of these runs are no plans; everything else has to be right.
  private func findings(_ folder: TemporaryFolder) throws -> [String] {
    var found: [String] = []
    _ = try StoreCheck.run(folder: folder.path) { finding in
      if !finding.message.contains("plan") { found.append(finding.description) }
    }
    return found
  }

  @Test func aLargeResultOfTwoRunsIsKeptOnce() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    let megabyte = Value.text(String((0..<(1 << 18)).map { "\($0 % 10)abc" }.joined()))
    try await end("r1", with: megabyte, in: store)
    try StoreCheckTests.alter(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    let before = try #require(Repository.bytes(of: folder.path + "/store.sqlite")).count
    for number in 2...5 {
      try await end("r\(number)", with: .list([.int(Int64(number)), megabyte]), in: store)
    }
    try StoreCheckTests.alter(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    let after = try #require(Repository.bytes(of: folder.path + "/store.sqlite")).count
    #expect((1 << 20..<(1 << 20) + 200_000).contains(before), "\(before)")
    #expect(after - before < 50_000)
    for number in 2...5 {
      let history = try RunHistory(try await store.journal(of: "r\(number)"))
      #expect(history.outcome == .succeeded(.list([.int(Int64(number)), megabyte])))
    }
    #expect(try findings(folder) == [])
  }

  @Test(arguments: [
    ("UPDATE blobs SET bytes = zeroblob(9000)", "is damaged"),
    ("PRAGMA foreign_keys = OFF; DELETE FROM blob_uses; DELETE FROM blobs", "is missing"),
  ])
  func aValueThatIsNotWhatItWasIsFound(_ sql: String, _ words: String) async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    let batch = try await end("r1", with: Self.text("x"), in: store)
    #expect(try findings(folder) == [])
    try StoreCheckTests.alter(folder, sql)
    let digest = try #require(batch.blobs.first).digest.hexadecimal.prefix(12)
    #expect(
      try findings(folder) == [
        "the run r1: the value \(digest), which part 1 of its journal refers to, \(words); "
          + "restore the store from a backup"
      ])
    let error = await #expect(throws: RunStoreError.self) { try RunHistory(try await store.journal(of: "r1")) }
    #expect(error?.kind == .damaged && error?.message.contains("of the journal refers to, \(words); restore") == true)
  }

  /// What runs use can be derived again; until then it would be removed.
  @Test func whatRunsUseIsDerivedAgain() async throws {
    let folder = TemporaryFolder()
    do {
      let store = try SQLiteRunStore(folder: folder.path, creating: true)
      for id in ["r1", "r2"] { try await end(id, with: .list([Self.text("x"), Self.text(id)]), in: store) }
    }
    #expect(try count("blob_uses", folder) == 4)
    try StoreCheckTests.alter(
      folder, "DELETE FROM blob_uses WHERE run = 1; UPDATE blob_uses SET run = 1 WHERE blob = 1")
    let finding = "its large values are not noted as its journal refers to them; `dxsh store rebuild` mends it"
    #expect(try findings(folder) == ["r1", "r2"].map { "the run \($0): \(finding)" })
    var mended: Int?
    while mended == nil {
      do throws(RunStoreError) {
        mended = try StoreRebuild.run(folder: folder.path, backup: folder.path + "/backup.sqlite").mended
      } catch {
        // A store is given back some time after its end.
        guard error.kind == .taken else { throw error }
        await Task.yield()
      }
    }
    #expect(mended == 2)
    #expect(try findings(folder) == [])
    #expect(try count("blob_uses", folder) == 4)
  }

  // MARK: - Removing

  private static let everything = Retention(keep: .zero, keepLast: 0)

  @Test func whatNoRunUsesIsRemoved() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    for id in ["r1", "r2", "r3"] { try await end(id, with: .list([Self.text("x"), Self.text(id)]), in: store) }
    #expect(try count("blobs", folder) == 4)
    let report = try await store.vacuum(Self.everything, at: Self.later)
    #expect(report.runs == 2 && report.values == 2)
    #expect(try count("blobs", folder) == 2 && count("blob_uses", folder) == 2)
    #expect(try findings(folder) == [])
    // One that died between the two leaves what the next one finds.
    try StoreCheckTests.alter(folder, "INSERT INTO blobs (hash, bytes) VALUES (zeroblob(32), zeroblob(9000))")
    #expect(try StoreCheck.unusedValues(folder: folder.path) == 1)
    #expect(try await store.vacuum(Self.everything, at: Self.later).values == 1)
    #expect(try StoreCheck.unusedValues(folder: folder.path) == 0)
  }

  /// More of them, and more bytes, than one transaction removes.
  @Test func manyValuesAreRemovedInChunks() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true, durability: .none)
    let values = (0..<2500).map { Value.text("\($0)" + String(repeating: "v", count: 9000)) }
    try await end("r1", with: .list(values), in: store)
    try await end("r2", with: .list(Array(values.prefix(3))), in: store)
    // The list itself is one too.
    #expect(try count("blobs", folder) == 2501)
    #expect(try await store.vacuum(Self.everything, at: Self.later).values == 2498)
    #expect(try RunHistory(try await store.journal(of: "r2")).outcome == .succeeded(.list(Array(values.prefix(3)))))
  }

  /// Another process refers to a value when the last run that used it has just gone, and when the value has.
  @Test func aValueThatIsUsedAgainStaysOrComesBack() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    let other = try SQLiteRunStore(folder: folder.path, creating: true)
    try await end("r1", with: Self.text("x"), in: store)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r2"), in: other)
    let batch = JournalBatch(
      number: 1, [RecordedEvent(path: "a", kind: .succeeded(Self.text("x")), at: Self.start)])
    let state = RunState(.running, at: Self.start, dueAt: .epoch)
    let report = try await store.vacuum(Self.everything, at: Self.later) {
      if (try? await other.journal(of: "r2").count) == 1 { try? await other.append(batch, to: "r2", state) }
      return true
    }
    #expect(report.runs == 1 && report.values == 0)
    #expect(try await other.journal(of: "r2").last?.blobs == batch.blobs)
    try StoreCheckTests.alter(folder, "DELETE FROM blob_uses; DELETE FROM blobs")
    var again = batch
    again.number = 2
    try await other.append(again, to: "r2", state)
    #expect(
      try RunHistory(try await other.journal(of: "r2")).events.suffix(2).map(\.kind).allSatisfy {
        $0 == .succeeded(Self.text("x"))
      })
    withExtendedLifetime(claim) {}
  }

  /// Runs that use the same values come and go while another process removes what no run uses.
  @Test func valuesAreRemovedBesideWriters() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true, durability: .none)
    let other = try SQLiteRunStore(folder: folder.path, creating: true, durability: .none)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<3 {
        group.addTask {
          for number in 0..<40 {
            let value = Value.list([Self.text("\(number % 4)"), Self.text("\(writer)")])
            try await self.end("r\(writer)_\(number)", with: value, in: writer == 0 ? store : other)
          }
        }
      }
      group.addTask {
        for _ in 0..<40 { _ = try await other.vacuum(Self.everything, at: Self.later, sweepsFiles: false) }
      }
      try await group.waitForAll()
    }
    #expect(try findings(folder) == [])
    for run in try await store.runs(limit: 999) { _ = try RunHistory(try await store.journal(of: run.id)) }
    _ = try await store.vacuum(Self.everything, at: Self.later)
    #expect(try StoreCheck.unusedValues(folder: folder.path) == 0)
    #expect(try count("blobs", folder) <= 2)
  }

  /// What is found of unused values, and who uses one, is found in indexes.
  @Test func nothingIsReadToFindWhatIsUnused() async throws {
    let folder = TemporaryFolder()
    _ = try SQLiteRunStore(folder: folder.path, creating: true)
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    let plan = try connection.prepare(
      """
      EXPLAIN QUERY PLAN SELECT hash, number, EXISTS (SELECT 1 FROM blob_uses WHERE blob = number) FROM blobs
      WHERE hash > x'' ORDER BY hash LIMIT 9
      """)
    var lines: [String] = []
    while try plan.step() { lines.append(plan.text(3)) }
    #expect(lines.contains { $0.contains("SEARCH blobs USING COVERING INDEX") }, "\(lines)")
    #expect(lines.contains { $0.contains("blob_uses_by_blob") }, "\(lines)")
  }
}
