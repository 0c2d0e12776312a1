import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// `deadline` on the call of a workflow: when all of it has to be over.
struct WorkflowDeadlineTests {
  private static let hour = TimeSpan(nanoseconds: 3_600_000_000_000)

  /// Remembers the keys of effects.
  private final class Outside: Sendable {
    private let state = Mutex<[String]>([])
    var keys: [String] { state.withLock { $0 } }

    var nodes: [any NodeImplementation] {
      ["x.do", "x.undo"].map { name in
        ScriptedNode(name) { [self] call in
          state.withLock { $0.append(call.key) }
          return .value(call["n"])
        }
      }
    }
  }

  private func harness(_ outside: Outside, _ policies: String, _ caller: String? = nil) throws -> RunHarness {
    var harness = try RunHarness(
      """
      node x.do(n: int) -> int effect keyed timeout(1h)
      node x.undo(n: int) -> int effect keyed timeout(1h)
      \(caller ?? "workflow w() -> int {\n  step load = sub() with \(policies)\n  output load\n}")
      workflow sub() -> int {
        step a = x.do(n: 1) with compensate(x.undo(n: self))
        wait go = signal("go") as int after a
        step b = x.do(n: go)
        output b
        finally {
          step last = x.do(n: 3)
        }
      }
      """, nodes: outside.nodes)
    harness.leaving = .whenWaiting
    return harness
  }

  private func send(_ value: Int64, _ harness: RunHarness, _ store: any RunStore) async throws {
    let signal = RunMessage.signal(SignalName("go"), .int(value))
    _ = try await store.send(signal, to: "r", deduplication: nil, at: harness.clock.now())
  }

  private func append(_ event: RecordedEvent, _ harness: RunHarness, _ store: any RunStore) async throws {
    let history = try await harness.history(in: store)
    let batch = JournalBatch(number: history.nextBatch, bytes: JournalCodec.encode([event]))
    let claim = try await store.claim(RunHarness.runID)
    defer { withExtendedLifetime(claim) {} }
    let state = RunState(.running, at: harness.clock.now(), dueAt: .epoch, seen: history.seen)
    try await store.append(batch, to: RunHarness.runID, state)
  }

  private static let failure = RunFailure(
    kind: "deadline", message: "its deadline has passed", path: "load", attempt: 1)

  /// Counted from its beginning, whatever process is at the run then.
  @Test func whatIsUnderWayIsCutOffAndUndone() async throws {
    let outside = Outside()
    let harness = try harness(outside, "deadline(1h), retry(9)")
    let store = InMemoryRunStore()
    let due = try #require(harness.clock.now().adding(Self.hour))
    guard case .waiting(let waits) = try await harness.start(in: store) else { throw Unexpected() }
    #expect(waits.map(\.path) == ["load/go"])
    #expect(try await store.due(at: harness.clock.now(), limit: 9) == DueRuns(runs: [], next: due))
    await harness.clock.sleep(until: due)
    #expect(try await harness.resume(in: store) == .ended(.failed(Self.failure)))
    #expect(outside.keys == ["r/load/a", "r/load/a@compensate", "r/load/last"])
  }

