import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshStores
import DxshTestSupport
import DxshTime
import Testing

/// What holds for every store; a new one is added to `Kind`.
struct RunStoreContractTests {
  enum Kind: String, CaseIterable, Sendable {
    case inMemory, sqlite

    func make(_ folder: TemporaryFolder) throws -> any RunStore {
      switch self {
      case .inMemory: InMemoryRunStore()
      case .sqlite: try SQLiteRunStore(folder: folder.path, creating: true)
      }
    }
  }

  static let start = Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch

  static func run(_ id: String, key: String? = nil, workflow: String = "w") -> NewRun {
    let history = RunHistory(input: [.int(7)], startedAt: start)
    return NewRun(
      id: id, workflow: workflow, key: key, plan: [1, 2, 3], planHash: "abc", directory: "/work", startedAt: start,
      firstBatch: history.firstBatch)
  }

  static func batch(_ number: Int, _ path: String = "a") -> JournalBatch {
    JournalBatch(
      number: number,
      bytes: JournalCodec.encode([RecordedEvent(path: path, kind: .succeeded(.int(Int64(number))), at: start)]))
  }

  /// Starts a run and holds it.
  static func begin(_ run: NewRun, in store: any RunStore) async throws -> RunClaim? {
    guard case .created(let claim) = try await store.create(run) else { return nil }
    return claim
  }

  @Test(arguments: Kind.allCases)
  func whatWasAppendedIsRead(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await Self.begin(Self.run("r1"), in: store)
    defer { withExtendedLifetime(claim) {} }
    for number in 1...5 {
      try await store.append(Self.batch(number), to: "r1", RunState(.running, at: Self.start))
    }
    let batches = try await store.journal(of: "r1")
    #expect(batches.map(\.number) == [0, 1, 2, 3, 4, 5])
    #expect(batches.dropFirst() == (1...5).map { Self.batch($0) }[...])
    #expect(try RunHistory(batches).input == [.int(7)])
    #expect(try await store.journal(of: "unknown") == [])
  }

  /// Until their time, whichever run kept them last.
  @Test(arguments: Kind.allCases)
  func resultsAreShared(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let keys = ["a", "b", "c"].map { SHA256Digest(of: Array($0.utf8)) }
    let later = try #require(Self.start.adding(TimeSpan(nanoseconds: 3_600_000_000_000)))
    var claims: [RunClaim?] = []
    for (id, bytes, key) in [("r1", 1, 0), ("r2", 2, 0), ("r2", 3, 1)] as [(String, UInt8, Int)] {
      if claims.count < 2 { claims.append(try await Self.begin(Self.run(id), in: store)) }
      var batch = Self.batch(try await store.journal(of: id).count)
      batch.results = [CachedResult(key: keys[key], bytes: [bytes], until: later)]
      try await store.append(batch, to: id, RunState(.running, at: Self.start))
    }
    #expect(try await store.results(of: keys, at: Self.start) == [[2], [3], nil])
    #expect(try await store.results(of: keys, at: later) == [nil, nil, nil])
    // What is past is gone once something else is kept.
    var batch = Self.batch(2)
    batch.results = [
      CachedResult(key: keys[2], bytes: [4], until: later.adding(TimeSpan(nanoseconds: 1_000_000)) ?? later)
    ]
    try await store.append(batch, to: "r1", RunState(.running, at: later))
    #expect(try await store.results(of: keys, at: later) == [nil, nil, [4]])
    withExtendedLifetime(claims) {}
  }

  /// Beside those that have ended; one that is reopened is open again.
  @Test(arguments: Kind.allCases)
  func whatIsOpenIsFound(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    var claims: [RunClaim?] = []
    for (number, status) in [RunStatus.waiting, .failed, .running, .succeeded, .waiting].enumerated() {
      claims.append(try await Self.begin(Self.run("r\(number)"), in: store))
      try await store.append(Self.batch(1), to: "r\(number)", RunState(status, at: Self.start))
    }
    #expect(try await store.openRuns().map(\.id) == ["r0", "r2", "r4"])
    #expect(try await store.openCounts() == [.waiting: 2, .running: 1])
    claims.append(try await store.claim("r1"))
    try await store.append(Self.batch(2), to: "r1", RunState(.running, at: Self.start))
    #expect(try await store.openRuns().map(\.id) == ["r0", "r1", "r2", "r4"])
    #expect(try await store.openCounts() == [.waiting: 2, .running: 2])
    withExtendedLifetime(claims) {}
  }

  /// Those of the first batch too, and of batches of several runs; what small values are made of stays in the batch.
  @Test(arguments: Kind.allCases)
  func largeValuesComeBackWithTheirBatches(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let (large, other) = (
      Value.text(String(repeating: "x", count: 9000)), Value.bytes([UInt8](repeating: 1, count: 9000))
    )
    var claims: [RunClaim?] = []
    for id in ["r1", "r2"] {
      var run = Self.run(id)
      run.firstBatch = RunHistory(input: [large], startedAt: Self.start).firstBatch
      claims.append(try await Self.begin(run, in: store))
      for (number, value) in [(1, large), (2, .list([large, other, large])), (3, .int(1))] as [(Int, Value)] {
        let batch = JournalBatch(number: number, [RecordedEvent(path: "a", kind: .succeeded(value), at: Self.start)])
        try await store.append(batch, to: id, RunState(.running, at: Self.start))
        #expect(try await store.journal(of: id, from: number) == [batch])
      }
      let batches = try await store.journal(of: id)
      #expect(batches.map(\.blobs.count) == [1, 1, 2, 0])
      let history = try RunHistory(batches)
      #expect(history.input == [large] && history.events[2].kind == .succeeded(.list([large, other, large])))
    }
    withExtendedLifetime(claims) {}
  }

