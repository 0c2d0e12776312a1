import DxshCompiler
import DxshExpressions
import DxshNodes
import DxshPlan
import DxshRuntime
import DxshSyntax
import DxshTestSupport
import DxshTime
import Testing

/// Workflows run on a clock that jumps, with nodes that a test scripts.
struct RunTests {
  struct Run {
    let outcome: RunOutcome
    let events: [RecordedEvent]
    /// From the start to the end, on the run's clock.
    let elapsed: TimeSpan
  }

  static func run(
    _ text: String, nodes: [any NodeImplementation] = [], input: [Value] = [], optimized: Bool = true,
    maxParallel: Int = 64
  ) async throws -> Run {
    var harness = try RunHarness(text, nodes: nodes, input: input)
    harness.optimized = optimized
    harness.maxParallel = maxParallel
    let started = harness.clock.now()
    let store = InMemoryRunStore()
    guard case .ended(let outcome) = try await harness.start(in: store) else {
      throw RunStoreError(.unknownRun, "the run is paused")
    }
    return Run(
      outcome: outcome, events: try await harness.history(in: store).events,
      elapsed: harness.clock.now().since(started))
  }

  @Test(arguments: [(8, 1), (1, 8), (3, 3)])
  func sleepersOverlapAsFarAsTheyMay(_ width: Int, _ seconds: Int) async throws {
    let run = try await Self.run(
      """
      workflow w() {
        for i in [1, 2, 3, 4, 5, 6, 7, 8] with parallel(\(width)) {
          step nap = debug.sleep(duration: 1s)
        }
      }
      """)
    #expect(run.outcome == .succeeded(.none))
    #expect(run.elapsed == TimeSpan(milliseconds: Int64(seconds) * 1000))
  }

  /// Each workflow calls the next one twice, side by side: what would be 2^30 steps ends at the limit.
  @Test func callsOfCallsAreLimited() async throws {
    let calls = (0..<30).map { "workflow w\($0)() {\n  step a = w\($0 + 1)()\n  step b = w\($0 + 1)()\n}" }
    let last = "workflow w30() {\n  step nap = debug.sleep(duration: 1h)\n}"
    let run = try await Self.run((calls + [last]).joined(separator: "\n"))
    guard case .failed(let failure) = run.outcome else {
      Issue.record("\(run.outcome)")
      return
    }
    #expect(failure.kind == "limit" && failure.message.contains("\(Interpreter.calledWorkflowLimit) called workflows"))
  }

  @Test func resultsAreInTheOrderOfTheInput() async throws {
    let run = try await Self.run(
      """
      workflow w() -> list<list<int>> {
        for i, x in [30, 20, 10] {
          step nap = debug.sleep(duration: 1ms * x)
          for y in [1, 2] {
            step z = debug.echo(value: x * y + i)
          }
        }
        output z
      }
      """)
    let rows: [[Int64]] = [[30, 60], [21, 41], [12, 22]]
    #expect(run.outcome == .succeeded(.list(rows.map { .list($0.map(Value.int)) })))
  }

  @Test func retriesWaitAndGiveUp() async throws {
    let node = ScriptedNode("x.fail") { call throws(NodeFailure) in
      if call.attempt < 3 { throw NodeFailure("flaky", "not yet") }
      return .value(.int(Int64(call.attempt)))
    }
    let text = """
      node x.fail() -> int
        effect read
        throws flaky
        timeout(1s)
      workflow w(n: int) -> int {
        step a = x.fail() with retry(n, backoff: exponential(1s, max: 1m), jitter: false)
        output a
      }
      """
    let enough = try await Self.run(text, nodes: [node], input: [.int(3)])
    #expect(enough.outcome == .succeeded(.int(3)))
    #expect(enough.elapsed == TimeSpan(milliseconds: 3000))
    let few = try await Self.run(text, nodes: [node], input: [.int(2)])
    #expect(few.outcome == .failed(RunFailure(kind: "flaky", message: "not yet", path: "a", attempt: 2)))
  }

  @Test func timeoutsEndAnAttempt() async throws {
    let run = try await Self.run(
      """
      workflow w() {
        step a = debug.sleep(duration: 1h) with timeout(2s)
      }
      """)
    guard case .failed(let failure) = run.outcome else {
      Issue.record("the run should fail")
      return
    }
    #expect(failure.kind == "timeout")
    #expect(run.elapsed == TimeSpan(milliseconds: 2000))
  }

