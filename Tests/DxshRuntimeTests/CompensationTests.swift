import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// Sagas (rule 36): what is undone, when, in which order, and what happens when that fails.
struct CompensationTests {
  /// `act(n)` gives n, `undo(n)` takes it back, `refuse(n)` fails; all of them write down what they did.
  private final class Shop: Sendable {
    private let log = Mutex<[String]>([])
    /// How many calls of `undo` fail yet.
    private let failures: Mutex<Int>

    init(failures: Int = 0) { self.failures = Mutex(failures) }

    var entries: [String] { log.withLock { $0 } }

    static let declaration = """
      node shop.act(n: int) -> int effect keyed timeout(1m)
      node shop.undo(n: int) -> int effect keyed throws stuck timeout(1m)
      node shop.refuse(n: int) -> int effect read throws refused timeout(1m)

      """

    var nodes: [any NodeImplementation] {
      [
        ScriptedNode("shop.act") { [self] call throws(NodeFailure) in
          note("act", call)
          return .after(TimeSpan(nanoseconds: number(call) * 1_000_000), call["n"])
        },
        ScriptedNode("shop.undo") { [self] call throws(NodeFailure) in
          let fails = failures.withLock { failures in
            failures -= 1
            return failures >= 0
          }
          note(fails ? "stuck" : "undo", call)
          if fails { throw NodeFailure("stuck", "the shop is closed") }
          return .value(call["n"])
        },
        ScriptedNode("shop.refuse") { [self] call throws(NodeFailure) in
          note("refuse", call)
          throw NodeFailure("refused", "no")
        },
      ]
    }

    private func number(_ call: NodeCall) -> Int64 { if case .int(let n) = call["n"] { n } else { 0 } }
    private func note(_ what: String, _ call: NodeCall) { log.withLock { $0.append("\(what) \(number(call))") } }
  }

  private static func run(
    _ text: String, failures: Int = 0, in store: any RunStore = InMemoryRunStore()
  ) async throws -> (stop: EngineStop, log: [String], harness: RunHarness, shop: Shop) {
    let shop = Shop(failures: failures)
    let harness = try RunHarness(Shop.declaration + text, nodes: shop.nodes)
    let stop = try await harness.start(in: store)
    return (stop, shop.entries, harness, shop)
  }

  @Test func aBodyIsUndoneBackwardsBeforeItsHandler() async throws {
    let run = try await Self.run(
      """
      workflow w() -> int {
        try {
          step a = shop.act(n: 30) with compensate(shop.undo(n: self))
          step b = shop.act(n: 10) with compensate(shop.undo(n: self + 1))
          step c = shop.act(n: 20)
          step d = shop.refuse(n: 1) after a, b, c
          let x = d
        } catch e {
          step x = shop.act(n: 99)
        }
        output x
      }
      """)
    #expect(run.stop == .ended(.succeeded(.int(99))))
    // `b` was done first, so it is undone last.
    #expect(run.log == ["act 30", "act 10", "act 20", "refuse 1", "undo 30", "undo 11", "act 99"])
  }

  @Test func aFailedRunIsUndoneBeforeItsFinally() async throws {
    let run = try await Self.run(
      """
      workflow w() {
        try {
          step a = shop.act(n: 1) with compensate(shop.undo(n: self))
        } catch e {
          assert false, "not reached"
        }
        for i in [3, 2] with parallel(1) {
          step b = shop.act(n: i) after a with compensate(shop.undo(n: self))
        }
        step c = shop.refuse(n: 4) after b
        finally {
          step f = shop.act(n: 5)
        }
      }
      """)
    guard case .ended(.failed(let failure)) = run.stop else {
      Issue.record("\(run.stop)")
      return
    }
    #expect(failure.kind == "refused" && failure.path == "c")
    #expect(run.log == ["act 1", "act 3", "act 2", "refuse 4", "undo 2", "undo 3", "undo 1", "act 5"])
  }

  @Test func anInstanceThatIsSkippedIsUndoneAlone() async throws {
    let run = try await Self.run(
      """
      workflow w() -> list<int?> {
        for i in [1, 2, 3] with parallel(1), on_error(skip) {
          step a = shop.act(n: i) with compensate(shop.undo(n: self))
          if i == 2 {
            step b = shop.refuse(n: i) after a
          }
        }
        output a
      }
      """)
    #expect(run.stop == .ended(.succeeded(.list([.int(1), .none, .int(3)]))))
    #expect(run.log == ["act 1", "act 2", "refuse 2", "undo 2", "act 3"])
  }