  @Test func whatIsInTimeIsNotCutOff() async throws {
    let outside = Outside()
    let harness = try harness(outside, "deadline(1h)")
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    try await send(7, harness, store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(7))))
  }

  /// With as much time as at first.
  @Test func aReopenedRunHasItsTimeAgain() async throws {
    let outside = Outside()
    let harness = try harness(outside, "deadline(1h)")
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    await harness.clock.sleep(until: harness.clock.now().adding(Self.hour) ?? .epoch)
    #expect(try await harness.resume(in: store) == .ended(.failed(Self.failure)))
    await harness.clock.sleep(until: harness.clock.now().adding(Self.hour) ?? .epoch)
    let history = try await harness.history(in: store)
    let reopening = try await Reopening(of: history, harness.plan) { history in
      do { return try harness.engine(history, store) } catch { preconditionFailure("\(error)") }
    }
    #expect(reopening.dropped == ["load/a", "load/a@compensate", "load/last", "load@deadline"])
    let event = RecordedEvent(path: "", kind: .reopened(dropped: reopening.dropped), at: harness.clock.now())
    try await append(event, harness, store)
    let due = try #require(harness.clock.now().adding(Self.hour))
    guard case .waiting = try await harness.resume(in: store) else { throw Unexpected() }
    let next = try await store.due(at: harness.clock.now(), limit: 9)
    #expect(next == DueRuns(runs: [], next: due))
    try await send(8, harness, store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(8))))
  }

  /// A call around that begins anew after another failure comes to the same without waiting once more.
  @Test func whatPassedPassesAgainAtOnce() async throws {
    let outside = Outside()
    var harness = try harness(
      outside, "",
      """
      node x.shaky() -> int effect read throws flaky timeout(1h)
      workflow w() -> int {
        step all = outer() with retry(3)
        output all
      }
      workflow outer() -> int {
        try {
          step load = sub() with deadline(1h)
        } catch e {
          step handled = x.do(n: 5)
        }
        wait more = delay(10s) after handled
        step shaky = x.do(n: 6) after more
        assert shaky < 6, "no"
        output shaky
      }
      """)
    harness.leaving = .never
    let start = harness.clock.now()
    guard case .ended(.failed(let failure)) = try await harness.start(in: InMemoryRunStore()) else {
      throw Unexpected()
    }
    #expect(failure.kind == "assertion")
    #expect(harness.clock.now().since(start).inShort == "1h")
    #expect(outside.keys.filter { $0 == "r/all/load/a" }.count == 1)
  }

  /// While a person is asked about a step inside, it does not pass; it counts anew from the decision.
  @Test func whatAPersonDecidesTakesNoneOfItsTime() async throws {
    var harness = try RunHarness(
      """
      workflow w() -> string {
        step load = sub() with deadline(1h)
        output load
      }
      workflow sub() -> string {
        step lost = debug.sleep(duration: 2h) with timeout(30m), assume(once, reason: "a test")
        wait go = delay(50m) after lost
        step b = debug.echo(value: "over") after go
        output b
      }
      """)
    harness.leaving = .never
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .paused(indeterminate: ["load/lost"]))
    await harness.clock.sleep(until: harness.clock.now().adding(Self.hour) ?? .epoch)
    #expect(try await harness.resume(in: store) == .paused(indeterminate: ["load/lost"]))
    try await harness.settle("load/lost", .done(.none), in: store)
    let settled = harness.clock.now()
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.string("over"))))
    #expect(harness.clock.now().since(settled).inShort == "50m")
  }

  /// The delay before another attempt would end too late.
  @Test func anAttemptThatWouldBeginAfterItIsNotMade() async throws {
    let harness = try RunHarness(
      """
      workflow w() {
        step load = sub() with retry(9, backoff: fixed(40m), jitter: false), deadline(1h)
      }
      workflow sub() {
        step nap = debug.sleep(duration: 1h) with timeout(1s)
      }
      """)
    let start = harness.clock.now()
    guard case .ended(.failed(let failure)) = try await harness.start(in: InMemoryRunStore()) else {
      throw Unexpected()
    }
    let message = "its deadline passes before attempt 3; attempt 2 ended with timeout: no answer in time"
    #expect(failure == RunFailure(kind: "deadline", message: message, path: "load", attempt: 2))
    #expect(harness.clock.now().since(start).inShort == "40m2s")
  }

  @Test func aDeadlineOfNoTimeIsNone() async throws {
    let harness = try RunHarness(
      """
      workflow w(span: duration = 0s) {
        step load = sub() with deadline(span)
      }
      workflow sub() {
        step nap = debug.sleep(duration: 1s)
      }
      """)
    let message = "`deadline` takes a duration above 0s, not 0s"
    let failure = RunFailure(kind: "limit", message: message, path: "load", attempt: 0)
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.failed(failure)))
  }
}

private struct Unexpected: Error {}
