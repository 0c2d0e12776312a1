import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// What counts from the beginning of a step's first attempt, and up to it: `budget` and `start_by`.
struct BeginningTests {
  private static let minute = TimeSpan(nanoseconds: 60_000_000_000)

  private func harness(_ body: String, _ node: ScriptedNode? = nil) throws -> RunHarness {
    var harness = try RunHarness(
      """
      node x.act() -> int effect read throws flaky timeout(9h)
      workflow w() -> string {
      \(body)
      }
      """, nodes: [node ?? ScriptedNode("x.act") { _ in .value(.int(1)) }])
    harness.leaving = .whenWaiting
    return harness
  }

  private func failure(of stop: EngineStop) -> RunFailure? {
    if case .ended(.failed(let failure)) = stop { failure } else { nil }
  }

  private func pass(_ span: TimeSpan, _ harness: RunHarness) async {
    await harness.clock.sleep(until: harness.clock.now().adding(span) ?? .epoch)
  }

  private static func failing() -> ScriptedNode {
    ScriptedNode("x.act") { call throws(NodeFailure) in throw NodeFailure("flaky", "attempt \(call.attempt)") }
  }

  // MARK: - Budgets

  @Test func aBudgetCountsFromTheFirstAttempt() async throws {
    let node = Self.failing()
    let harness = try harness(
      "step act = x.act() with retry(9, backoff: fixed(4m), jitter: false, budget: 10m)\noutput \"${act}\"", node)
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    // The second attempt is late: the third would begin after 10 minutes.
    await pass(TimeSpan(nanoseconds: 7 * 60_000_000_000), harness)
    let failure = failure(of: try await harness.resume(in: store))
    let message = "attempt 2; the budget of 10m is used up before attempt 3"
    #expect(failure == RunFailure(kind: "flaky", message: message, path: "act", attempt: 2))
    #expect(harness.clock.now().since(start).inShort == "7m")
    #expect(node.calls.count == 2)
    let history = try await harness.history(in: store)
    let timeline = RunTimeline(history, try await harness.inspect(in: store), now: harness.clock.now())
    #expect(timeline.rows.map(\.isOutOfBudget) == [true])
    #expect(TimelineText(timeline, width: 120, showsAll: false).text.contains("2 attempts, out of budget, 2 failed"))
  }

  /// Of the call of a workflow it counts from its beginning.
  @Test func aBudgetOfAWorkflowsCall() async throws {
    let harness = try RunHarness(
      """
      workflow w() {
        step load = sub() with retry(9, backoff: fixed(4m), jitter: false, budget: 10m)
      }
      workflow sub() {
        step nap = debug.sleep(duration: 1h) with timeout(1m)
      }
      """)
    let start = harness.clock.now()
    let failure = failure(of: try await harness.start(in: InMemoryRunStore()))
    #expect(failure?.kind == "timeout" && failure?.path == "load/nap")
    #expect(failure?.message == "no answer in time; the budget of 10m is used up before attempt 4")
    #expect(harness.clock.now().since(start).inShort == "11m")
  }

  @Test(arguments: [("retry(2, budget: d)", "`budget` of `retry`"), ("start_by(d)", "`start_by`")])
  func noTimeIsAMistake(_ policy: String, _ name: String) async throws {
    let node = ScriptedNode("x.act") { _ in .value(.int(1)) }
    let harness = try RunHarness(
      """
      node x.act() -> int effect read timeout(1m)
      workflow w(d: duration = 0s) -> int {
        step act = x.act() with \(policy)
        output act
      }
      """, nodes: [node])
    let failure = failure(of: try await harness.start(in: InMemoryRunStore()))
    #expect(failure?.kind == "limit" && failure?.message == "\(name) takes a duration above 0s, not 0s")
    #expect(node.calls.isEmpty)
  }

  // MARK: - start_by

