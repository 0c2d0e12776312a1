import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// What holds of what runs share, in every store.
struct SharedLimitContractTests {
  private static let start = RunStoreContractTests.start

  private static func after(_ seconds: Int64) -> Timestamp {
    start.adding(TimeSpan(nanoseconds: seconds * 1_000_000_000)) ?? start
  }

  private static func request(_ path: String, _ limits: StepLimits) -> SeatRequest {
    SeatRequest(path: path, limits: limits, timeout: TimeSpan(nanoseconds: 1_000_000_000))
  }

  private static func pool(_ capacity: Int) -> StepLimits {
    StepLimits(pool: .init(name: "p", capacity: capacity))
  }

  private static let breaker = StepLimits(
    breaker: .init(
      name: "b",
      settings: .init(
        failures: 1, window: TimeSpan(nanoseconds: 1_000_000_000), open: TimeSpan(nanoseconds: 10_000_000_000))))
  private static let rate = StepLimits(
    rate: .init(key: "k", rate: GenericCellRate(count: 1, period: TimeSpan(nanoseconds: 10_000_000_000))))

  /// The paths that a store tells of.
  private final class Told: Sendable {
    private let state = Mutex<[String]>([])
    var paths: [String] { state.withLock(\.self) }
    var note: @Sendable (String) -> Void { { [self] path in state.withLock { $0.append(path) } } }
  }

  @Test(arguments: RunStoreContractTests.Kind.allCases)
  func slotsAreGivenInTheOrderOfAsking(_ kind: RunStoreContractTests.Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    let told = Told()
    let watch = store.limits.watch("r1", told.note)
    let requests = ["a", "b", "c", "d", "e"].map { Self.request($0, Self.pool(2)) }
    let first = try await store.limits.exchange([], requests, of: "r1", at: Self.start)
    #expect(first == [.granted, .granted, .queued, .queued, .queued])
    // To be asked again changes nothing.
    #expect(try await store.limits.exchange([], requests, of: "r1", at: Self.start) == first)
    for (ended, next) in [("b", "c"), ("a", "d"), ("c", "e")] {
      let end = SeatEnd(path: ended, limits: Self.pool(2), finding: .works)
      _ = try await store.limits.exchange([end], [], of: "r1", at: Self.start)
      #expect(told.paths.last == next)
      let answer = try await store.limits.exchange([], [Self.request(next, Self.pool(2))], of: "r1", at: Self.start)
      #expect(answer == [.granted])
    }
    #expect(try await store.limits.seats().map(\.path) == ["d", "e"])
    try await store.limits.release("r1", keepsTimes: false, isLost: false, at: Self.start)
    #expect(try await store.limits.seats() == [])
    withExtendedLifetime((claim, watch)) {}
  }

