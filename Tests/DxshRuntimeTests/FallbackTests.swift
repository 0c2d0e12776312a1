import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
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