  @Test func calledWorkflowsHandTheirsOver() async throws {
    let run = try await Self.run(
      """
      workflow w() {
        step a = one(n: 1)
        step b = one(n: 2) after a
        step c = two() after b
      }
      workflow one(n: int) {
        step act = shop.act(n: n) with compensate(shop.undo(n: self))
        finally {
          step f = shop.act(n: n * 10)
        }
      }
      workflow two() {
        step act = shop.act(n: 3) with compensate(shop.undo(n: self))
        step no = shop.refuse(n: 4) after act
        finally {
          step f = shop.act(n: 30)
        }
      }
      """)
    guard case .ended(.failed) = run.stop else {
      Issue.record("\(run.stop)")
      return
    }
    #expect(
      run.log == [
        "act 1", "act 10", "act 2", "act 20", "act 3", "refuse 4", "undo 3", "act 30", "undo 2", "undo 1",
      ])
  }

  /// Steps that were under way when the run was cancelled, and ended well all the same, are undone too.
  @Test func aCancelledRunIsUndone() async throws {
    let store = InMemoryRunStore()
    let shop = Shop()
    var harness = try RunHarness(
      Shop.declaration + """
        workflow w() {
          step a = shop.act(n: 1) with compensate(shop.undo(n: self))
          wait go = signal("go") after a
          finally {
            step f = shop.act(n: 2)
          }
        }
        """, nodes: shop.nodes)
    harness.leaving = .whenSignalled
    guard case .waiting = try await harness.start(in: store) else {
      Issue.record("it waits for a signal")
      return
    }
    _ = try await store.send(.cancel, to: RunHarness.runID, deduplication: nil, at: harness.clock.now())
    #expect(try await harness.resume(in: store) == .ended(.cancelled))
    #expect(shop.entries == ["act 1", "undo 1", "act 2"])
  }

  private static let doomed = """
    workflow w() {
      step a = shop.act(n: 1) with compensate(shop.undo(n: self))
      step b = shop.act(n: 2) after a with compensate(shop.undo(n: self))
      step c = shop.refuse(n: 3) after b
    }
    """

  @Test func aCompensationIsTriedThrice() async throws {
    let run = try await Self.run(Self.doomed, failures: 2)
    guard case .ended(.failed) = run.stop else {
      Issue.record("\(run.stop)")
      return
    }
    #expect(run.log.suffix(4) == ["stuck 2", "stuck 2", "undo 2", "undo 1"])
  }

  @Test(arguments: [
    (Settlement.retry, ["undo 2", "undo 1"]), (.done(.none), ["undo 1"]), (.fail(message: "left"), ["undo 1"]),
  ])
  func aFailedCompensationWaitsForAPerson(_ settlement: Settlement, _ rest: [String]) async throws {
    let store = InMemoryRunStore()
    let run = try await Self.run(Self.doomed, failures: 3, in: store)
    #expect(run.stop == .paused(indeterminate: ["b@compensate"]))
    // A process that comes later finds the same.
    #expect(try await run.harness.resume(in: store) == .paused(indeterminate: ["b@compensate"]))
    #expect(run.shop.entries.suffix(3) == ["stuck 2", "stuck 2", "stuck 2"])
    try await run.harness.settle("b@compensate", settlement, in: store)
    guard case .ended(.failed(let failure)) = try await run.harness.resume(in: store) else {
      Issue.record("the run goes on")
      return
    }
    #expect(failure.path == "c")
    #expect(run.shop.entries.dropFirst(6) == rest[...])
    #expect(run.harness.plan.call(at: "b@compensate")?.node == "shop.undo")
  }

  /// A failed compensation can fail again.
  @Test func aCompensationThatFailsAgainWaitsAgain() async throws {
    let store = InMemoryRunStore()
    let run = try await Self.run(Self.doomed, failures: 4, in: store)
    try await run.harness.settle("b@compensate", .retry, in: store)
    #expect(try await run.harness.resume(in: store) == .paused(indeterminate: ["b@compensate"]))
    try await run.harness.settle("b@compensate", .retry, in: store)
    guard case .ended(.failed) = try await run.harness.resume(in: store) else {
      Issue.record("the run goes on")
      return
    }
    #expect(run.shop.entries.dropFirst(6) == ["stuck 2", "undo 2", "undo 1"])
  }

  /// A step of which nobody knows whether it took place would have to be undone if it did: somebody has to find out,
  /// although its scope has failed.
  @Test(arguments: [
    (Settlement.done(.int(7)), ["undo 7"]), (.retry, []), (.fail(message: "it did not"), []),
  ])
  func whatMayHaveTakenPlaceIsSettledFirst(_ settlement: Settlement, _ undone: [String]) async throws {
    let shop = Shop()
    let declaration = Shop.declaration + "node shop.pay(n: int) -> int effect once timeout(1m)\n"
    let pay = ScriptedNode("shop.pay") { _ throws(NodeFailure) in
      throw NodeFailure("unavailable", "cut off", isOutcomeUnknown: true)
    }
    let harness = try RunHarness(
      declaration + """
        workflow w() -> string {
          try {
            step paid = shop.pay(n: 1) with compensate(shop.undo(n: self))
            step nap = shop.act(n: 5)
            step no = shop.refuse(n: 2) after nap
            let x = no
          } catch e {
            let x = 9
          }
          output "${x}"
        }
        """, nodes: shop.nodes + [pay])
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .paused(indeterminate: ["paid"]))
    try await harness.settle("paid", settlement, in: store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.text("9"))))
    #expect(shop.entries.filter { $0.hasPrefix("undo") } == undone)
    #expect(pay.calls.count == 1)
  }

  /// Where nothing is kept nobody can settle it later: the rest is undone.
  @Test func withoutAStoreAFailedCompensationIsLeft() async throws {
    let run = try await Self.run(Self.doomed, failures: 3, in: InMemoryRunStore(recording: false))
    guard case .ended(.failed(let failure)) = run.stop else {
      Issue.record("\(run.stop)")
      return
    }
    #expect(failure.path == "c")
    #expect(run.log.last == "undo 1")
  }
}
