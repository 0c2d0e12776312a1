import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// `poll`: a call is repeated until its result is what is waited for.
struct PollTests {
  private static let text = """
    node x.state(job: int) -> string effect read throws flaky timeout(1m)

    workflow w() -> string {
      step state = x.state(job: 7) with poll(until: self != "running", every: 1h, max: 5), retry(2)
      output state
    }
    """

  /// Runs for so many calls, of which the one of a number fails.
  private func harness(_ running: Int, failing: Int = 0) throws -> (RunHarness, ScriptedNode) {
    let count = Mutex(0)
    let node = ScriptedNode("x.state") { call throws(NodeFailure) in
      let number = count.withLock { count in
        count += 1
        return count
      }
      if number == failing { throw NodeFailure("flaky", "not this time") }
      return .value(.string(Text(number > running ? "over" : "running")))
    }
    var harness = try RunHarness(Self.text, nodes: [node])
    harness.leaving = .whenWaiting
    return (harness, node)
  }

  /// No process is at the run between two polls, and each is at its time, however often the run is taken up.
  @Test func theRunIsLeftBetweenPolls() async throws {
    let (harness, node) = try harness(2)
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected("it waits") }
    for number in 1...2 {
      let due = try #require(start.adding(TimeSpan(nanoseconds: Int64(number) * 3_600_000_000_000)))
      #expect(try await store.run("r").summary.status == .waiting)
      #expect(try await store.due(at: harness.clock.now(), limit: 9) == DueRuns(runs: [], next: due))
      guard case .waiting = try await harness.resume(in: store) else { throw Unexpected("it waits still") }
      #expect(node.calls.count == number)
      await harness.clock.sleep(until: due)
      let stop = try await harness.resume(in: store)
      if number == 2 { #expect(stop == .ended(.succeeded(.string("over")))) }
    }
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.map(\.status) == [.succeeded])
  }

  @Test func itEndsAfterSoManyTimes() async throws {
    var (harness, node) = try harness(100)
    harness.leaving = .never
    let store = InMemoryRunStore()
    let failure = RunFailure(
      kind: "exhausted", message: "its condition does not hold after 5 polls", path: "state", attempt: 1)
    #expect(try await harness.start(in: store) == .ended(.failed(failure)))
    #expect(node.calls.count == 5)
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.map(\.status) == [.failed])
  }

  /// A call that comes to its end after its scope has failed counts only if its result is what was waited for.
  @Test func aResultThatIsNotEnoughIsNone() async throws {
    let node = CutOffNode(name: "x.state", answer: .string("running"))
    let harness = try RunHarness(
      """
      node x.state(job: int) -> string effect read throws flaky timeout(1m)
      node x.doom() -> int effect read throws flaky timeout(1m)

      workflow w() -> string {
        step state = x.state(job: 7) with poll(until: self != "running", every: 1h, max: 5)
        step enough = x.state(job: 8) with poll(until: self == "running", every: 1h, max: 5)
        step soon = debug.sleep(duration: 1s)
        step doom = x.doom() after soon
        output "${state} ${enough} ${doom}"
      }
      """,
      nodes: [
        node, ScriptedNode("x.doom") { _ throws(NodeFailure) in throw NodeFailure("flaky", "not this time") },
      ])
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected("it fails") }
    #expect(failure.path == "doom")
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    let statuses = Dictionary(uniqueKeysWithValues: steps.map { ($0.path, $0.status) })
    #expect(statuses == ["state": .cancelled, "enough": .succeeded, "soon": .succeeded, "doom": .failed])
  }

  /// Each poll has attempts of its own.
  @Test func aFailureIsRetriedInside() async throws {
    var (harness, node) = try harness(4, failing: 3)
    harness.leaving = .never
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.string("over"))))
    #expect(node.calls.count == 5)
  }
}

/// Answers only when its call is cut off, and then as if nothing had been.
private struct CutOffNode: NodeImplementation {
  let name: String
  let answer: Value

  func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let (never, continuation) = AsyncStream.makeStream(of: Never.self)
    for await _ in never {}
    return withExtendedLifetime(continuation) { answer }
  }
}

private struct Unexpected: Error {
  let what: String
  init(_ what: String) { self.what = what }
}
