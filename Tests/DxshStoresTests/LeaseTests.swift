import DxshExpressions
import DxshNodes
import DxshPlan
import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import DxshTime
import Glibc
import Synchronization
import Testing

/// Several processes on one store; each is a `SQLiteRunStore` of its own, as the system's locks tell those apart too.
struct LeaseTests {
  private static let lease = TimeSpan(nanoseconds: 86_400_000_000_000)

  /// A clock of leases that stands still until it is set.
  private final class LeaseClock: Sendable {
    let time = Atomic<UInt64>(1)

    var read: @Sendable () -> UInt64 { { self.time.load(ordering: .sequentiallyConsistent) } }
    func pass(_ span: TimeSpan) {
      time.add(UInt64(span.clampedNanoseconds), ordering: .sequentiallyConsistent)
    }
  }

  private func open(_ folder: TemporaryFolder, _ clock: LeaseClock) throws -> SQLiteRunStore {
    try SQLiteRunStore(folder: folder.path, creating: true, lease: Self.lease, leaseClock: clock.read)
  }

  @Test func aRunOfADeadProcessIsFree() async throws {
    let folder = TemporaryFolder()
    let store = try open(folder, LeaseClock())
    _ = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    // As a worker left it whose byte nobody has locked any more.
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    try connection.execute("INSERT INTO workers (number, pid, host, started_ms) VALUES (99, 1, 'h', 0)")
    try connection.execute("UPDATE runs SET owner = 99, fence = 7")
    #expect(try await !store.run("r1").summary.isClaimed)
    #expect(try await store.due(at: RunStoreContractTests.start, limit: 9).runs == ["r1"])
    let claim = try await store.claim("r1")
    #expect(claim?.isHeld == true)
    try await store.append(
      RunStoreContractTests.batch(1), to: "r1", RunState(.running, at: RunStoreContractTests.start))
    withExtendedLifetime(claim) {}
  }

