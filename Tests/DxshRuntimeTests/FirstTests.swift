import DxshExpressions
import DxshRuntime
import DxshSyntax
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// `first(n)`: enough rounds of a loop have completed, and the others are cut off.
struct FirstTests {
  private static let nodes = """
    node x.put(n: int) -> int effect keyed throws broken timeout(1d)
    node x.pay(n: int) -> int effect once throws broken timeout(1d)
    node x.undo(n: int) -> int effect keyed timeout(1m)

    """

  /// Takes n hours and gives n; fails at once for a number below zero. Says what has happened, in its order.
  private final class Outside: Sendable {
    private let state = Mutex<(log: [String], healed: Bool)>(([], false))
    var log: [String] { state.withLock(\.log) }
    func heal() { state.withLock { $0.healed = true } }

    var nodes: [any NodeImplementation] {
      ["x.put", "x.pay", "x.undo"].map { name in
        ScriptedNode(name) { [self] call throws(NodeFailure) in
          guard case .int(let n) = call["n"] else { throw NodeFailure("broken", "no number") }
          let isHealed = state.withLock { state in
            state.log.append("\(name.dropFirst(2)) \(n)")
            return state.healed
          }
          if n < 0, !isHealed { throw NodeFailure("broken", "\(n) is below zero") }
          let hours = name == "x.undo" ? 0 : max(n, 0)
          return .after(TimeSpan(nanoseconds: hours * 3_600_000_000_000), .int(n))
        }
      }
    }
  }

  private func harness(_ outside: Outside, _ body: String) throws -> RunHarness {
    try RunHarness(Self.nodes + body, nodes: outside.nodes, allowing: [.unusedStepResult])
  }

  private func status(_ path: String, _ harness: RunHarness, _ store: any RunStore) async throws -> StepRecord.Status? {
    let history = try await harness.history(in: store)
    return history.steps(of: harness.plan, isClaimed: false).first { $0.path == path }?.status
  }

