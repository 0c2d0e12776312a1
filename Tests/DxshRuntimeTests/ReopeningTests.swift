import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// Runs that failed and are reopened: they go on before their failure, as if it had not been.
struct ReopeningTests {
  private static let nodes = """
    node x.read(n: int) -> int effect read throws flaky timeout(1h)
    node x.once(n: int) -> int effect once throws flaky timeout(1h)
    node x.keyed(n: int) -> int effect keyed throws flaky timeout(1h)
    node x.undo(n: int) -> int effect keyed timeout(1h)
    node x.doom(n: int) -> int effect read throws flaky timeout(1h)

    """

  private static func harness(_ outside: Outside, _ text: String) throws -> RunHarness {
    var harness = try RunHarness(nodes + text, nodes: outside.nodes)
    harness.leaving = .whenWaiting
    return harness
  }

  @Test func whatIsDoneStaysDone() async throws {
    let outside = Outside()
    let harness = try Self.harness(
      outside,
      """
      workflow w() -> int {
        step a = x.once(n: 1)
        step b = x.doom(n: a) with retry(2)
        step c = x.once(n: b)
        output c
        finally {
          step last = x.keyed(n: 5)
        }
      }
      """)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected("it fails") }
    #expect(failure.attempt == 2)
    outside.heal()
    let reopening = try await harness.reopen(in: store)
    #expect(reopening.dropped == ["b", "last"] && reopening.repeated == [] && reopening.failure == nil)
    let summary = try await store.run("r").summary
    #expect(summary.status == .running && summary.endedAt == nil)
    let started = StartedSteps()
    #expect(try await harness.resume(in: store, observer: started) == .ended(.succeeded(.int(4))))
    #expect(started.paths == ["b", "c", "last"])
    #expect(outside.calls == ["r/a", "r/last", "r/c", "r/last"])
    let history = try await harness.history(in: store)
    #expect(history.standing.reopenings == 1)
    let steps = history.steps(of: harness.plan, isClaimed: false)
    #expect(steps.map(\.path) == ["a", "b", "c", "last"] && steps.map(\.attempts) == [1, 1, 1, 1])
  }

  @Test func whatWasHandledStaysHandled() async throws {
    let outside = Outside()
    let harness = try Self.harness(
      outside,
      """
      workflow w() -> int {
        for i in [1, -1, 2] with on_error(skip) {
          step some = x.once(n: i)
        }
        step called = sub(n: some.size())
        output called
      }
      workflow sub(n: int) -> int {
        try {
          step k = x.keyed(n: n) with compensate(x.undo(n: self))
          step no = x.keyed(n: k * 0 - 1)
        } catch e {
          step handled = x.once(n: 10)
        }
        step d = x.doom(n: handled.orValue(0))
        output d
      }
      """)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected("it fails") }
    #expect(failure.path == "called/d")
    outside.heal()
    let before = outside.calls
    #expect(try await harness.reopen(in: store).dropped == ["called/d"])
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(12))))
    #expect(outside.calls == before)
  }

  private static let saga = """
    workflow w() -> int {
      step reserve = x.keyed(n: 1) with compensate(x.undo(n: self))
      step told = x.once(n: reserve)
      step apart = x.once(n: 7)
      step doom = x.doom(n: told)
      output doom + apart
    }
    """

  /// What was undone is another one when it is made again: for those who know keys, too.
  @Test func whatWasUndoneIsMadeAgain() async throws {
    let outside = Outside()
    let harness = try Self.harness(outside, Self.saga)
    let store = InMemoryRunStore()
    guard case .ended(.failed) = try await harness.start(in: store) else { throw Unexpected("it fails") }
    #expect(outside.calls.last == "r/reserve@compensate")
    let reopening = try await harness.reopen(in: store)
    #expect(reopening.dropped == ["doom", "reserve", "reserve@compensate", "told"])
    // It depends on what was undone, was not undone itself, and must not be repeated.
    #expect(reopening.repeated == ["told"])
    // It fails once more, and is undone once more.
    guard case .ended(.failed) = try await harness.resume(in: store) else { throw Unexpected("it fails again") }
    outside.heal()
    _ = try await harness.reopen(in: store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(12))))
    #expect(
      outside.calls.filter { $0.contains("reserve") } == [
        "r/reserve", "r/reserve@compensate", "r/reserve#2", "r/reserve@compensate#2", "r/reserve#3",
      ])
    #expect(outside.calls.filter { $0 == "r/apart" }.count == 1)
  }

  @Test func aRunThatWasCancelledGoesOn() async throws {
    let outside = Outside()
    let harness = try Self.harness(
      outside,
      """
      workflow w() -> int {
        step a = x.keyed(n: 1) with compensate(x.undo(n: self))
        step b = x.once(n: 2)
        wait go = signal("go") as int
        step c = x.once(n: a + b + go)
        output c
      }
      """)
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected("it waits") }
    for message: RunMessage in [.cancel, .signal(SignalName("go"), .int(9))] {
      _ = try await store.send(message, to: "r", deduplication: nil, at: harness.clock.now())
    }
    #expect(try await harness.resume(in: store) == .ended(.cancelled))
    let reopening = try await harness.reopen(in: store)
    #expect(reopening.dropped == ["a", "a@compensate"])
    #expect(reopening.repeated == [])
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(15))))
    #expect(outside.calls == ["r/a", "r/b", "r/a@compensate", "r/a#2", "r/c"])
  }

  @Test func fromDropsWhatDepends() async throws {
    let outside = Outside()
    let harness = try Self.harness(
      outside,
      """
      workflow w() -> int {
        step price = x.read(n: 1)
        for i in [10, 20] {
          step order = x.keyed(n: price + i)
        }
        step apart = x.once(n: 5)
        step bill = x.once(n: order.sum()) after apart
        step doom = x.doom(n: bill)
        output doom
      }
      """)
    let store = InMemoryRunStore()
    _ = try await harness.start(in: store)
    let reopening = try await harness.reopen(in: store, from: ["price"], appending: false)
    #expect(reopening.dropped == ["bill", "doom", "order[0]", "order[1]", "price"])
    #expect(reopening.repeated == ["bill"])
    #expect(try await harness.reopen(in: store, from: ["order[1]"]).dropped == ["bill", "doom", "order[1]"])
    outside.heal()
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(38))))
    #expect(outside.calls.filter { $0.contains("order") }.sorted() == ["r/order[0]", "r/order[1]", "r/order[1]"])
  }

  /// Nothing that would make a difference is made again.
  @Test func whatWouldFailAgainAtOnceSaysSo() async throws {
    let outside = Outside()
    let harness = try Self.harness(
      outside,
      """
      workflow w() -> int {
        step a = x.read(n: 1)
        assert a > 5, "too small"
        step b = x.once(n: a)
        output b
      }
      """)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected("it fails") }
    #expect(try await harness.reopen(in: store, appending: false).failure == failure)
    outside.heal()
    let reopening = try await harness.reopen(in: store, from: ["a"])
    #expect(reopening.failure == nil && reopening.dropped == ["a"])
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(103))))
  }

  /// Of what was under way, successes stay, and nobody knows more of an indeterminate step than before.
  @Test func whatWasUnderWayIsTakenUp() async throws {
    let outside = Outside()
    let harness = try Self.harness(
      outside,
      """
      workflow w() -> int {
        step lost = debug.sleep(duration: 1h) with timeout(10s), assume(once, reason: "a test")
        step slow = debug.sleep(duration: 40s)
        step late = x.doom(n: 1) after lost
        step doom = x.doom(n: 0) with retry(2, backoff: fixed(20s), jitter: false)
        step end = x.once(n: doom + late) after slow
        output end
      }
      """)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected("it fails") }
    #expect(failure.path == "doom")
    outside.heal()
    #expect(try await harness.reopen(in: store).dropped == ["doom", "slow"])
    #expect(try await harness.resume(in: store) == .paused(indeterminate: ["lost"]))
    try await harness.settle("lost", .done(.none), in: store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(4))))
  }

  /// A crash before, in or after every write, of the first part, of the reopening, and of the second.
  @Test(arguments: CrashTests.Mode.allCases)
  func aReopenedRunSurvivesACrashAtEveryCall(_ mode: CrashTests.Mode) async throws {
    var crashes = 0
    while true {
      let outside = Outside()
      let harness = try Self.harness(outside, Self.saga)
      let store = CrashingStore(mode.fault(crashes + 1))
      if (try? await harness.start(in: store)) == nil, try await store.survivor.runs(limit: 1).isEmpty {
        _ = try await harness.start(in: store.survivor)
      }
      while true {
        // What is left of a process that has died is gone on with by another.
        let current: any RunStore = store.hasFailed ? store.survivor : store
        guard let stop = try? await harness.resume(in: current) else { continue }
        switch stop {
        case .paused(let steps):
          for step in steps {
            let settlement = outside.result(of: step).map(Settlement.done) ?? .retry
            try? await harness.settle(step, settlement, in: current)
          }
        case .ended(.failed):
          outside.heal()
          outside.forget()
          _ = try? await harness.reopen(in: current)
        case .ended(let outcome):
          #expect(outcome == .succeeded(.int(12)), "\(mode) \(crashes + 1)")
        default: throw Unexpected("\(stop)")
        }
        if case .ended(.succeeded) = stop { break }
      }
      #expect(outside.calls.filter { $0 == "r/apart" }.count == 1, "\(mode) \(crashes + 1)")
      #expect(outside.calls.filter { $0 == "r/told" }.count == 2, "\(mode) \(crashes + 1)")
      #expect(try await harness.history(in: store.survivor).standing.reopenings == 1, "\(mode) \(crashes + 1)")
      if !store.hasFailed { break }
      crashes += 1
    }
    #expect(crashes >= 7)
  }
}