  /// Of processes that have ended only those are noted that have left runs.
  @Test func deadProcessesAreForgotten() async throws {
    let folder = TemporaryFolder()
    let living = try open(folder, LeaseClock())
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: living)
    try await living.append(
      RunStoreContractTests.batch(1), to: "r1", RunState(.succeeded, at: RunStoreContractTests.start))
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    try connection.execute(
      """
      INSERT INTO workers (number, pid, host, started_ms) VALUES (98, 1, 'h', 0), (99, 1, 'h', 0);
      INSERT INTO runs (number, id, workflow, plan, directory, status, started_ms, owner)
        SELECT 9, 'r9', workflow, plan, directory, 'running', started_ms, 99 FROM runs
      """)
    let other = try open(folder, LeaseClock())
    let second = try await RunStoreContractTests.begin(RunStoreContractTests.run("r2"), in: other)
    let read = try connection.prepare("SELECT group_concat(number) FROM (SELECT number FROM workers ORDER BY number)")
    #expect(try read.step() && read.text(0) == "1,99,100")
    withExtendedLifetime((claim, second)) {}
  }

  /// A process that was stopped for longer than its lease changes nothing any more.
  @Test func aStoppedProcessIsFencedOut() async throws {
    let folder = TemporaryFolder()
    let (stoppedClock, clock) = (LeaseClock(), LeaseClock())
    let stopped = try open(folder, stoppedClock)
    let other = try open(folder, clock)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: stopped)
    #expect(claim?.isHeld == true)
    #expect(try await other.claim("r1") == nil)
    clock.pass(TimeSpan(nanoseconds: Self.lease.clampedNanoseconds - 1))
    #expect(try await other.claim("r1") == nil)
    clock.pass(TimeSpan(nanoseconds: 1))
    stoppedClock.pass(Self.lease)
    #expect(try await other.due(at: RunStoreContractTests.start, limit: 9).runs == ["r1"])
    let taken = try await other.claim("r1")
    #expect(taken?.isHeld == true)
    #expect(claim?.isHeld == false)
    let error = await #expect(throws: RunStoreError.self) {
      try await stopped.append(
        RunStoreContractTests.batch(1), to: "r1", RunState(.succeeded, at: RunStoreContractTests.start))
    }
    #expect(error?.kind == .taken)
    #expect(try await other.journal(of: "r1").count == 1)
    try await other.append(
      RunStoreContractTests.batch(1), to: "r1", RunState(.running, at: RunStoreContractTests.start))
    #expect(try await other.run("r1").summary.status == .running)
    withExtendedLifetime((claim, taken)) {}
  }

  /// It says that it lives again, which gives it back no run: of each the store has to say so first.
  @Test func aRenewedLeaseGivesNoRunBack() async throws {
    let folder = TemporaryFolder()
    let clock = LeaseClock()
    let store = try open(folder, clock)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    #expect(claim?.isHeld == true)
    clock.pass(Self.lease)
    #expect(claim?.isHeld == false)
    let other = try await RunStoreContractTests.begin(RunStoreContractTests.run("r2"), in: store)
    let state = RunState(.running, at: RunStoreContractTests.start)
    try await store.append(RunStoreContractTests.batch(1), to: "r2", state)
    #expect(other?.isHeld == true)
    #expect(claim?.isHeld == false)
    try await store.append(RunStoreContractTests.batch(1), to: "r1", state)
    #expect(claim?.isHeld == true)
    withExtendedLifetime((claim, other)) {}
  }

  // MARK: - Stores of earlier versions

  private static let surroundings = RunHost.Surroundings(
    bind: { plan throws(HostFailure) in
      guard let valid = try? plan.validated(), let bound = try? BoundPlan(valid, registry: NodeRegistry(AllNodes.list))
      else { throw HostFailure("the plan is not valid") }
      return (bound, [])
    },
    context: { _, _ in
      NodeContext(clock: ManualClock(), directory: "/", environment: [:], artifacts: "/dev/null", log: { _ in })
    })

  /// `order.dxsh` says what its runs are: one has ended, one slept, one was at a `once` step when its process died.
  @Test func aStoreOfFormatOneIsGoneOnWith() async throws {
    let folder = TemporaryFolder()
    let bytes = try #require(Repository.bytes(of: "Tests/Fixtures/stores/format-1.sqlite"))
    folder.write(bytes, to: "store.sqlite")
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let before = try await store.runs(limit: 9)
    #expect(before.map(\.workflow) == ["cut", "order", "order"])
    #expect(before.map(\.status) == [.running, .running, .succeeded])
    #expect(before.allSatisfy { !$0.isClaimed })
    let host = RunHost(
      store: store, clock: ManualClock(before[0].startedAt), surroundings: Self.surroundings, tell: { _, _ in })
    try await host.run(untilIdle: true)
    let after = try await store.runs(limit: 9)
    #expect(after.map(\.status) == [.paused, .succeeded, .succeeded])
    let history = try RunHistory(try await store.journal(of: after[1].id))
    guard case .succeeded(let output)? = history.outcome else {
      Issue.record("the run that slept goes on")
      return
    }
    #expect(String(decoding: try JSONWriter.write(output), as: UTF8.self) == #"{"paid":"paid","noted":42}"#)
  }

  /// As of format 1, and besides one that waited for a signal, and one that had been sent it.
  @Test func aStoreOfFormatTwoIsGoneOnWith() async throws {
    let folder = TemporaryFolder()
    folder.write(try #require(Repository.bytes(of: "Tests/Fixtures/stores/format-2.sqlite")), to: "store.sqlite")
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let before = try await store.runs(limit: 9)
    #expect(before.map(\.workflow) == ["asked", "asked", "cut", "order", "order"])
    #expect(before.map(\.status) == [.waiting, .waiting, .running, .running, .succeeded])
    #expect(before.allSatisfy { !$0.isClaimed && $0.durability == .full })
    #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == 5)
    let clock = ManualClock(before[0].startedAt)
    let host = RunHost(store: store, clock: clock, surroundings: Self.surroundings, tell: { _, _ in })
    try await host.run(untilIdle: true)
    _ = try await store.send(
      .signal(SignalName("go"), .string("late")), to: before[1].id, deduplication: nil, at: clock.now())
    try await host.run(untilIdle: true)
    let after = try await store.runs(limit: 9)
    #expect(after.map(\.status) == [.succeeded, .succeeded, .paused, .succeeded, .succeeded])
    var outputs: [String] = []
    for run in [after[0], after[1], after[3]] {
      guard case .succeeded(let output)? = try RunHistory(try await store.journal(of: run.id)).outcome else { continue }
      outputs.append(String(decoding: try JSONWriter.write(output), as: UTF8.self))
    }
    #expect(outputs == [#""noted twice""#, #""noted late""#, #"{"paid":"paid","noted":42}"#])
    #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == 5)
  }

  /// One run of it has succeeded, and two wait that gave the same large value; one of those was sent what it waits for.
  @Test func aStoreOfFormatFourIsGoneOnWith() async throws {
    let folder = TemporaryFolder()
    folder.write(try #require(Repository.bytes(of: "Tests/Fixtures/stores/format-4.sqlite")), to: "store.sqlite")
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let before = try await store.runs(limit: 9)
    #expect(before.map(\.workflow) == ["order", "asked", "large", "large"])
    #expect(before.map(\.status) == [.succeeded, .waiting, .waiting, .waiting])
    #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == 4)
    let clock = ManualClock(before[0].startedAt)
    let host = RunHost(store: store, clock: clock, surroundings: Self.surroundings, tell: { _, _ in })
    try await host.run(untilIdle: true)
    _ = try await store.send(
      .signal(SignalName("go"), .string("late")), to: before[3].id, deduplication: nil, at: clock.now())
    try await host.run(untilIdle: true)
    for (run, output) in [(before[2], "16384 early"), (before[3], "16384 late")] {
      let journal = try await store.journal(of: run.id)
      #expect(try RunHistory(journal).outcome == .succeeded(.text(output)))
      // Both steps gave it.
      #expect(Set(journal.flatMap(\.blobs)).count == 1 && journal.count { !$0.blobs.isEmpty } == 2)
    }
    #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == 4)
  }

  /// One of its runs has succeeded, and two wait.
  @Test func aStoreOfFormatFiveIsGoneOnWith() async throws {
    let folder = TemporaryFolder()
    folder.write(try #require(Repository.bytes(of: "Tests/Fixtures/stores/format-5.sqlite")), to: "store.sqlite")
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let before = try await store.runs(limit: 9)
    #expect(before.map(\.workflow) == ["asked", "large", "order"])
    #expect(before.map(\.status) == [.waiting, .waiting, .succeeded])
    #expect(try await store.limits.seats().isEmpty)
    let clock = ManualClock(before[0].startedAt)
    let host = RunHost(store: store, clock: clock, surroundings: Self.surroundings, tell: { _, _ in })
    for run in before.dropLast() {
      _ = try await store.send(
        .signal(SignalName("go"), .string("late")), to: run.id, deduplication: nil, at: clock.now())
    }
    try await host.run(untilIdle: true)
    #expect(try await store.runs(limit: 9).map(\.status) == [.succeeded, .succeeded, .succeeded])
    #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == 3)
  }
}