  /// Who comes with fewer slots waits until no more than that are taken.
  @Test(arguments: RunStoreContractTests.Kind.allCases)
  func theNumberOfWhoAsksCounts(_ kind: RunStoreContractTests.Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    let requests = [Self.request("a", Self.pool(3)), Self.request("b", Self.pool(1)), Self.request("c", Self.pool(3))]
    // `c` would have room, and does not go first.
    #expect(
      try await store.limits.exchange([], requests, of: "r1", at: Self.start) == [.granted, .queued, .queued])
    let end = SeatEnd(path: "a", limits: Self.pool(3), finding: .works)
    _ = try await store.limits.exchange([end], [], of: "r1", at: Self.start)
    #expect(try await store.limits.seats().filter(\.isHeld).map(\.path) == ["b", "c"])
    withExtendedLifetime(claim) {}
  }

  @Test(arguments: RunStoreContractTests.Kind.allCases)
  func aTimeIsGivenOnce(_ kind: RunStoreContractTests.Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    let requests = ["a", "b", "c"].map { Self.request($0, Self.rate) }
    let answers: [Admission] = [
      .granted, .resting(until: Self.after(10)), .resting(until: Self.after(20)),
    ]
    #expect(try await store.limits.exchange([], requests, of: "r1", at: Self.start) == answers)
    // A run that is left keeps its times.
    try await store.limits.release("r1", keepsTimes: true, isLost: false, at: Self.after(1))
    let again = try await store.limits.exchange([], Array(requests.dropFirst()), of: "r1", at: Self.after(5))
    #expect(again == Array(answers.dropFirst()))
    // Both are late: one after the other all the same.
    let late = try await store.limits.exchange([], Array(requests.dropFirst()), of: "r1", at: Self.after(60))
    #expect(late == [.granted, .resting(until: Self.after(70))])
    try await store.limits.release("r1", keepsTimes: false, isLost: false, at: Self.after(60))
    #expect(try await store.limits.seats() == [])
    withExtendedLifetime(claim) {}
  }

  @Test(arguments: RunStoreContractTests.Kind.allCases)
  func oneProbeForAll(_ kind: RunStoreContractTests.Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    let (a, b) = (Self.request("a", Self.breaker), Self.request("b", Self.breaker))
    #expect(try await store.limits.exchange([], [a, b], of: "r1", at: Self.start) == [.granted, .granted])
    #expect(try await store.limits.breakers() == [])
    let end = { SeatEnd(path: "a", limits: Self.breaker, finding: $0) }
    #expect(
      try await store.limits.exchange([end(.fails)], [b], of: "r1", at: Self.start)
        == [.refused(until: Self.after(10))])
    #expect(
      try await store.limits.exchange([], [a, b], of: "r1", at: Self.after(10)) == [.granted, .refused(until: nil)])
    // The process of the probe is gone: it has failed.
    try await store.limits.release("r1", keepsTimes: true, isLost: true, at: Self.after(11))
    #expect(
      try await store.limits.exchange([], [b], of: "r1", at: Self.after(12)) == [.refused(until: Self.after(31))])
    #expect(try await store.limits.exchange([], [a], of: "r1", at: Self.after(31)) == [.granted])
    let works = try await store.limits.exchange([end(.works)], [b], of: "r1", at: Self.after(32))
    #expect(works == [.granted])
    #expect(try await store.limits.breakers().map(\.breaker.phase) == [.closed])
    withExtendedLifetime(claim) {}
  }

  /// A probe that asks again is not in its own way, and one that takes too long has failed but keeps its slot.
  @Test(arguments: RunStoreContractTests.Kind.allCases)
  func aProbeAsksAgain(_ kind: RunStoreContractTests.Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    let both = StepLimits(breaker: Self.breaker.breaker, pool: .init(name: "p", capacity: 1))
    let request = Self.request("a", both)
    #expect(try await store.limits.exchange([], [request], of: "r1", at: Self.start) == [.granted])
    let end = SeatEnd(path: "a", limits: both, finding: .fails)
    let open = try await store.limits.exchange([end], [request], of: "r1", at: Self.start)
    #expect(open == [.refused(until: Self.after(10))])
    for _ in 0..<3 {
      #expect(try await store.limits.exchange([], [request], of: "r1", at: Self.after(10)) == [.granted])
    }
    // Whoever asks of the breaker later finds that the probe takes too long.
    let other = Self.request("b", Self.breaker)
    guard case .refused? = try await store.limits.exchange([], [other], of: "r1", at: Self.after(100)).first else {
      Issue.record("it is open again")
      return
    }
    let seats = try await store.limits.seats()
    #expect(seats.map(\.path) == ["a"] && seats.allSatisfy { $0.isHeld && $0.probe == nil })
    withExtendedLifetime(claim) {}
  }

  @Test(arguments: RunStoreContractTests.Kind.allCases)
  func aPersonOpensAndCloses(_ kind: RunStoreContractTests.Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    let request = Self.request("a", Self.breaker)
    #expect(try await !store.limits.force(.close, "b", at: Self.start))
    #expect(try await store.limits.force(.open, "b", at: Self.start))
    #expect(try await store.limits.exchange([], [request], of: "r1", at: Self.after(9999)) == [.refused(until: nil)])
    #expect(try await store.limits.breakers().map(\.name) == ["b"])
    #expect(try await store.limits.force(.close, "b", at: Self.start))
    #expect(try await store.limits.exchange([], [request], of: "r1", at: Self.start) == [.granted])
    #expect(try await store.limits.force(.reset, "b", at: Self.start))
    #expect(try await store.limits.breakers() == [])
    withExtendedLifetime(claim) {}
  }

  // MARK: - Several processes

  /// Another process is told of the slot that one gives back, and has those of one that has died.
  @Test func slotsGoFromProcessToProcess() async throws {
    let folder = TemporaryFolder()
    let (one, other) = (
      try SQLiteRunStore(folder: folder.path, creating: true), try SQLiteRunStore(folder: folder.path, creating: true)
    )
    let claims = [
      try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: one),
      try await RunStoreContractTests.begin(RunStoreContractTests.run("r2"), in: other),
    ]
    let request = Self.request("a", Self.pool(1))
    let (given, giver) = AsyncStream.makeStream(of: String.self)
    let watches = [
      one.limits.watch("r1") { giver.yield("r1 \($0)") }, other.limits.watch("r2") { giver.yield("r2 \($0)") },
    ]
    var news = given.makeAsyncIterator()
    #expect(try await one.limits.exchange([], [request], of: "r1", at: Self.start) == [.granted])
    #expect(try await other.limits.exchange([], [request], of: "r2", at: Self.start) == [.queued])
    let end = SeatEnd(path: "a", limits: Self.pool(1), finding: .works)
    _ = try await one.limits.exchange([end], [request], of: "r1", at: Self.start)
    #expect(await news.next() == "r2 a")
    #expect(try await other.limits.exchange([], [request], of: "r2", at: Self.start) == [.granted])
    // As a process left it that nobody has locked any more.
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    try connection.execute(
      """
      INSERT INTO workers (number, pid, host, started_ms) VALUES (99, 1, 'h', 0);
      UPDATE seats SET owner = 99 WHERE run = 'r2'
      """)
    #expect(await news.next() == "r1 a")
    #expect(try await one.limits.exchange([], [request], of: "r1", at: Self.start) == [.granted])
    #expect(try await one.limits.seats().map(\.run) == ["r1"])
    withExtendedLifetime((claims, watches)) {}
  }

  /// A process that has lost its run asks for nothing in its name.
  @Test func whoHasLostItsRunIsTold() async throws {
    let folder = TemporaryFolder()
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    try connection.execute("UPDATE runs SET fence = 7")
    let error = await #expect(throws: RunStoreError.self) {
      _ = try await store.limits.exchange([], [Self.request("a", Self.pool(1))], of: "r1", at: Self.start)
    }
    #expect(error?.kind == .taken)
    withExtendedLifetime(claim) {}
  }
}
