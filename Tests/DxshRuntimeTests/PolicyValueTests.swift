import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// Policies whose values are computed in the run, and make no sense there.
struct PolicyValueTests {
  /// The step fails with a sentence that names the policy and the value, before anything is called.
  @Test(arguments: [
    ("deadline(span)", "`deadline` takes a duration above 0s, not 0s"),
    ("timeout(span - 1s)", "`timeout` takes a duration above 0s, not -1s"),
    ("poll(until: self > 5, every: span, max: 3)", "`every` of `poll` takes a duration above 0s, not 0s"),
    ("poll(until: self > 5, every: 1s, max: n)", "`max` of `poll` takes at least 1, not 0"),
  ])
  func theStepFails(_ policy: String, _ message: String) async throws {
    let (failure, calls) = try await run(policy)
    #expect(failure == RunFailure(kind: "limit", message: message, path: "a", attempt: 0))
    #expect(calls == 0)
  }

  /// What is only needed after a failure is looked at then.
  @Test(arguments: [
    ("retry(3, backoff: fixed(span - 1s))", "`backoff` takes a duration from 0s, not -1s"),
    ("retry(3, backoff: linear(span - 1s))", "`backoff` takes a duration from 0s, not -1s"),
    ("retry(3, backoff: exponential(1s, max: span - 2s))", "`max` of `backoff` takes a duration from 0s, not -2s"),
    (
      "retry(3, backoff: exponential(1s, factor: double(n)))",
      "`factor` of `backoff` takes a finite number above 0, not 0.0"
    ),
    (
      "retry(3, backoff: exponential(1s, factor: double(n) - 2.0))",
      "`factor` of `backoff` takes a finite number above 0, not -2.0"
    ),
  ])
  func thereIsNoOtherAttempt(_ policy: String, _ message: String) async throws {
    let (failure, calls) = try await run(policy)
    #expect(failure == RunFailure(kind: "limit", message: message, path: "a", attempt: 1))
    #expect(calls == 1)
  }

  /// A power of the factor that no number holds, times no time, is no time.
  @Test func aDelayOfNoTimeStaysThat() async throws {
    let (failure, calls) = try await run("retry(1100, backoff: exponential(span, factor: 4.0))")
    #expect(failure?.kind == "flaky" && calls == 1100)
  }

  @Test func aCallOfAWorkflowFailsForItsPolicy() async throws {
    let harness = try RunHarness(
      """
      workflow w(span: duration = 0s) {
        step load = sub() with retry(3, backoff: fixed(span - 1s))
      }
      workflow sub() {
        step nap = debug.sleep(duration: 1s)
        fail "no"
      }
      """)
    let message = "`backoff` takes a duration from 0s, not -1s"
    let failure = RunFailure(kind: "limit", message: message, path: "load", attempt: 1)
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.failed(failure)))
  }

  @Test func aLoopFailsForItsPolicy() async throws {
    let harness = try RunHarness(
      """
      workflow w(n: int = 0) -> int {
        repeat r: int = 0 with max(n - 1) {
          next r + 1
        }
        output r
      }
      """)
    let failure = RunFailure(
      kind: "limit", message: "`max` of `repeat` takes at least 1, not -1", path: "repeat(1)", attempt: 0)
    let stop = try await harness.start(in: InMemoryRunStore())
    #expect(stop == .ended(.failed(failure)))
  }

  private func run(_ policies: String) async throws -> (RunFailure?, calls: Int) {
    let node = ScriptedNode("x.flaky") { _ throws(NodeFailure) in throw NodeFailure("flaky", "not this time") }
    let harness = try RunHarness(
      """
      node x.flaky() -> int effect read throws flaky timeout(1m)
      workflow w(span: duration = 0s, n: int = 0) -> int {
        step a = x.flaky() with \(policies)
        output n > 0 || span > 1s ? a : 0
      }
      """, nodes: [node])
    let stop = try await harness.start(in: InMemoryRunStore())
    if case .ended(.failed(let failure)) = stop { return (failure, node.calls.count) }
    return (nil, node.calls.count)
  }
}
