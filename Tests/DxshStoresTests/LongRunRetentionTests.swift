import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// A run that has more than one transaction removes is there for nobody at once, and goes a slice at a time.
struct LongRunRetentionTests {
  private static let start = RunStoreContractTests.start
  private static let retention = Retention(keep: .zero, keepLast: 0)
  private static var now: Timestamp { start.adding(TimeSpan(nanoseconds: 1000 * Retention.day)) ?? start }

  /// Of `StoreCheckTests`, where the run that succeeded has so many batches, 3,000 messages and a plan of its own.
  private static func store(batches: Int) throws -> (folder: TemporaryFolder, long: String, run: Int64) {
    let folder = try StoreCheckTests.store()
    let run = try number("SELECT number FROM runs WHERE status = 'succeeded'", folder)
    try StoreCheckTests.alter(
      folder,
      """
      INSERT INTO plans SELECT 'long', body FROM plans LIMIT 1;
      UPDATE runs SET plan = 'long' WHERE number = \(run);
      WITH RECURSIVE n(i) AS (SELECT max(batch) + 1 FROM journal WHERE run = \(run)
        UNION ALL SELECT i + 1 FROM n WHERE i < \(batches - 1))
      INSERT INTO journal SELECT \(run), i, x'00' FROM n;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO inbox (run, body, sent_ms) SELECT \(run), x'00', 0 FROM n
      """)
    return (folder, try text("SELECT id FROM runs WHERE number = \(run)", folder), run)
  }

  private static func text(_ sql: String, _ folder: TemporaryFolder) throws -> String {
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    let read = try connection.prepare(sql)
    return try read.step() ? read.text(0) : ""
  }

  private static func number(_ sql: String, _ folder: TemporaryFolder) throws -> Int64 {
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    let read = try connection.prepare(sql)
    return try read.step() ? read.integer(0) : -1
  }

  private static func rows(of run: Int64, _ folder: TemporaryFolder) throws -> Int64 {
    try number(
      "SELECT (SELECT count(*) FROM journal WHERE run = \(run)) + (SELECT count(*) FROM inbox WHERE run = \(run))",
      folder)
  }

  @Test func eachTransactionRemovesABoundedNumberOfRows() async throws {
    let (folder, long, run) = try Self.store(batches: 100_000)
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let other = try SQLiteRunStore(folder: folder.path, creating: false)
    let left = Mutex([try Self.rows(of: run, folder)])
    let report = try await store.vacuum(Self.retention, at: Self.now) {
      // Another process writes between two of them, and does not find the run.
      let number = left.withLock { steps in
        steps.append((try? Self.rows(of: run, folder)) ?? -1)
        return steps.count
      }
      return await Self.write("between\(number)", to: other, without: long)
    }
    #expect(report.runs == 1 && report.plans == 1)
    let steps = left.withLock { $0 }
    #expect(steps.first == 103_000 && steps[1] == 103_000 && steps.contains(0) && steps.count > 50)
    for (before, after) in zip(steps, steps.dropFirst()) { #expect(before - after <= 2000) }
    #expect(try Self.number("SELECT count(*) FROM runs WHERE number = \(run)", folder) == 0)
    #expect(try Self.number("SELECT count(*) FROM runs WHERE workflow = 'other'", folder) == Int64(steps.count - 1))
  }

  /// Creates a run; false when the store refuses, or when the other run is there.
  private static func write(_ id: String, to store: SQLiteRunStore, without long: String) async -> Bool {
    let run = NewRun(
      id: id, workflow: "other", key: nil, plan: Array("{}".utf8), planHash: "other", directory: "/",
      startedAt: now, firstBatch: RunHistory(input: [], startedAt: now).firstBatch)
    guard case .created? = try? await store.create(run) else { return false }
    return (try? await store.run(long)) == nil
  }

  /// Whoever was at it has died after any of its transactions: the store is whole, and the next one goes on.
  @Test(arguments: [1, 2, 4, 7])
  func anotherProcessGoesOnAfterADeath(_ transactions: Int) async throws {
    let (folder, long, run) = try Self.store(batches: 9000)
    do {
      let store = try SQLiteRunStore(folder: folder.path, creating: false)
      let count = Mutex(0)
      let report = try await store.vacuum(Self.retention, at: Self.now) {
        count.withLock { count in
          count += 1
          return count < transactions
        }
      }
      #expect(report.runs == 1 && report.plans == 0)
    }
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    #expect(try Self.rows(of: run, folder) == max(12_000 - 2000 * Int64(transactions - 1), 0))
    // It is there for nobody.
    #expect(try await store.runs(limit: 9).count == 4)
    for prefix in [long, "~\(run)", "~"] {
      await #expect(throws: RunStoreError.self) { try await store.run(prefix) }
    }
    #expect(try await store.removable(by: Self.retention, at: Self.now).isEmpty)
    #expect(try StoreExport.run(folder: folder.path) { _ throws(RunStoreError) in } == 4)
    #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == 4)
    let report = try await store.vacuum(Self.retention, at: Self.now)
    #expect(report.runs == 0 && report.plans == 1)
    #expect(try Self.rows(of: run, folder) == 0)
    #expect(try Self.number("SELECT count(*) FROM runs", folder) == 4)
  }

  @Test func whatIsKnownOfRatesIsForgottenWhenItIsLongOver() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    let hour: Int64 = 3_600_000_000_000
    let now = Self.now
    let nanoseconds = now.since(.epoch).clampedNanoseconds
    for (key, promised, begun) in [
      ("over", nanoseconds - 25 * hour, "\(nanoseconds - 26 * hour)"), ("unused", nanoseconds - 25 * hour, "NULL"),
      ("today", nanoseconds - 23 * hour, "\(nanoseconds - 26 * hour)"), ("promised", nanoseconds + hour, "NULL"),
    ] {
      try StoreCheckTests.alter(folder, "INSERT INTO rates VALUES ('\(key)', \(promised), \(begun))")
    }
    try StoreCheckTests.alter(
      folder,
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
      INSERT INTO rates SELECT 'many' || i, 1, 1 FROM n
      """)
    #expect(try await store.vacuum(Self.retention, at: now).rates == 5002)
    #expect(try Self.number("SELECT count(*) FROM rates WHERE key IN ('today', 'promised')", folder) == 2)
    #expect(try await store.vacuum(Self.retention, at: now).rates == 0)
  }
}
