import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// `fallback`: what a step gives where it has failed for good.
struct FallbackTests {
  private static let nodes = """
    node x.get(n: int) -> int effect keyed throws flaky timeout(1h)
    node x.undo(n: int) -> int effect keyed timeout(1h)

    """

  private final class World: Sendable {
    private let state = Mutex<(calls: [String], healthy: Bool)>(([], false))
    var calls: [String] { state.withLock { $0.calls } }
    func heal() { state.withLock { $0.healthy = true } }

    var nodes: [any NodeImplementation] {
      ["x.get", "x.undo"].map { name in
        ScriptedNode(name) { [self] call throws(NodeFailure) in
          guard case .int(let n) = call["n"] else { throw NodeFailure("decode", "no n") }
          let isHealthy = state.withLock { state in
            state.calls.append(call.key)
            return state.healthy
          }
          if n < 0, !isHealthy { throw NodeFailure("flaky", "not this time") }
          return .value(.int(n))
        }
      }
    }
  }

  private static func harness(_ text: String, _ world: World) throws -> RunHarness {
    try RunHarness(nodes + text, nodes: world.nodes)
  }

  /// Of a workflow it is what its call gives, once what has been done in it is undone; that is another step's no more.
  @Test func aCalledWorkflowIsUndoneAndDegraded() async throws {
    let world = World()
    let harness = try Self.harness(
      """
      workflow w() -> int {
        step load = sub(n: 3) with fallback(error.kind == flaky ? 7 : 0)
        step doom = x.get(n: load - 100)
        output doom
      }
      workflow sub(n: int) -> int {
        step good = x.get(n: n) with compensate(x.undo(n: self))
        step bad = x.get(n: -good)
        output bad
        finally {
          step last = x.get(n: 5)
        }
      }
      """, world)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected() }
    #expect(failure.path == "doom" && failure.kind == "flaky")
    let before = ["r/load/good", "r/load/bad", "r/load/good@compensate", "r/load/last", "r/doom"]
    #expect(world.calls == before)
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.filter(\.isDegraded).map(\.path) == ["load"])
    #expect(steps.first { $0.path == "load" }?.status == .succeeded)
    // Reopened, it stays what it was.
    world.heal()
    let reopening = try await harness.reopen(in: store)
    #expect(reopening.dropped == ["doom"])
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(-93))))
    #expect(world.calls == before + ["r/doom"])
  }

  /// Another plan says anew what it gives.
  @Test func anotherPlanFallsBackToSomethingElse() async throws {
    let world = World()
    func text(_ value: Int) -> String {
      """
      workflow w() -> int {
        step load = sub() with fallback(\(value))
        wait go = signal("go") after load
        output load
      }
      workflow sub() -> int {
        step bad = x.get(n: -1)
        output bad
      }
      """
    }
    let store = InMemoryRunStore()
    var first = try Self.harness(text(1), world)
    first.leaving = .whenWaiting
    #expect(try await first.start(in: store).isWaiting)
    var second = try Self.harness(text(2), world)
    second.leaving = .whenWaiting
    #expect(try await first.move(to: second, in: store).findings == [])
    #expect(try await second.resume(in: store).isWaiting)
    let go = RunMessage.signal(SignalName("go", key: nil), .null)
    let event = RecordedEvent(path: "", kind: .received(go, number: 1), at: second.clock.now())
    let batch = JournalBatch(number: try await second.history(in: store).nextBatch, bytes: JournalCodec.encode([event]))
    let claim = try await store.claim(RunHarness.runID)
    try await store.append(batch, to: RunHarness.runID, RunState(.running, at: second.clock.now(), dueAt: .epoch))
    withExtendedLifetime(claim) {}
    #expect(try await second.engine(try await second.history(in: store), store).run() == .ended(.succeeded(.int(2))))
    #expect(world.calls == ["r/load/bad"])
  }

  @Test func aFallbackThatFailsFailsTheCall() async throws {
    let world = World()
    let harness = try Self.harness(
      """
      workflow w(n: int = 9223372036854775807) -> int {
        step load = sub() with fallback(n + 1)
        output load
      }
      workflow sub() -> int {
        step bad = x.get(n: -1)
        output bad
      }
      """, world)
    guard case .ended(.failed(let failure)) = try await harness.start(in: InMemoryRunStore()) else {
      throw Unexpected()
    }
    #expect(failure.kind == "arithmetic" && failure.path == "load")
  }

  @Test func theStepIsDegradedAndNotUndone() async throws {
    let world = World()
    let harness = try Self.harness(
      """
      workflow w() -> int {
        step good = x.get(n: 1) with compensate(x.undo(n: self)), fallback(7)
        step bad = x.get(n: -1) with compensate(x.undo(n: self)), fallback(error.kind == flaky ? good + 7 : 0)
        step doom = x.get(n: bad - 100)
        output doom
      }
      """, world)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected() }
    #expect(failure.path == "doom")
    #expect(world.calls == ["r/good", "r/bad", "r/doom", "r/good@compensate"])
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    let bad = try #require(steps.first { $0.path == "bad" })
    #expect(bad.status == .succeeded && bad.isDegraded && bad.message == "flaky: not this time" && bad.attempts == 1)
    #expect(steps.filter(\.isDegraded).count == 1)
  }

  /// What was degraded is taken anew where somebody says so, and gives what its node gives then.
  @Test func aReopenedRunMayDoBetter() async throws {
    let world = World()
    let harness = try Self.harness(
      """
      workflow w() -> int {
        step bad = x.get(n: -1) with fallback(7)
        step doom = x.get(n: bad - 100)
        output doom
      }
      """, world)
    let store = InMemoryRunStore()
    guard case .ended(.failed) = try await harness.start(in: store) else { throw Unexpected() }
    world.heal()
    #expect(try await harness.reopen(in: store, from: ["bad"]).dropped == ["bad", "doom"])
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(-101))))
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.allSatisfy { !$0.isDegraded })
  }

  /// A called workflow that goes on after its failure has what its steps fell back to.
  @Test func aRetriedWorkflowKeepsIt() async throws {
    let world = World()
    let harness = try Self.harness(
      """
      workflow w() -> int {
        step called = sub() with retry(2)
        output called
      }
      workflow sub() -> int {
        step bad = x.get(n: -1) with fallback(7)
        step worse = x.get(n: bad - 100)
        output worse
      }
      """, world)
    guard case .ended(.failed) = try await harness.start(in: InMemoryRunStore()) else { throw Unexpected() }
    #expect(world.calls == ["r/called/bad", "r/called/worse", "r/called/worse"])
  }

  /// Who is cancelled gives nothing, and neither does who fails when all is over.
  @Test func nothingFallsBackWhereItsScopeEnds() async throws {
    let world = World()
    let harness = try Self.harness(
      """
      workflow w() {
        step slow = debug.sleep(duration: 1h) with fallback({})
        step doom = x.get(n: -1)
      }
      """, world)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected() }
    #expect(failure.path == "doom")
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.first { $0.path == "slow" }?.status == .cancelled)
  }
}

private struct Unexpected: Error {}
