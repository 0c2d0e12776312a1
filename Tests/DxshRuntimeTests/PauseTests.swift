import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// A run that a person pauses: what is under way ends, nothing new starts, and it goes on as if nothing had been.
struct PauseTests {
  private static func seconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count * 1_000_000_000) }

  private static func tell(_ message: RunMessage, _ harness: RunHarness, _ store: any RunStore) async throws {
    _ = try await store.send(message, to: "r", deduplication: nil, at: harness.clock.now())
  }

  /// Gives n after a second.
  private static let node = ScriptedNode("x.slow") { call in .after(seconds(1), call["n"]) }

  private static func isPaused(_ stop: EngineStop, because reason: String? = nil) -> Bool {
    if case .pausedByHand(let pause) = stop { pause.reason == reason } else { false }
  }

  private static let chain = """
    node x.slow(n: int) -> int effect once timeout(10s)
    workflow w() -> int {
      step a = x.slow(n: 1)
      step b = debug.echo(value: a + 1)
      output b
    }
    """

  @Test func whatIsUnderWayEndsAndNothingNewStarts() async throws {
    let store = PausingStore()
    let harness = try RunHarness(Self.chain, nodes: [Self.node])
    let why = "the bank is down"
    #expect(Self.isPaused(try await harness.start(in: store), because: why))
    #expect(try await store.run("r").summary.status == .paused)
    #expect(try await store.due(at: harness.clock.now(), limit: 9) == DueRuns(runs: [], next: nil))
    let history = try await harness.history(in: store)
    #expect(history.pause?.reason == why)
    #expect(history.steps(of: harness.plan, isClaimed: false).map(\.status) == [.succeeded])
    // Another process leaves it as it is, and the first pause counts.
    #expect(Self.isPaused(try await harness.resume(in: store), because: why))
    try await Self.tell(.pause(reason: "twice"), harness, store)
    #expect(Self.isPaused(try await harness.resume(in: store), because: why))
    try await Self.tell(.resume, harness, store)
    #expect(try await store.due(at: harness.clock.now(), limit: 9).runs == ["r"])
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(2))))
    #expect(try await harness.history(in: store).pause == nil)
  }

  /// Steps that answer at once leave the engine nothing to wait for but the journal.
  @Test func aChainThatNeverWaitsHearsOfIt() async throws {
    let node = ScriptedNode("x.fast") { call in .value(call["n"]) }
    let steps = (1...50).map { "step s\($0) = x.fast(n: \($0 == 1 ? "a" : "s\($0 - 1)"))" }
    let text = "node x.fast(n: int) -> int effect once timeout(10s)\nworkflow w() {\nstep a = x.fast(n: 1)\n"
    let harness = try RunHarness(text + steps.joined(separator: "\n") + "\n}", nodes: [node])
    let store = PausingStore()
    #expect(Self.isPaused(try await harness.start(in: store), because: "the bank is down"))
    #expect(node.calls.count < 10)
    try await Self.tell(.resume, harness, store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.none)))
    #expect(node.calls.count == 51)
  }

  @Test func attemptsThatComeDueWait() async throws {
    let store = PausingStore()
    let flaky = ScriptedNode("x.flaky") { _ throws(NodeFailure) in throw NodeFailure("flaky", "not this time") }
    let harness = try RunHarness(
      """
      node x.slow(n: int) -> int effect once timeout(10s)
      node x.flaky() -> int effect read throws flaky timeout(10s)
      workflow w() -> int {
        step b = x.flaky() with retry(2, backoff: fixed(10s), jitter: false)
        step a = x.slow(n: 1)
        output a + b
      }
      """, nodes: [Self.node, flaky])
    let start = harness.clock.now()
    #expect(Self.isPaused(try await harness.start(in: store), because: "the bank is down"))
    #expect(flaky.calls.count == 1)
    await harness.clock.sleep(until: try #require(start.adding(Self.seconds(4))))
    try await Self.tell(.resume, harness, store)
    guard case .ended(.failed(let failure)) = try await harness.resume(in: store) else { throw Unexpected("it fails") }
    #expect(failure.attempt == 2)
    // The delay counts from the failure.
    #expect(harness.clock.now().since(start) == Self.seconds(10))
  }

  @Test func aRunThatIsPausedDoesNotEnd() async throws {
    let store = PausingStore()
    let harness = try RunHarness(
      """
      node x.slow(n: int) -> int effect once timeout(10s)
      workflow w() -> int {
        step a = x.slow(n: 1)
        output a
      }
      """, nodes: [Self.node])
    #expect(Self.isPaused(try await harness.start(in: store), because: "the bank is down"))
    try await Self.tell(.resume, harness, store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(1))))
  }

  private static let waiting = """
    workflow w() -> string {
      wait a = any {
        asked: signal("ack")
        late: delay(1h)
      }
      output a.chosen == asked ? "asked" : "late"
    }
    """

  /// A wait whose time passes meanwhile is over when the run goes on, unless what it waits for came before.
  @Test(arguments: [(true, "asked"), (false, "late")])
  func timesAndSignalsTakeEffectWhenTheRunGoesOn(_ isAsked: Bool, _ output: String) async throws {
    var harness = try RunHarness(Self.waiting)
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected("it waits") }
    try await Self.tell(.pause(reason: nil), harness, store)
    guard case .pausedByHand = try await harness.resume(in: store) else { throw Unexpected("it is paused") }
    await harness.clock.sleep(until: try #require(start.adding(Self.seconds(7200))))
    #expect(try await store.due(at: harness.clock.now(), limit: 9).runs == [])
    guard case .pausedByHand = try await harness.resume(in: store) else { throw Unexpected("it is paused") }
    if isAsked {
      try await Self.tell(.signal(SignalName("ack"), .null), harness, store)
      guard case .pausedByHand = try await harness.resume(in: store) else { throw Unexpected("it is paused") }
    }
    try await Self.tell(.resume, harness, store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.text(output))))
  }

  @Test func aRunThatIsPausedCanBeCancelled() async throws {
    let store = PausingStore()
    let harness = try RunHarness(
      """
      node x.slow(n: int) -> int effect once timeout(10s)
      workflow w() -> int {
        step a = x.slow(n: 1) with compensate(debug.echo(value: 5))
        step b = debug.echo(value: a)
        output b
        finally {
          step last = debug.echo(value: 6)
        }
      }
      """, nodes: [Self.node])
    guard case .pausedByHand = try await harness.start(in: store) else { throw Unexpected("it is paused") }
    try await Self.tell(.cancel, harness, store)
    #expect(try await harness.resume(in: store) == .ended(.cancelled))
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.filter { $0.status == .succeeded }.map(\.path) == ["a", "a@compensate", "last"])
  }

  /// Neither what came to its turn meanwhile nor an attempt that came due.
  @Test func nothingThatWasHeldStartsWhenTheRunIsCancelled() async throws {
    let store = PausingStore(cancellingAfter: "c")
    let fast = ScriptedNode("x.fast") { call in .value(call["n"]) }
    let flaky = ScriptedNode("x.flaky") { _ throws(NodeFailure) in throw NodeFailure("flaky", "not this time") }
    let harness = try RunHarness(
      """
      node x.slow(n: int) -> int effect once timeout(10s)
      node x.fast(n: int) -> int effect keyed timeout(10s)
      node x.flaky() -> int effect read throws flaky timeout(10s)
      workflow w() -> int {
        step d = x.fast(n: 1)
        step e = x.flaky() with retry(2, backoff: fixed(500ms), jitter: false)
        step a = x.slow(n: d)
        step c = debug.sleep(duration: 700ms) after d
        step b = x.fast(n: a) after c
        step held = x.fast(n: d + 1) after c
        step last = x.fast(n: held + b + e)
        output last
      }
      """, nodes: [Self.node, fast, flaky])
    #expect(try await harness.start(in: store) == .ended(.cancelled))
    #expect(fast.calls == [[.int(1)]] && flaky.calls.count == 1)
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    let statuses = Dictionary(uniqueKeysWithValues: steps.map { ($0.path, $0.status) })
    #expect(statuses["c"] == .succeeded && statuses["held"] == .cancelled && statuses["e"] == .cancelled)
  }

  /// Where the call waits for the journal when the pause comes, it has not begun.
  @Test func whatWaitsForTheJournalHasNotBegun() async throws {
    let store = PausingStore(over: CrashingStore(.late(turns: 50)))
    let fast = ScriptedNode("x.fast") { call in .value(call["n"]) }
    let harness = try RunHarness(
      """
      node x.slow(n: int) -> int effect once timeout(10s)
      node x.fast(n: int) -> int effect keyed timeout(10s)
      node x.quick() -> int effect read timeout(10s)
      workflow w() -> int {
        step a = x.slow(n: 1)
        step b = x.quick()
        step held = x.fast(n: b)
        output a + held
      }
      """, nodes: [Self.node, fast, QuickNode(name: "x.quick")])
    #expect(Self.isPaused(try await harness.start(in: store), because: "the bank is down"))
    #expect(fast.calls.isEmpty)
    try await Self.tell(.resume, harness, store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(3))))
    #expect(fast.calls.count == 1)
  }

  /// A message that is there before a process begins holds already what that process would start first.
  @Test func aPauseIsReadBeforeAnythingStarts() async throws {
    let store = CrashingStore(.before(2))
    let node = ScriptedNode("x.slow") { _ in .value(.int(1)) }
    let harness = try RunHarness(Self.chain, nodes: [node])
    await #expect(throws: RunStoreError.self) { try await harness.start(in: store) }
    try await Self.tell(.pause(reason: nil), harness, store.survivor)
    guard case .pausedByHand = try await harness.resume(in: store.survivor) else { throw Unexpected("it is paused") }
    #expect(node.calls.isEmpty)
    try await Self.tell(.resume, harness, store.survivor)
    #expect(try await harness.resume(in: store.survivor) == .ended(.succeeded(.int(2))))
  }

  /// Nothing of a run may be lost or done twice, wherever it crashes while it is paused and resumed.
  @Test func aPausedRunSurvivesACrashAtEveryCall() async throws {
    var crashes = 0
    while true {
      let store = CrashingStore(.before(crashes + 1), over: PausingStore())
      let node = ScriptedNode("x.slow") { call in .after(Self.seconds(1), call["n"]) }
      let harness = try RunHarness(Self.chain, nodes: [node])
      if (try? await harness.start(in: store)) == nil, try await store.survivor.runs(limit: 1).isEmpty {
        _ = try await harness.start(in: store.survivor)
      }
      var stop = try await harness.resume(in: store.survivor)
      while stop != .ended(.succeeded(.int(2))) {
        switch stop {
        case .pausedByHand: try await Self.tell(.resume, harness, store.survivor)
        case .paused(let steps):
          for step in steps { try await harness.settle(step, .done(.int(1)), in: store.survivor) }
        default: throw Unexpected("\(stop)")
        }
        stop = try await harness.resume(in: store.survivor)
      }
      #expect(node.calls.count <= 1, "\(crashes)")
      if !store.hasFailed { break }
      crashes += 1
    }
    #expect(crashes > 3)
  }
}

