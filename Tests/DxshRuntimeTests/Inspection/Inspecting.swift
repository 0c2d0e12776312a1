import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import DxshTime
import Testing

/// A run of the real engine in an SQLite store, and what is said of it.
struct Inspecting {
  let harness: RunHarness
  let folder = TemporaryFolder()
  let store: SQLiteRunStore

  init(_ text: String, nodes: [any NodeImplementation] = [], leaving: RunOptions.Leaving = .whenWaiting) throws {
    var harness = try RunHarness(text, nodes: nodes)
    harness.leaving = leaving
    self.harness = harness
    store = try SQLiteRunStore(folder: folder.path, creating: true)
  }

  var start: Timestamp { Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch }

  func pass(_ seconds: Int64) async {
    let now = harness.clock.now()
    await harness.clock.sleep(until: now.adding(TimeSpan(nanoseconds: seconds * 1_000_000_000)) ?? now)
  }

  /// Starts the run; its claim is given back when this returns.
  @discardableResult
  func run() async throws -> EngineStop {
    let stop = try await harness.start(in: store)
    try await settleWrites()
    return stop
  }

  func resume() async throws -> EngineStop {
    let stop = try await harness.resume(in: store)
    try await settleWrites()
    return stop
  }

  /// Begins a run with events that no engine need have made; keeps the claim as long as what it returns.
  func write(_ events: [RecordedEvent], _ status: RunStatus = .running) async throws -> RunClaim {
    let history = RunHistory(input: harness.input, startedAt: harness.clock.now())
    let encoded = harness.plan.encoded()
    let run = NewRun(
      id: RunHarness.runID, workflow: harness.plan.workflow, key: nil, plan: encoded,
      planHash: SHA256Digest(of: encoded).hexadecimal, directory: "/", startedAt: harness.clock.now(),
      firstBatch: history.firstBatch)
    guard case .created(let claim) = try await store.create(run) else { preconditionFailure("there is one run") }
    let batch = JournalBatch(number: 1, bytes: JournalCodec.encode(events))
    try await store.append(batch, to: run.id, RunState(status, at: harness.clock.now(), dueAt: .epoch))
    return claim
  }

  /// Whatever was to be written before has been, releases of claims too, for which nobody waits.
  func settleWrites() async throws {
    await #expect(throws: RunStoreError.self) { try await store.claim("nobody") }
  }

  /// As a process left the run that has died since.
  func killOwner() throws {
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    try connection.execute("INSERT INTO workers (number, pid, host, started_ms) VALUES (99, 4711, 'h', 0)")
    try connection.execute("UPDATE runs SET owner = 99")
  }

  func send(_ message: RunMessage) async throws {
    _ = try await store.send(message, to: RunHarness.runID, deduplication: nil, at: harness.clock.now())
  }

  func inspection(obstacle: String? = nil) async throws -> RunInspection {
    let harness = harness
    let surroundings = RunInspection.Surroundings(
      inspect: { _, history, _ throws(HostFailure) in
        do {
          return try await harness.engine(history, InMemoryRunStore()).inspect()
        } catch let error as RunStoreError {
          throw HostFailure(error.message)
        } catch {
          throw HostFailure("\(error)")
        }
      }, obstacle: { _ in obstacle }, readsResult: { plan, path in plan.readsResult(of: path) })
    return try await RunInspection(try await store.run(RunHarness.runID), in: store, surroundings)
  }

  func causes(isStopped: Bool = false, obstacle: String? = nil) async throws -> [RunCause] {
    try await inspection(obstacle: obstacle).causes(at: harness.clock.now(), isStopped: isStopped)
  }
}
