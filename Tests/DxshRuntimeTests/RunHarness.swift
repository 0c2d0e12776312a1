import DxshCompiler
import DxshExpressions
import DxshNodes
import DxshPlan
import DxshRuntime
import DxshSyntax
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// A workflow that can be started, left, and gone on with, on one clock and one store.
struct RunHarness {
  static let library = NodeLibrary(families: StandardLibrary.families) { StandardLibrary.source(of: $0) }
  static let runID = "r"

  let plan: Plan
  let input: [Value]
  let nodes: [any NodeImplementation]
  let clock = ManualClock()
  var optimized = true
  var maxParallel = 64
  var leaving = RunOptions.Leaving.never

  /// `input` is by default that of the parameters' defaults.
  init(_ text: String, nodes: [any NodeImplementation] = [], input: [Value] = []) throws {
    let compilation = compile(SourceFile(id: FileID(0), name: "test", text: text), library: Self.library)
    #expect(compilation.mistakes.map(\.message) == [])
    plan = try #require(compilation.plans.first)
    self.nodes = nodes
    self.input =
      input.isEmpty
      ? try plan.parameters.map { parameter in
        try parameter.defaultValue.map { try Evaluator.evaluate($0, in: .empty) } ?? .none
      } : input
  }

  /// Starts the run.
  func start(in store: any RunStore, observer: (any RunObserver)? = nil) async throws -> EngineStop {
    let history = RunHistory(input: input, startedAt: clock.now())
    let encoded = plan.encoded()
    let creation = try await store.create(
      NewRun(
        id: Self.runID, workflow: plan.workflow, key: nil, plan: encoded,
        planHash: SHA256Digest(of: encoded).hexadecimal, directory: "/", startedAt: clock.now(),
        firstBatch: history.firstBatch))
    guard case .created(let claim) = creation else { preconditionFailure("the harness has one run") }
    defer { withExtendedLifetime(claim) {} }
    return try await engine(history, store, observer).run()
  }

  /// Goes on with the run as a new process would.
  func resume(in store: any RunStore, observer: (any RunObserver)? = nil) async throws -> EngineStop {
    #expect(try await store.run(Self.runID).decodedPlan() == plan)
    let claim = try await store.claim(Self.runID)
    defer { withExtendedLifetime(claim) {} }
    return try await engine(try await history(in: store), store, observer).run()
  }

  func history(in store: any RunStore) async throws -> RunHistory {
    try RunHistory(try await store.journal(of: Self.runID))
  }

  func settle(_ step: String, _ settlement: Settlement, in store: any RunStore) async throws {
    let event = RecordedEvent(path: step, kind: .settled(settlement), at: clock.now())
    let batch = JournalBatch(number: try await history(in: store).nextBatch, bytes: JournalCodec.encode([event]))
    let claim = try await store.claim(Self.runID)
    defer { withExtendedLifetime(claim) {} }
    try await store.append(batch, to: Self.runID, RunState(.running, at: clock.now()))
  }

  /// What becomes of the run when it goes on with the workflow of another harness.
  func change(
    to other: RunHarness, _ names: FormerNames = FormerNames(), in store: any RunStore
  ) async throws -> RunChange {
    try await RunChange.of(try await history(in: store), from: plan, to: other.plan, names) {
      plan, history throws(HostFailure) in
      do {
        return try await (plan == self.plan ? self : other).engine(history, InMemoryRunStore()).inspect()
      } catch {
        throw HostFailure((error as? RunStoreError)?.message ?? "\(error)")
      }
    }
  }

  /// Moves the run to the workflow of another harness.
  func move(
    to other: RunHarness, _ names: FormerNames = FormerNames(), in store: any RunStore
  ) async throws -> RunChange {
    let change = try await change(to: other, names, in: store)
    guard change.verdict == .compatible else { return change }
    let claim = try await store.claim(Self.runID)
    defer { withExtendedLifetime(claim) {} }
    let (events, number) = ([change.event(at: clock.now())], try await history(in: store).nextBatch)
    let batch = JournalBatch(number: number, bytes: JournalCodec.encode(events), plan: EncodedPlan(other.plan))
    try await store.append(batch, to: Self.runID, RunState(.running, at: clock.now(), dueAt: .epoch))
    return change
  }

  func engine(
    _ history: RunHistory, _ store: any RunStore, _ observer: (any RunObserver)? = nil, claim: RunClaim? = nil
  ) throws -> Engine {
    Engine(
      try BoundPlan(
        (optimized ? optimize(plan).plan : plan).validated(), registry: NodeRegistry(AllNodes.list + nodes)),
      history: history, runID: Self.runID,
      context: NodeContext(clock: clock, directory: "/", environment: [:], artifacts: store.artifacts, log: { _ in }),
      store: store,
      options: RunOptions(maxParallel: maxParallel, leaving: leaving), observer: observer, claim: claim)
  }
}

/// Remembers which steps were started, by their paths.
final class StartedSteps: RunObserver {
  private let state = Mutex<[String]>([])

  var paths: [String] { state.withLock { $0 } }

  func stepStarted(_ id: StepID, path: @autoclosure () -> String, attempt: Int) {
    let path = path()
    state.withLock { $0.append(path) }
  }

  func stepEnded(_ id: StepID, path: @autoclosure () -> String, failure: NodeFailure?, willRetry: Bool) {}
}
