import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshSQLite
import DxshTime
import Glibc
import Testing

/// Steps that use one database at the same time, and what they are not to wait for.
@Suite struct SQLiteSharingTests {
  let database = TestDatabase()

  private func makeAccounts() async throws {
    try await database.execute(
      "CREATE TABLE a (n INTEGER)", "CREATE TABLE b (n INTEGER)", "INSERT INTO a VALUES (1000)",
      "INSERT INTO b VALUES (0)")
  }

  private static let total = "SELECT (SELECT n FROM a) + (SELECT n FROM b) AS total"

  @Test(arguments: ["delete", "wal"])
  func manyStepsAtATime(_ mode: String) async throws {
    try await makeAccounts()
    try database.open().execute("PRAGMA journal_mode = \(mode)")
    let database = database
    try await withThrowingTaskGroup { group in
      for task in 0..<8 {
        group.addTask {
          for step in 0..<10 {
            let changes = try await database.execute(
              ("UPDATE a SET n = n - ?", [.int(1)]), ("UPDATE b SET n = n + ?", [.int(1)]), key: "run/\(task)/\(step)")
            #expect(changes == 2)
            #expect(try await database.query(Self.total) == #"[{"total":1000}]"#)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await database.query("SELECT n FROM a UNION ALL SELECT n FROM b") == #"[{"n":920},{"n":80}]"#)
    #expect(try await database.query("SELECT count(*) AS n FROM _dxsh_fences") == #"[{"n":80}]"#)
    #expect(database.folder.names == ["a.db"])
  }

  @Test func aLockedDatabaseIsBusy() async throws {
    try await makeAccounts()
    let locking = try database.open()
    try locking.execute("BEGIN IMMEDIATE; UPDATE a SET n = 5")
    var impatient = database
    impatient.patience = TimeSpan(seconds: 0, nanoseconds: 20_000_000) ?? .zero
    #expect(
      await impatient.executeFailure("UPDATE a SET n = 6")
        == NodeFailure("busy", "somebody else has \"a.db\" locked, for longer than 20ms"))
    #expect(try await impatient.query("SELECT n FROM a") == #"[{"n":1000}]"#)
    try locking.execute("ROLLBACK; BEGIN EXCLUSIVE")
    #expect(await impatient.queryFailure("SELECT n FROM a")?.kind == "busy")
    try locking.execute("ROLLBACK")
    #expect(try await impatient.execute("UPDATE a SET n = 6") == 1)
  }

  /// Somebody who reads holds the COMMIT up, which is then taken back.
  @Test func aCommitThatFindsTheDatabaseLocked() async throws {
    try await makeAccounts()
    let reading = try database.open()
    try reading.execute("BEGIN; SELECT n FROM a")
    var impatient = database
    impatient.patience = TimeSpan(seconds: 0, nanoseconds: 20_000_000) ?? .zero
    #expect(await impatient.executeFailure("UPDATE a SET n = 6")?.kind == "busy")
    await #expect(throws: NodeFailure.self) { try await impatient.execute("UPDATE a SET n = 6", key: "k") }
    try reading.execute("COMMIT")
    #expect(try await impatient.query("SELECT n FROM a") == #"[{"n":1000}]"#)
    #expect(try await impatient.execute("UPDATE a SET n = 6", key: "k") == 1)
  }

  // MARK: - Cancellation

  /// Starts a step that writes and has no end, and returns when it has the lock.
  private func startEndlessStep() async throws -> Task<Int64, any Error> {
    let database = database
    let step = Task {
      try await database.execute(
        "UPDATE a SET n = 5",
        """
        INSERT INTO b WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n
        """, key: "endless")
    }
    let probe = try database.open(.readWrite, busyTimeout: 0)
    while (try? probe.execute("BEGIN IMMEDIATE; ROLLBACK")) != nil { sched_yield() }
    return step
  }

  @Test func aStatementWithoutEndIsInterruptedAndRolledBack() async throws {
    try await makeAccounts()
    let step = try await startEndlessStep()
    // A query does not wait for it, nor does it see what is not committed.
    #expect(try await database.query("SELECT n FROM a") == #"[{"n":1000}]"#)
    step.cancel()
    await #expect(throws: CancellationError.self) { try await step.value }
    #expect(try await database.execute("UPDATE a SET n = n + 1", key: "endless") == 1)
    #expect(try await database.query("SELECT n FROM a") == #"[{"n":1001}]"#)
  }

  @Test func aStepThatWaitsForItsTurnIsCancelled() async throws {
    try await makeAccounts()
    let endless = try await startEndlessStep()
    let database = database
    let waiting = (1...3).map { _ in Task { try await database.execute("UPDATE a SET n = 7") } }
    for step in waiting {
      step.cancel()
      await #expect(throws: CancellationError.self) { try await step.value }
    }
    let next = Task { try await database.execute("UPDATE a SET n = n + 1") }
    endless.cancel()
    await #expect(throws: CancellationError.self) { try await endless.value }
    #expect(try await next.value == 1)
    #expect(try await database.query("SELECT n FROM a") == #"[{"n":1001}]"#)
  }

  @Test func aStepThatWaitsForALockIsCancelled() async throws {
    try await makeAccounts()
    let locking = try database.open()
    try locking.execute("BEGIN EXCLUSIVE")
    var patient = database
    patient.patience = TimeSpan(seconds: 3600, nanoseconds: 0) ?? .zero
    let database = patient
    let writing = Task { try await database.execute("UPDATE a SET n = 7") }
    let reading = Task { try await database.query("SELECT n FROM a") }
    writing.cancel()
    reading.cancel()
    await #expect(throws: CancellationError.self) { try await writing.value }
    await #expect(throws: CancellationError.self) { try await reading.value }
    try locking.execute("COMMIT")
    #expect(try await database.query("SELECT n FROM a") == #"[{"n":1000}]"#)
  }
}