  @Test(arguments: Kind.allCases)
  func aBatchIsTakenOnce(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await Self.begin(Self.run("r1"), in: store)
    defer { withExtendedLifetime(claim) {} }
    try await store.append(Self.batch(1), to: "r1", RunState(.running, at: Self.start))
    let error = await #expect(throws: RunStoreError.self) {
      try await store.append(Self.batch(1, "other"), to: "r1", RunState(.succeeded, at: Self.start))
    }
    #expect(error?.kind == .taken)
    #expect(try await store.journal(of: "r1")[1] == Self.batch(1))
    #expect(try await store.run("r1").summary.status == .running)
    let unknown = await #expect(throws: RunStoreError.self) {
      try await store.append(Self.batch(1), to: "r2", RunState(.running, at: Self.start))
    }
    #expect(unknown?.kind == .taken)
  }

  /// A run that has ended is claimed like any other, and is one that has not once something is added that says so.
  @Test(arguments: Kind.allCases)
  func aRunThatHasEndedIsReopened(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let end = Self.start.adding(TimeSpan(nanoseconds: 1_000_000_000)) ?? Self.start
    do {
      let claim = try await Self.begin(Self.run("r1"), in: store)
      defer { withExtendedLifetime(claim) {} }
      try await store.append(Self.batch(1), to: "r1", RunState(.failed, at: end))
    }
    #expect(try await store.run("r1").summary.endedAt == end)
    #expect(try await store.due(at: end, limit: 9) == DueRuns(runs: [], next: nil))
    do {
      let claim = try #require(try await store.claim("r1"))
      defer { withExtendedLifetime(claim) {} }
      #expect(try await store.claim("r1") == nil)
      try await store.append(Self.batch(2), to: "r1", RunState(.running, at: end, dueAt: .epoch))
      let summary = try await store.run("r1").summary
      #expect(summary.status == .running && summary.endedAt == nil && summary.isClaimed)
      _ = try await store.send(.cancel, to: "r1", deduplication: nil, at: end)
    }
    // Should its process die, another goes on with it.
    while try await store.run("r1").summary.isClaimed { await Task.yield() }
    #expect(try await store.due(at: end, limit: 9).runs == ["r1"])
  }

  @Test(arguments: Kind.allCases)
  func aKeyStartsOnce(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    _ = try await store.create(Self.run("r1", key: "k"))
    guard case .existing(let found) = try await store.create(Self.run("r2", key: "k")) else {
      Issue.record("the key was used before")
      return
    }
    #expect(found.summary.id == "r1" && found.summary.key == "k")
    #expect(found.plan == [1, 2, 3] && found.planHash == "abc" && found.directory == "/work")
    for other in [Self.run("r3", key: "k", workflow: "v"), Self.run("r4"), Self.run("r5")] {
      guard case .created = try await store.create(other) else {
        Issue.record("\(other.id) has a key of its own")
        return
      }
    }
    #expect(try await store.runs(limit: 10).map(\.id) == ["r5", "r4", "r3", "r1"])
    #expect(try await store.runs(limit: 2).map(\.id) == ["r5", "r4"])
  }

  @Test(arguments: Kind.allCases)
  func aRunHasOneOwner(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    do {
      guard case .created(let claim) = try await store.create(Self.run("r1")) else { return }
      #expect(try await store.claim("r1") == nil)
      #expect(try await store.run("r1").summary.isClaimed)
      withExtendedLifetime(claim) {}
    }
    // A claim is given back some time after its end.
    while try await store.run("r1").summary.isClaimed { await Task.yield() }
    let claim = try await store.claim("r1")
    #expect(claim != nil)
    #expect(try await store.claim("r1") == nil)
    withExtendedLifetime(claim) {}
  }

  @Test(arguments: Kind.allCases)
  func statusesAreKept(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await Self.begin(Self.run("r1"), in: store)
    defer { withExtendedLifetime(claim) {} }
    let end = Timestamp(seconds: 1_767_225_700, nanoseconds: 5_000_000) ?? .epoch
    try await store.append(Self.batch(1), to: "r1", RunState(.paused, at: end))
    #expect(try await store.run("r1").summary.status == .paused)
    #expect(try await store.run("r1").summary.endedAt == nil)
    try await store.append(Self.batch(2), to: "r1", RunState(.failed, at: end))
    let summary = try await store.run("r1").summary
    #expect(summary.status == .failed && summary.startedAt == Self.start && summary.endedAt == end)
  }

  @Test(arguments: Kind.allCases)
  func identifiersMayBeShortened(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    for id in ["abc", "abd", "abde", "x"] { _ = try await store.create(Self.run(id)) }
    #expect(try await store.run("abc").summary.id == "abc")
    #expect(try await store.run("x").summary.id == "x")
    #expect(try await store.run("abd").summary.id == "abd")
    for wrong in ["ab", "", "y", "abcd", "%"] {
      let error = await #expect(throws: RunStoreError.self) { try await store.run(wrong) }
      #expect(error?.kind == .unknownRun)
    }
  }

  @Test(arguments: Kind.allCases)
  func appendsFromManyTasksAreAllThere(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    var claims: [RunClaim?] = []
    for run in 0..<20 { claims.append(try await Self.begin(Self.run("r\(run)"), in: store)) }
    defer { withExtendedLifetime(claims) {} }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for run in 0..<20 {
        group.addTask {
          for number in 1...10 {
            try await store.append(Self.batch(number), to: "r\(run)", RunState(.running, at: Self.start))
          }
        }
      }
      try await group.waitForAll()
    }
    for run in 0..<20 { #expect(try await store.journal(of: "r\(run)").count == 11) }
  }
}
