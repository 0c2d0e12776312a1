import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// `deadline`: when all attempts of a step have to be over.
struct DeadlineTests {
  private static let hour = TimeSpan(nanoseconds: 3_600_000_000_000)

  /// Its first attempt fails at once, its second takes two hours; another begins 40 minutes after a failure.
  private func harness(_ effect: String = "read", _ policies: String = "") throws -> (RunHarness, ScriptedNode) {
    let node = ScriptedNode("x.act") { call throws(NodeFailure) in
      if call.attempt == 1 { throw NodeFailure("flaky", "not this time") }
      return .after(TimeSpan(nanoseconds: 7_200_000_000_000), .int(1))
    }
    var harness = try RunHarness(
      """
      node x.act() -> int effect read throws flaky timeout(9h)
      node x.look() -> int? effect read timeout(1m)

      workflow w() -> int {
        step act = x.act()
          with assume(\(effect), reason: "a test"), deadline(1h),
            retry(5, backoff: fixed(40m), jitter: false)\(policies)
        output act
      }
      """, nodes: [node, ScriptedNode("x.look") { _ in .value(.none) }])
    harness.leaving = .whenWaiting
    return (harness, node)
  }

  private func failure(of stop: EngineStop) -> RunFailure? {
    if case .ended(.failed(let failure)) = stop { failure } else { nil }
  }

  /// Counted from when the step could start, whatever happened to its processes.
  @Test func theSameMomentHoldsInAnotherProcess() async throws {
    let (harness, node) = try harness()
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    await harness.clock.sleep(until: start.adding(TimeSpan(nanoseconds: 2_400_000_000_000)) ?? start)
    let failure = failure(of: try await harness.resume(in: store))
    #expect(failure == RunFailure(kind: "deadline", message: "its deadline has passed", path: "act", attempt: 2))
    #expect(harness.clock.now().since(start) == Self.hour)
    #expect(node.calls.count == 2)
  }

  /// Nobody was at the run when it passed.
  @Test func anAttemptThatWouldBeginAfterItIsNotMade() async throws {
    let (harness, node) = try harness()
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    await harness.clock.sleep(until: start.adding(TimeSpan(nanoseconds: 5_000_000_000_000)) ?? start)
    let failure = failure(of: try await harness.resume(in: store))
    #expect(failure?.kind == "deadline" && failure?.attempt == 2)
    #expect(node.calls.count == 1)
  }

  /// A `once` attempt that is cut off is indeterminate.
  @Test func nobodyKnowsOfWhatIsCutOff() async throws {
    let (harness, node) = try harness("once", ", on_interrupt(verify(x.look()))")
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    await harness.clock.sleep(until: start.adding(TimeSpan(nanoseconds: 2_400_000_000_000)) ?? start)
    var stop = try await harness.resume(in: store)
    // Before the next attempt it is asked, after as long as before any other.
    if case .waiting = stop {
      await harness.clock.sleep(until: start.adding(TimeSpan(nanoseconds: 6_000_000_000_000)) ?? start)
      stop = try await harness.resume(in: store)
    }
    #expect(failure(of: stop)?.kind == "deadline")
    let kinds = try await harness.history(in: store).events.filter { $0.path == "act" }.map(\.kind)
    let message = "it is not known whether it took place: its deadline has passed"
    #expect(kinds.contains(.indeterminate(attempt: 2, message: message)))
    #expect(node.calls.count == 2)
  }
}

private struct Unexpected: Error {}
