import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// What a run that is gone on with knows of what was before.
struct ResumeTests {
  private static let declaration = """
    node x.act(n: int) -> int
      effect read
      throws flaky
      timeout(10s)

    """

  @Test func aRetryKeepsItsNumberAndItsTime() async throws {
    let attempts = Mutex<[Int]>([])
    let node = ScriptedNode("x.act") { call throws(NodeFailure) in
      attempts.withLock { $0.append(call.attempt) }
      if call.attempt < 3 { throw NodeFailure("flaky", "not yet") }
      return .value(.int(1))
    }
    let harness = try RunHarness(
      Self.declaration + """
        workflow w() -> int {
          step a = x.act(n: 1) with retry(3, backoff: fixed(1h), jitter: false)
          output a
        }
        """, nodes: [node])
    let start = harness.clock.now()
    let failed = RecordedEvent(
      path: "a", kind: .attemptFailed(attempt: 1, kind: "flaky", message: "not yet"), at: start)
    let journal = RunHistory(input: [], startedAt: start).events + [failed]
    // The next process comes ten minutes later.
    await harness.clock.sleep(until: start.adding(TimeSpan(nanoseconds: 600_000_000_000)) ?? start)
    let history = try RunHistory([JournalBatch(number: 0, bytes: JournalCodec.encode(journal))])
    let store = InMemoryRunStore(recording: false)
    #expect(try await harness.engine(history, store).run() == .ended(.succeeded(.int(1))))
    #expect(attempts.withLock { $0 } == [2, 3])
    #expect(harness.clock.now().since(start) == TimeSpan(nanoseconds: 7_200_000_000_000))
  }

  /// A process stands still between the writing of a step's intent and its call, and another takes the run meanwhile.
  @Test func aStepOfARunThatWasTakenIsNotCalled() async throws {
    let node = ScriptedNode("x.pay") { _ in .value(.int(1)) }
    let harness = try RunHarness(
      """
      node x.pay() -> int
        effect once
        timeout(10s)

      workflow w() -> int {
        step a = x.pay()
        output a
      }
      """, nodes: [node])
    let store = TakenStore()
    let claim = RunClaim(isHeld: { store.isTaken.load(ordering: .relaxed) == false }) {}
    let history = RunHistory(input: [], startedAt: harness.clock.now())
    let error = await #expect(throws: RunStoreError.self) {
      try await harness.engine(history, store, claim: claim).run()
    }
    #expect(error?.kind == .taken)
    #expect(node.calls.isEmpty)
  }

  @Test func anAttemptThatTimesOutIsIndeterminate() async throws {
    let harness = try RunHarness(
      """
      workflow w() -> int {
        step a = debug.sleep(duration: 1h) with timeout(1s), assume(once, reason: "a test")
        step b = debug.echo(value: 7) after a
        output b
      }
      """)
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .paused(indeterminate: ["a"]))
    #expect(try await store.run("r").summary.status == .paused)
    #expect(try await harness.resume(in: store) == .paused(indeterminate: ["a"]))
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.map(\.status) == [.indeterminate])
    try await harness.settle("a", .done(.none), in: store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(7))))
    #expect(try await store.run("r").summary.status == .succeeded)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(7))))
  }

  @Test func aNodeMaySayThatItDoesNotKnow() async throws {
    let node = ScriptedNode("x.act") { call throws(NodeFailure) in
      throw NodeFailure("flaky", "cut off", isOutcomeUnknown: call["n"] == .int(1))
    }
    let text =
      Self.declaration + """
        workflow w(n: int) {
          step a = x.act(n: n) with assume(once, reason: "a test")
        }
        """
    let unknown = try RunHarness(text, nodes: [node], input: [.int(1)])
    #expect(try await unknown.start(in: InMemoryRunStore()) == .paused(indeterminate: ["a"]))
    let known = try RunHarness(text, nodes: [node], input: [.int(2)])
    let failure = RunFailure(kind: "flaky", message: "cut off", path: "a", attempt: 1)
    #expect(try await known.start(in: InMemoryRunStore()) == .ended(.failed(failure)))
    // Where nothing is kept, nobody could settle it.
    guard case .ended(.failed(let lost)) = try await unknown.start(in: InMemoryRunStore(recording: false)) else {
      Issue.record("an ephemeral run does not pause")
      return
    }
    #expect(lost.kind == "indeterminate")
  }

  @Test(arguments: [(4, 100), (1, 1)])
  func stepsThatWaitForAPersonTakeNoPlace(_ width: Int, _ indeterminate: Int) async throws {
    let items = (0..<100).map(String.init).joined(separator: ", ")
    let harness = try RunHarness(
      """
      workflow w() -> int {
        for i in [\(items)] with parallel(\(width)) {
          for j in [1] {
            step a = debug.sleep(duration: 1h) with timeout(1s), assume(once, reason: "a test")
          }
          step b = debug.echo(value: i) after a
        }
        output b.sum()
      }
      """)
    let store = InMemoryRunStore()
    guard case .paused(let steps) = try await harness.start(in: store) else {
      Issue.record("the run is paused")
      return
    }
    #expect(steps.count == indeterminate)
    for step in steps.dropLast() { try await harness.settle(step, .done(.none), in: store) }
    if let last = steps.last { try await harness.settle(last, .retry, in: store) }
    #expect(try await harness.resume(in: store) != .ended(.cancelled))
    if width == 1 { return }
    let open = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(open.filter { $0.status == .succeeded }.count == 2 * 99)
    if let last = steps.last { try await harness.settle(last, .fail(message: "no"), in: store) }
    guard case .ended(.failed(let failure)) = try await harness.resume(in: store) else {
      Issue.record("the run fails")
      return
    }
    #expect(failure.kind == "indeterminate" && failure.path == steps.last)
  }

  @Test func aJournalThatDoesNotFitItsPlanIsRefused() async throws {
    let harness = try RunHarness("workflow w() -> int {\n  step a = debug.echo(value: 7)\n  output a\n}")
    let store = CrashingStore(.before(2))
    await #expect(throws: RunStoreError.self) { try await harness.start(in: store) }
    for (path, value) in [("a", Value.text("n/a")), ("a[3]", .int(7))] {
      let events = try await harness.history(in: store.survivor).events
      let wrong = RecordedEvent(path: path, kind: .succeeded(value), at: harness.clock.now())
      let batch = JournalBatch(number: 0, bytes: JournalCodec.encode(events + [wrong]))
      let error = await #expect(throws: RunStoreError.self) {
        _ = try await harness.engine(try RunHistory([batch]), InMemoryRunStore()).run()
      }
      #expect(error?.kind == .damaged)
    }
  }
}

/// A store in which another process takes the run after the first batch.
private final class TakenStore: WrappingStore {
  let wrapped: any RunStore = InMemoryRunStore()
  let isTaken = Atomic(false)

  func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    if isTaken.exchange(true, ordering: .relaxed) { throw .taken(run) }
  }
}