/// Answers 2, from a task of its own.
private struct QuickNode: NodeImplementation {
  let name: String
  func call(_ call: NodeCall, in context: NodeContext) async throws -> Value { .int(2) }
}

private struct Unexpected: Error {
  let what: String
  init(_ what: String) { self.what = what }
}

/// A store in which somebody pauses the run, once, just before the step `a` begins, and cancels it when another step
/// has succeeded.
private final class PausingStore: WrappingStore {
  let wrapped: any RunStore
  private let isDone = Atomic(false)
  private let last: String?

  init(over wrapped: any RunStore = InMemoryRunStore(), cancellingAfter last: String? = nil) {
    self.wrapped = wrapped
    self.last = last
  }

  func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    try await wrapped.append(batch, to: run, state)
    let events = try JournalCodec.decode(batch)
    if let last, events.contains(where: { $0.path == last && $0.isCompletion }) {
      _ = try await send(.cancel, to: run, deduplication: nil, at: state.at)
    }
    let isBegun = events.contains { $0.path == "a" && $0.kind == .attemptStarted(attempt: 1) }
    guard isBegun, !isDone.exchange(true, ordering: .relaxed) else { return }
    _ = try await send(.pause(reason: "the bank is down"), to: run, deduplication: nil, at: state.at)
  }
}
