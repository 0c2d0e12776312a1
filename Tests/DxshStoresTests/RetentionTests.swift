import DxshExpressions
import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import DxshTime
import Glibc
import Synchronization
import Testing

/// What is removed of a store, and what never is.
struct RetentionTests {
  private static let start = RunStoreContractTests.start
  private static func later(hours: Int64) -> Timestamp {
    start.adding(TimeSpan(nanoseconds: hours * 3_600_000_000_000)) ?? start
  }
  private static func hours(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count * 3_600_000_000_000) }

  private static func newRun(_ id: String, _ workflow: String, plan: String) -> NewRun {
    let history = RunHistory(input: [.int(7)], startedAt: start)
    return NewRun(
      id: id, workflow: workflow, key: nil, plan: Array(plan.utf8), planHash: plan, directory: "/work",
      startedAt: start, firstBatch: history.firstBatch)
  }

  /// A run that ended so many hours after the start.
  private func end(
    _ id: String, of workflow: String = "w", plan: String = "p", afterHours hours: Int64, _ store: SQLiteRunStore
  ) async throws {
    let claim = try await RunStoreContractTests.begin(Self.newRun(id, workflow, plan: plan), in: store)
    let at = Self.later(hours: hours)
    let event = RecordedEvent(path: "", kind: .ended(.succeeded(.none)), at: at)
    try await store.append(
      JournalBatch(number: 1, bytes: JournalCodec.encode([event])), to: id, RunState(.succeeded, at: at))
    withExtendedLifetime(claim) {}
  }

  private func counts(_ folder: TemporaryFolder) throws -> [Int64] {
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    return try ["runs", "journal", "inbox", "plans"].map { table in
      let read = try connection.prepare("SELECT count(*) FROM \(table)")
      return try read.step() ? read.integer(0) : -1
    }
  }

  @Test func eitherRuleKeepsARun() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true, durability: .none)
    for hour in 1...6 { try await end("a\(hour)", of: "a", plan: "pa\(hour)", afterHours: Int64(hour), store) }
    for hour in 1...3 { try await end("b\(hour)", of: "b", plan: "pb", afterHours: Int64(hour), store) }
    let claim = try await RunStoreContractTests.begin(Self.newRun("a7", "a", plan: "pa1"), in: store)
    // It ends ten hours in; what ended in the first four is older than six.
    let retention = Retention(keep: Self.hours(6), keepLast: 3)
    let expected = try await store.removable(by: retention, at: Self.later(hours: 10))
    #expect(expected.map(\.workflow) == ["a"] && expected.map(\.runs) == [3])
    let report = try await store.vacuum(retention, at: Self.later(hours: 10))
    #expect(report.runs == 3 && report.plans == 2)
    #expect(try await store.runs(limit: 99).map(\.id) == ["a7", "b3", "b2", "b1", "a6", "a5", "a4"])
    #expect(try counts(folder) == [7, 13, 0, 5])
    #expect(try await store.vacuum(retention, at: Self.later(hours: 10)).runs == 0)
    #expect(try await store.vacuum(Retention(), at: Self.later(hours: 9999)).runs == 0)
    withExtendedLifetime(claim) {}
  }

  @Test func whatIsUnderWayIsNeverRemoved() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    let other = try SQLiteRunStore(folder: folder.path, creating: true)
    for id in ["r1", "r2", "r3"] { try await end(id, afterHours: 1, store) }
    for (id, status) in [("r4", RunStatus.waiting), ("r5", .paused), ("r6", .running)] {
      let claim = try await RunStoreContractTests.begin(Self.newRun(id, "w", plan: "p"), in: store)
      try await store.append(RunStoreContractTests.batch(1), to: id, RunState(status, at: Self.start))
      withExtendedLifetime(claim) {}
    }
    // Somebody looks at one that has ended, as `resume` does before it knows; others rows lie.
    let claim = try await other.claim("r2")
    #expect(claim != nil)
    try StoreCheckTests.alter(folder, "UPDATE runs SET ended_ms = 1 WHERE id = 'r5'")
    let report = try await store.vacuum(Retention(keep: .zero, keepLast: 0), at: Self.later(hours: 99))
    #expect(report.runs == 2)
    #expect(try await store.runs(limit: 9).map(\.id) == ["r6", "r5", "r4", "r2"])
    withExtendedLifetime(claim) {}
  }

  /// A new run never has the number of one before: a claim of that may still be given back.
  @Test func theLastRunStays() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    for id in ["r1", "r2"] { try await end(id, afterHours: 1, store) }
    #expect(try await store.vacuum(Retention(keep: .zero, keepLast: 0), at: Self.later(hours: 99)).runs == 1)
    #expect(try await store.runs(limit: 9).map(\.id) == ["r2"])
  }

  @Test func manyRunsGoInChunksAndTheirRoomIsGivenBack() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true, durability: .none)
    for number in 0..<1300 { try await end("r\(number)", afterHours: Int64(number % 7), store) }
    try await end("last", afterHours: 50, store)
    let filler = "UPDATE journal SET events = zeroblob(3000) WHERE batch = 1 AND run % 2 = 0"
    try StoreCheckTests.alter(folder, filler)
    let pauses = Atomic(0)
    let retention = Retention(keep: .zero, keepLast: 1)
    // It stops where it is told to, and another goes on.
    let first = try await store.vacuum(retention, at: Self.later(hours: 99)) {
      pauses.add(1, ordering: .relaxed)
      return false
    }
    #expect(first.runs == 500 && pauses.load(ordering: .relaxed) == 1)
    let second = try await store.vacuum(retention, at: Self.later(hours: 99))
    #expect(second.runs == 800)
    #expect(second.bytes > 1 << 20)
    #expect(try counts(folder) == [1, 2, 0, 1])
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    let free = try connection.prepare("PRAGMA freelist_count")
    #expect(try free.step() && free.integer(0) == 0)
    // What is in the log yet comes into the file.
    try StoreCheckTests.alter(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    let size = try #require(Repository.bytes(of: folder.path + "/store.sqlite")).count
    #expect(size < 200_000)
  }

  /// One transaction removes no more than a bounded number of batches.
  @Test func longJournalsGoAFewAtATime() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true, durability: .none)
    for number in 0..<4 { try await end("r\(number)", afterHours: 1, store) }
    try StoreCheckTests.alter(
      folder,
      """
      WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1499)
      INSERT INTO journal SELECT r.number, n.i, x'00' FROM runs r, n
      """)
    let report = try await store.vacuum(Retention(keep: .zero, keepLast: 0), at: Self.later(hours: 99)) { false }
    #expect(report.runs == 2)
    #expect(try await store.vacuum(Retention(keep: .zero, keepLast: 0), at: Self.later(hours: 99)).runs == 1)
  }

  @Test func whatMayGoIsFoundInAnIndex() throws {
    let folder = try StoreCheckTests.store()
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    for sql in [
      "SELECT number FROM runs WHERE workflow = 'w' AND ended_ms < 9 AND ended_ms >= 1 ORDER BY ended_ms, number",
      "SELECT ended_ms FROM runs WHERE workflow = 'w' AND ended_ms IS NOT NULL ORDER BY ended_ms DESC LIMIT 1",
      "DELETE FROM plans WHERE hash = 'h' AND NOT EXISTS (SELECT 1 FROM runs WHERE plan = 'h')",
    ] {
      let plan = try connection.prepare("EXPLAIN QUERY PLAN " + sql)
      while try plan.step() { #expect(!plan.text(3).hasPrefix("SCAN runs"), "\(plan.text(3))") }
    }
  }

  // MARK: - Lines

  @Test func linesGoWithTheirRuns() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    let logs = try #require(store.logs)
    for id in ["r1", "r2", "r3"] { try await end(id, afterHours: 1, store) }
    let retention = Retention(keep: .zero, keepLast: 1)
    #expect(try await store.vacuum(retention, at: Self.later(hours: 99)).runs == 2)
    #expect(!folder.names(in: ".").contains("logs.sqlite"))
    for id in ["r4", "r5"] { try await end(id, afterHours: 2, store) }
    // Of `gone` only the lines were left when somebody died.
    for id in ["r3", "r4", "r5", "gone"] { logs.add(Self.line(of: id), of: id) }
    await logs.flush()
    #expect(try await store.vacuum(retention, at: Self.later(hours: 99), sweepsFiles: false).runs == 2)
    #expect(try await Self.texts(logs) == ["r3": [], "r4": [], "r5": ["of r5"], "gone": ["of gone"]])
    #expect(try await store.vacuum(retention, at: Self.later(hours: 99)).runs == 0)
    #expect(try await Self.texts(logs) == ["r3": [], "r4": [], "r5": ["of r5"], "gone": []])
  }

  /// More runs than are looked at at once, of which every other is gone.
  @Test func linesOfManyRunsAreSwept() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true, durability: .none)
    let logs = try #require(store.logs)
    for number in 0..<300 {
      if number % 2 == 0 { try await end("r\(number)", afterHours: 1, store) }
      logs.add(Self.line(of: "r\(number)"), of: "r\(number)")
    }
    await logs.flush()
    _ = try await store.vacuum(Retention(), at: Self.later(hours: 2))
    for number in 0..<300 {
      #expect(try await logs.lines(of: "r\(number)", after: 0, limit: 9).count == (number + 1) % 2, "\(number)")
    }
  }

  private static func line(of run: String) -> LogLine {
    LogLine(path: "a", attempt: 1, at: start, level: .info, text: "of \(run)")
  }

  private static func texts(_ logs: any RunLogs) async throws -> [String: [String]] {
    var texts: [String: [String]] = [:]
    for id in ["r3", "r4", "r5", "gone"] {
      texts[id] = try await logs.lines(of: id, after: 0, limit: 9).map(\.line.text)
    }
    return texts
  }

  // MARK: - Files

  @Test func contentsThatNobodySpeaksOfGo() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    let digests = ["a", "b", "c"].map { String(repeating: $0, count: 64) }
    folder.makeFolder("files")
    for name in digests + [".dxsh-left", "notes.txt"] { folder.write("x", to: "files/\(name)") }
    for (index, id) in ["r1", "r2", "r3"].enumerated() {
      let claim = try await RunStoreContractTests.begin(Self.newRun(id, "w", plan: "p"), in: store)
      let artifact = try #require(Artifact(name: "f", size: 1, digest: digests[index]))
      // The second one stands in a value that is kept apart.
      let list = Array(repeating: Value.boxed(.init(.file(artifact))), count: index == 1 ? 1000 : 1)
      let kept = RecordedEvent(path: "a", kind: .succeeded(.list(list)), at: Self.start)
      let events = [kept, RecordedEvent(path: "", kind: .ended(.cancelled), at: Self.start)]
      let state = RunState(index == 1 ? .running : .cancelled, at: Self.start)
      let batch = JournalBatch(number: 1, index == 1 ? [kept] : events)
      #expect(batch.blobs.count == (index == 1 ? 1 : 0))
      try await store.append(batch, to: id, state)
      withExtendedLifetime(claim) {}
    }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let today = try #require(Timestamp(seconds: Int64(now.tv_sec), nanoseconds: 0))
    let retention = Retention(keep: .zero, keepLast: 0)
    // The step that kept one a moment ago may not have said so yet.
    #expect(try await store.vacuum(retention, at: today) == Self.report(runs: 1, files: 0))
    #expect(folder.names(in: "files").count == 5)
    let tomorrow = try #require(today.adding(Self.hours(25)))
    #expect(try await store.vacuum(retention, at: tomorrow, sweepsFiles: false) == Self.report(runs: 0, files: 0))
    #expect(try await store.vacuum(retention, at: tomorrow) == Self.report(runs: 0, files: 2))
    #expect(folder.names(in: "files") == [digests[1], digests[2], "notes.txt"])
  }

  private static func report(runs: Int, files: Int) -> VacuumReport {
    var report = VacuumReport()
    report.runs = runs
    report.files = files
    return report
  }

  // MARK: - By itself

  @Test func aStoreIsLookedAfterEveryHour() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    for id in ["r1", "r2"] { try await end(id, afterHours: 1, store) }
    let clock = ManualClock(Self.start)
    let (reports, post) = AsyncStream<VacuumReport>.makeStream()
    let upkeep = StoreUpkeep(store, Retention(keep: Self.hours(5), keepLast: 0), clock: clock) { report in
      if case .removed(let removed) = report { post.yield(removed) }
    }
    let task = Task { await upkeep.run() }
    for await report in reports {
      #expect(report.runs == 1)
      break
    }
    task.cancel()
    await task.value
    #expect(clock.now() > Self.later(hours: 6))
  }
}

extension TemporaryFolder {
  fileprivate func names(in folder: String) -> [String] {
    guard let directory = opendir("\(path)/\(folder)") else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.hasPrefix("n") == $1.hasPrefix("n") ? $0 < $1 : $1.hasPrefix("n") }
  }
}