  static let pick = """
    node x.pick(n: int) -> int
      effect read
      throws odd
      timeout(1s)

    """
  static let pickNode: @Sendable () -> ScriptedNode = {
    ScriptedNode("x.pick") { call throws(NodeFailure) in
      guard case .int(let number) = call["n"], number % 2 == 0 else {
        throw NodeFailure("odd", "\(call["n"].summary) is odd")
      }
      return .value(.int(number * 10))
    }
  }

  @Test func skippedInstancesLeaveNone() async throws {
    let run = try await Self.run(
      Self.pick + """
        workflow w() -> { good: list<int>, bad: list<string> } {
          for n in [1, 2, 3, 4] collect failures {
            step a = x.pick(n: n)
          }
          output { good: a.unwrapOpt(), bad: failures.map(f, "${f.index}:${f.item}:${f.error.kind}") }
        }
        """, nodes: [Self.pickNode()])
    guard case .succeeded(.record(let record)) = run.outcome else {
      Issue.record("the run should succeed: \(run.outcome)")
      return
    }
    #expect(record["good"] == .list([.int(20), .int(40)]))
    #expect(record["bad"] == .list([.text("0:1:odd"), .text("2:3:odd")]))
  }

  @Test func theFirstFailureStopsALoop() async throws {
    let node = Self.pickNode()
    let run = try await Self.run(
      Self.pick + """
        workflow w() {
          for n in [2, 3, 4, 6] with parallel(1) {
            step a = x.pick(n: n)
          }
          step after_it = x.pick(n: a.sum())
        }
        """, nodes: [node])
    #expect(run.outcome == .failed(RunFailure(kind: "odd", message: "3 is odd", path: "a[1]", attempt: 1)))
    #expect(node.calls == [[.int(2)], [.int(3)]])
  }

  @Test func aFailureCancelsWhatRuns() async throws {
    let run = try await Self.run(
      Self.pick + """
        workflow w() {
          step long = debug.sleep(duration: 1h)
          step short = debug.sleep(duration: 1s)
          step bad = x.pick(n: 1) after short
        }
        """, nodes: [Self.pickNode()])
    #expect(run.outcome == .failed(RunFailure(kind: "odd", message: "1 is odd", path: "bad", attempt: 1)))
    #expect(run.elapsed == TimeSpan(milliseconds: 1000))
    #expect(run.events.contains { $0.path == "long" && $0.kind == .cancelled })
  }

  @Test func guardsAssertsAndSequencesOrder() async throws {
    let node = Self.pickNode()
    let run = try await Self.run(
      Self.pick + """
        workflow w(c: bool) -> string {
          if c {
            step a = x.pick(n: 2)
          } else {
            step a = x.pick(n: 4)
          }
          assert a > 30, "a is ${a}"
          sequence {
            step b = x.pick(n: 6)
            step d = x.pick(n: 8)
          }
          output "${a} ${b} ${d}"
        }
        """, nodes: [node], input: [.bool(false)])
    #expect(run.outcome == .succeeded(.text("40 60 80")))
    #expect(node.calls == [[.int(4)], [.int(6)], [.int(8)]])
    let failed = try await Self.run(
      Self.pick + "workflow w() {\n  step a = x.pick(n: 2)\n  assert a > 30, \"a is ${a}\"\n  step b = x.pick(n: 6)\n}",
      nodes: [node])
    #expect(failed.outcome == .failed(RunFailure(kind: "assertion", message: "a is 20", path: "assert(1)", attempt: 0)))
    #expect(node.calls.count == 4)
  }

  @Test func answersOffTheirTypeAreRefused() async throws {
    let run = try await Self.run(
      "node x.lie() -> int\n  effect read\n  timeout(1s)\nworkflow w() {\n  step a = x.lie()\n}",
      nodes: [ScriptedNode("x.lie") { _ in .value(.text("n/a")) }])
    guard case .failed(let failure) = run.outcome else {
      Issue.record("the run should fail")
      return
    }
    #expect(failure.kind == "decode")
    #expect(failure.message.contains("expected int, found \"n/a\""))
  }

  @Test func deepChainsAndWideLoopsAreNoRecursion() async throws {
    let count = 20_000
    let chain = (1...count).map { "  step s\($0) = debug.echo(value: s\($0 - 1) + 1)" }.joined(separator: "\n")
    let run = try await Self.run(
      "workflow w() -> int {\n  step s0 = debug.echo(value: 0)\n\(chain)\n  output s\(count)\n}")
    #expect(run.outcome == .succeeded(.int(Int64(count))))
  }
}