  /// Its time of a rate would come too late: it fails at once, and leaves the time to others.
  @Test func aTimeOfARateThatComesTooLate() async throws {
    let harness = try harness(
      """
      step first = x.act() with rate(1, per: 1h, key: "r")
      step act = x.act() after first with rate(1, per: 1h, key: "r"), start_by(10m), retry(9)
      output "${act}"
      """)
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    let failure = failure(of: try await harness.start(in: store))
    let message = "no attempt began within the 10m of `start_by`: it waited for its time of the rate r"
    #expect(failure == RunFailure(kind: "timeout", message: message, path: "act", attempt: 1))
    #expect(harness.clock.now() == start)
  }

  /// A refusal is no beginning; what comes in time is made.
  @Test func aBreakerThatRefusesIsWaitedFor() async throws {
    func run(_ startBy: String) async throws -> (EngineStop, String) {
      let bad = ScriptedNode("x.bad") { _ throws(NodeFailure) in throw NodeFailure("flaky", "broken") }
      let harness = try RunHarness(
        """
        node x.act() -> int effect read timeout(1m)
        node x.bad() -> int effect read throws flaky timeout(1m)
        workflow w() -> string {
        try {
          step bad = x.bad() with breaker("b", failures: 1, window: 1m, open: 5m)
        } catch e {
          let why = e.message
        }
        step act = x.act() after why
          with breaker("b", failures: 1, window: 1m, open: 5m), start_by(\(startBy)),
            retry(9, backoff: fixed(1s), jitter: false)
        output why == "" ? "" : "${act}"
        }
        """, nodes: [bad, ScriptedNode("x.act") { _ in .value(.int(1)) }])
      let start = harness.clock.now()
      let stop = try await harness.start(in: InMemoryRunStore())
      return (stop, harness.clock.now().since(start).inShort)
    }
    let (late, at) = try await run("1m")
    #expect(failure(of: late)?.kind == "timeout" && at == "0s")
    let message = failure(of: late)?.message ?? ""
    #expect(
      message.hasPrefix("no attempt began within the 1m of `start_by`: it waited for another attempt"), "\(message)")
    #expect(message.contains("circuit_open, at attempt 1: the breaker b is open until"), "\(message)")
    #expect(try await run("10m") == (.ended(.succeeded(.string("1"))), "5m"))
  }

  /// What it uses of the machine is not free.
  @Test func aMachineThatIsBusy() async throws {
    var harness = try RunHarness(
      """
      workflow w() -> string {
        step nap = debug.sleep(duration: 1h) with uses(cpu: 1)
        step act = debug.echo(value: "act") with uses(cpu: 1), start_by(10m), priority(-1)
        output nap == {} ? act : ""
      }
      """)
    harness.resources = ResourceManager(.init(cpu: 1000, memory: 1 << 30))
    let start = harness.clock.now()
    let failure = failure(of: try await harness.start(in: InMemoryRunStore()))
    #expect(
      failure?.message == "no attempt began within the 10m of `start_by`: it waited for what it uses of the machine")
    #expect(harness.clock.now().since(start).inShort == "10m")
  }

  /// Counted from when it could begin, whatever happens to its processes.
  @Test func theSameMomentHoldsInAnotherProcess() async throws {
    let harness = try harness(
      """
      step first = x.act() with rate(1, per: 5m, key: "r")
      step act = x.act() after first with rate(1, per: 5m, key: "r"), start_by(10m)
      output "${act}"
      """)
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    await pass(TimeSpan(nanoseconds: 11 * 60_000_000_000), harness)
    #expect(failure(of: try await harness.resume(in: store))?.kind == "timeout")
  }

  /// Its process died when its first attempt had begun.
  @Test func whatHasBegunIsMadeAgain() async throws {
    let store = CrashingStore(.after(2))
    let text = "step act = debug.sleep(duration: 5m) with start_by(1m)\noutput act == {} ? \"slept\" : \"\""
    var harness = try harness(text)
    harness.leaving = .never
    await #expect(throws: RunStoreError.self) { _ = try await harness.start(in: store) }
    let events = try await harness.history(in: store.survivor).events
    #expect(events.last?.kind == .attemptStarted(attempt: 1))
    await pass(TimeSpan(nanoseconds: 3_600_000_000_000), harness)
    #expect(try await harness.resume(in: store.survivor) == .ended(.succeeded(.string("slept"))))
  }
}

private struct Unexpected: Error {}