  @Test func whatIsCutOffIsUndoneAlone() async throws {
    let outside = Outside()
    let harness = try harness(
      outside,
      """
      workflow w() -> list<int?> {
        for n in [3, 1, 2, 0] with first(2) {
          step a = x.put(n: 10 * n * 0) with compensate(x.undo(n: 100 + n))
          step b = x.put(n: n) after a
        }
        output b
      }
      """)
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.list([.none, .int(1), .none, .int(0)]))))
    #expect(outside.log.filter { $0.hasPrefix("undo") }.sorted() == ["undo 102", "undo 103"])
    #expect(try await status("b[0]", harness, store) == .cancelled)
    #expect(try await status("b[3]", harness, store) == .succeeded)
    #expect(harness.clock.now().since(ManualClock().now()) == TimeSpan(nanoseconds: 3_600_000_000_000))
  }

  /// What the first ones have done is undone with the run.
  @Test func whatCountsIsUndoneWithTheRun() async throws {
    let outside = Outside()
    let harness = try harness(
      outside,
      """
      workflow w() {
        for n in [2, 1, 0] with first(2) {
          step a = x.put(n: n) with compensate(x.undo(n: n))
        }
        step no = x.put(n: -1) after a
      }
      """)
    let stop = try await harness.start(in: InMemoryRunStore())
    guard case .ended(.failed(let failure)) = stop else { throw Unexpected() }
    #expect(failure.path == "no")
    #expect(outside.log.suffix(3) == ["put -1", "undo 1", "undo 0"])
  }

  /// As with other steps that are cut off: nobody is asked whether it took place, unless it would have to be undone.
  @Test func aStepInDoubtHoldsUpNothing() async throws {
    let outside = Outside()
    let loop = "for n in [1, 3] with first(1) {\n step a = x.pay(n: n)"
    let harness = try harness(outside, "workflow w() -> list<int?> {\n\(loop)\n }\n output a\n}")
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.list([.int(1), .none]))))
    #expect(try await status("a[1]", harness, store) == .indeterminate)
    let undoable = try self.harness(
      outside, "workflow w() -> list<int?> {\n\(loop) with compensate(x.undo(n: n))\n }\n output a\n}")
    let other = InMemoryRunStore()
    #expect(try await undoable.start(in: other) == .paused(indeterminate: ["a[1]"]))
    try await undoable.settle("a[1]", .done(.int(3)), in: other)
    #expect(try await undoable.resume(in: other) == .ended(.succeeded(.list([.int(1), .none]))))
    #expect(outside.log.last == "undo 3")
  }

  private static let failing = """
    workflow w() -> list<int?> {
      for n in [-2, 2, -1, 3] with first(3) {
        step a = x.put(n: n)
      }
      output a
    }
    """

  @Test func tooManyFailuresEndTheLoop() async throws {
    let outside = Outside()
    let harness = try harness(outside, Self.failing)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected() }
    #expect(failure.kind == "exhausted")
    let last = failure.path == "a[2]" ? -1 : -2
    #expect(
      failure.message
        == "`first(3)` needs 3 rounds to complete, and 2 of 4 have failed, the last with broken: \(last) is below zero")
    #expect(harness.clock.now() == ManualClock().now())
    // Reopened, the last of them is made again, and what was cut off.
    outside.heal()
    let reopening = try await harness.reopen(in: store)
    #expect(reopening.dropped == ["a[1]", "a[3]", failure.path].sorted() && reopening.failure == nil)
    guard case .ended(.succeeded(.list(let values))) = try await harness.resume(in: store) else { throw Unexpected() }
    #expect(values.filter(\.isNone).count == 1 && values.count == 4)
  }

  @Test(arguments: [
    ("2", "`first(2)` needs 2 rounds to complete, and there are only 1 element"),
    ("0", "`first` takes at least 1, not 0"),
  ])
  func whatCannotBeIsSaid(_ count: String, _ message: String) async throws {
    let outside = Outside()
    let harness = try harness(
      outside,
      """
      workflow w(count: int = \(count), some: list<int> = [0]) {
        for n in some with first(count) { step a = x.put(n: n) }
      }
      """)
    let stop = try await harness.start(in: InMemoryRunStore())
    guard case .ended(.failed(let failure)) = stop else { throw Unexpected() }
    #expect(failure.message == message)
    #expect(failure.kind == (count == "0" ? "limit" : "exhausted") && outside.log == [])
  }

  /// Called workflows that are cut off see in their `finally` that they were.
  @Test func calledWorkflowsEndToo() async throws {
    let outside = Outside()
    let harness = try harness(
      outside,
      """
      workflow w() -> list<int?> {
        for n in [4, 1] with first(1) {
          step a = sub(n: n)
        }
        output a
      }
      workflow sub(n: int) -> int {
        step b = x.put(n: n)
        output b
        finally {
          step c = x.undo(n: run.status == cancelled && !run.error.hasValue() ? n : 0)
        }
      }
      """)
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.list([.none, .int(1)]))))
    #expect(outside.log.filter { $0.hasPrefix("undo") } == ["undo 0", "undo 4"])
  }

  /// A workflow that goes on after its failure comes to the same choice: nothing is made again, and what was undone
  /// stays undone.
  @Test(arguments: [1, 2, 9]) func aRepeatedWorkflowChoosesTheSame(_ width: Int) async throws {
    let outside = Outside()
    let harness = try harness(
      outside,
      """
      workflow w() -> list<int?> {
        step a = sub() with retry(3, backoff: fixed(10h), jitter: false)
        output a
      }
      workflow sub() -> list<int?> {
        for n in [3, 2, 1, 0] with first(2), parallel(\(width)) {
          step b = x.put(n: n) with compensate(x.undo(n: n))
          step c = x.put(n: 0) after b
        }
        step d = x.put(n: -1) after c
        output b
      }
      """)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected() }
    #expect(failure.path == "a/d")
    let counted = outside.log.filter { $0 != "put -1" && $0 != "put 0" }
    #expect(Set(counted).count == counted.count, "\(counted)")
    #expect(outside.log.filter { $0 == "put -1" }.count == 3)
    let chosen = width == 9 ? ["undo 0", "undo 1"] : ["undo 2", "undo 3"]
    #expect(outside.log.suffix(2).sorted() == chosen)
  }

  private struct Unexpected: Error {}
}