/// What is outside: counts what takes place, and fails until it is healed.
private final class Outside: Sendable {
  private struct State {
    var isHealed = false
    var calls: [String] = []
    var results: [String: Value] = [:]
  }

  private let state = Mutex(State())

  /// The keys of what took place, in its order.
  var calls: [String] { state.withLock(\.calls) }

  func result(of path: String) -> Value? { state.withLock { $0.results["r/\(path)"] } }
  /// What took place so far is another matter.
  func forget() { state.withLock { $0.results = [:] } }
  func heal() { state.withLock { $0.isHealed = true } }

  /// All give n + 1, and fail below 0; `x.doom` fails until it is healed, `x.read` then gives 100 more.
  var nodes: [any NodeImplementation] {
    ["x.read", "x.once", "x.keyed", "x.undo", "x.doom"].map { name in
      ScriptedNode(name) { [self] call throws(NodeFailure) in
        guard case .int(let n) = call["n"] else { throw NodeFailure("flaky", "no number") }
        let isHealed = state.withLock(\.isHealed)
        if n < 0 || name == "x.doom" && !isHealed { throw NodeFailure("flaky", "not this time") }
        let result = Value.int(n + (name == "x.read" && isHealed ? 101 : 1))
        if !call.key.isEmpty {
          state.withLock { state in
            state.calls.append(call.key)
            state.results[call.key] = result
          }
        }
        return .value(result)
      }
    }
  }
}

private struct Unexpected: Error {
  let what: String
  init(_ what: String) { self.what = what }
}
