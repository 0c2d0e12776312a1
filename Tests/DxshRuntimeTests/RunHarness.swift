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
  var secrets: [Value] = []
  var clock = ManualClock()
  /// Instead of that, where another lets it go on.
  var virtualClock: (any RunClock)?
  var id = RunHarness.runID
  var folder = "/"
  var optimized = true
  var maxParallel = 64
  var leaving = RunOptions.Leaving.never
  var resources = ResourceManager(.unlimited)
  var order = RunOptions.Order.ranked

  private var time: any RunClock { virtualClock ?? clock }

  /// `input` is by default that of the parameters' defaults.
  /// - allowing: what may be said about the text
  init(
    _ text: String, nodes: [any NodeImplementation] = [], input: [Value] = [], allowing: Set<DiagnosticCode> = []
  ) throws {
    let compilation = compile(SourceFile(id: FileID(0), name: "test", text: text), library: Self.library)
    #expect(compilation.mistakes.filter { !allowing.contains($0.code) }.map(\.message) == [])
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
    let history = RunHistory(input: input, startedAt: time.now())
    let encoded = plan.encoded()
    let creation = try await store.create(
      NewRun(
        id: id, workflow: plan.workflow, key: nil, plan: encoded,
        planHash: SHA256Digest(of: encoded).hexadecimal, directory: folder, startedAt: time.now(),
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
    let event = RecordedEvent(path: step, kind: .settled(settlement), at: time.now())
    let batch = JournalBatch(number: try await history(in: store).nextBatch, bytes: JournalCodec.encode([event]))
    let claim = try await store.claim(Self.runID)
    defer { withExtendedLifetime(claim) {} }
    try await store.append(batch, to: Self.runID, RunState(.running, at: time.now()))
  }

  /// What becomes of the run when it goes on with the workflow of another harness.
  func change(
    to other: RunHarness, _ names: FormerNames = FormerNames(), in store: any RunStore
  ) async throws -> RunChange {
    try await runMove(to: other, names).change(in: store)
  }

  /// Moves the run to the workflow of another harness.
  func move(
    to other: RunHarness, _ names: FormerNames = FormerNames(), in store: any RunStore
  ) async throws -> RunChange {
    try #require(try await runMove(to: other, names).carryOut(in: store, clock: time))
  }

  private func runMove(to other: RunHarness, _ names: FormerNames) -> RunMove {
    let surroundings = RunInspection.Surroundings(
      inspect: { plan, history, _ throws(HostFailure) in
        do {
          return try await (plan == self.plan ? self : other).engine(history, InMemoryRunStore()).inspect()
        } catch {
          throw HostFailure((error as? RunStoreError)?.message ?? "\(error)")
        }
      },
      obstacle: { _ in nil }, readsResult: { plan, path in plan.readsResult(of: path) })
    return RunMove(of: Self.runID, to: other.plan, names, surroundings)
  }

  /// Reopens the run, which has ended.
  /// - appending: whether that is written
  func reopen(
    in store: any RunStore, from steps: Set<String> = [], appending: Bool = true
  ) async throws -> Reopening {
    let claim = try await store.claim(Self.runID)
    defer { withExtendedLifetime(claim) {} }
    let history = try await history(in: store)
    let reopening = try await Reopening(of: history, plan, from: steps) { history in
      do { return try engine(history, store) } catch { preconditionFailure("\(error)") }
    }
    if appending {
      let event = RecordedEvent(path: "", kind: .reopened(dropped: reopening.dropped), at: time.now())
      try await store.append(
        JournalBatch(number: history.nextBatch, bytes: JournalCodec.encode([event])), to: Self.runID,
        RunState(.running, at: time.now(), dueAt: .epoch, seen: history.seen))
    }
    return reopening
  }

  /// How the run stands by its journal.
  func inspect(in store: any RunStore) async throws -> RunSituation {
    try await engine(try await history(in: store), store).inspect()
  }

  func engine(
    _ history: RunHistory, _ store: any RunStore, _ observer: (any RunObserver)? = nil, claim: RunClaim? = nil
  ) throws -> Engine {
    Engine(
      try BoundPlan(
        (optimized ? optimize(plan).plan : plan).validated(), registry: NodeRegistry(AllNodes.list + nodes)),
      history: history, secrets: secrets, runID: id,
      context: NodeContext(
        clock: time, directory: folder, environment: [:], artifacts: store.artifacts, log: { _ in }),
      store: store,
      options: RunOptions(maxParallel: maxParallel, leaving: leaving, resources: resources, order: order),
      observer: observer, claim: claim)
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

  func stepEnded(_ id: StepID, path: @autoclosure () -> String, failure: NodeFailure?, next: StepNext) {}
}

extension EngineStop {
  var isWaiting: Bool { if case .waiting = self { true } else { false } }
}
