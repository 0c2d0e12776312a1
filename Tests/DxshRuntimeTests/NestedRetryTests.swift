import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// `retry` on the call of a workflow: it goes on where it failed.
struct NestedRetryTests {
  private static let nodes = """
    node x.once(n: int) -> int effect once throws flaky timeout(1h)
    node x.shaky(n: int, times: int = 0) -> int effect read throws flaky, broken timeout(1h)
    node x.undo(n: int) -> int effect keyed timeout(1h)

    """

  /// Remembers the keys of effects; `x.shaky` fails so many times before it gives n + 1, with `broken` where n is 13.
  private final class Outside: Sendable {
    private let state = Mutex<(keys: [String], failures: Int)>(([], 0))
    var keys: [String] { state.withLock(\.keys) }

    var nodes: [any NodeImplementation] {
      ["x.once", "x.shaky", "x.undo"].map { name in
        ScriptedNode(name) { [self] call throws(NodeFailure) in
          guard case .int(let n) = call["n"] else { throw NodeFailure("flaky", "no number") }
          if name == "x.shaky", case .int(let times) = call["times"] {
            let fails = state.withLock { state in
              state.failures += 1
              return state.failures <= times
            }
            if fails { throw NodeFailure(n == 13 ? "broken" : "flaky", "not this time") }
          }
          if !call.key.isEmpty { state.withLock { $0.keys.append(call.key) } }
          return .value(.int(n + 1))
        }
      }
    }
  }

  private func harness(_ outside: Outside, _ call: String, times: Int, n: Int = 1) throws -> RunHarness {
    var harness = try RunHarness(
      Self.nodes + """
        workflow w() -> int {
          step load = sub(n: \(n)) \(call)
          output load
        }
        workflow sub(n: int) -> int {
          step a = x.once(n: n) with compensate(x.undo(n: self))
          try {
            step lost = x.shaky(n: a, times: 1000)
          } catch e {
            step kept = x.once(n: 50)
          }
          step inner = leaf(n: a)
          step b = x.shaky(n: n, times: \(times)) after kept, inner
          step c = x.once(n: b + inner)
          output c
        }
        workflow leaf(n: int) -> int {
          step d = x.once(n: n) with compensate(x.undo(n: self))
          output d
        }
        """, nodes: outside.nodes)
    harness.leaving = .whenWaiting
    return harness
  }

  @Test func whatIsDoneIsNotDoneAgain() async throws {
    let outside = Outside()
    // The first failure is that of `lost`, which is handled and stays so.
    let harness = try harness(outside, "with retry(4)", times: 3)
    let started = StartedSteps()
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store, observer: started) == .ended(.succeeded(.int(6))))
    #expect(outside.keys.sorted() == ["r/load/a", "r/load/c", "r/load/inner/d", "r/load/kept"])
    #expect(started.paths.filter { $0 == "load/b" }.count == 3)
    #expect(started.paths.filter { $0 == "load/lost" }.count == 1)
  }

  /// Where nothing is kept, there are as many attempts.
  @Test(arguments: ["", ", backoff: fixed(2s)"])
  func attemptsAreCountedWhereNothingIsKept(_ backoff: String) async throws {
    let outside = Outside()
    let harness = try harness(outside, "with retry(4\(backoff))", times: 3)
    let started = StartedSteps()
    let stop = try await harness.start(in: InMemoryRunStore(recording: false), observer: started)
    #expect(stop == .ended(.succeeded(.int(6))))
    #expect(outside.keys.count == 4)
    #expect(started.paths.filter { $0 == "load/b" }.count == 3)
  }

  @Test func onlyTheLastFailureIsUndone() async throws {
    let outside = Outside()
    let harness = try harness(outside, "with retry(3)", times: 1000)
    let stop = try await harness.start(in: InMemoryRunStore())
    let failure = RunFailure(kind: "flaky", message: "not this time", path: "load/b", attempt: 1)
    #expect(stop == .ended(.failed(failure)))
    #expect(
      outside.keys.sorted() == [
        "r/load/a", "r/load/a@compensate", "r/load/inner/d", "r/load/inner/d@compensate", "r/load/kept",
      ])
  }

  /// It is left to the store meanwhile, and goes on in another process when it is time.
  @Test func theDelayIsAWait() async throws {
    let outside = Outside()
    let harness = try harness(outside, "with retry(2, backoff: fixed(1h), jitter: false)", times: 2)
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    let due = try #require(start.adding(TimeSpan(nanoseconds: 3_600_000_000_000)))
    guard case .waiting(let waits) = try await harness.start(in: store) else { throw Unexpected("it waits") }
    #expect(waits.map(\.path) == ["load@retry"] && waits[0].until == due)
    guard case .waiting = try await harness.resume(in: store) else { throw Unexpected("it waits") }
    await harness.clock.sleep(until: due)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(6))))
    #expect(outside.keys.filter { $0 == "r/load/a" }.count == 1)
  }

  @Test func aCallThatRestsIsCancelled() async throws {
    let outside = Outside()
    let harness = try harness(outside, "with retry(2, backoff: fixed(1h))", times: 1000)
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected("it waits") }
    _ = try await store.send(.cancel, to: "r", deduplication: nil, at: harness.clock.now())
    #expect(try await harness.resume(in: store) == .ended(.cancelled))
    #expect(outside.keys.filter { $0.hasSuffix("@compensate") }.count == 2)
  }

  /// The last element had its turn because those before it were in doubt. When they begin again, the second attempt
  /// ends before it comes to the last element, which was done all the same.
  @Test func whatTheLastAttemptDidNotComeToIsUndone() async throws {
    let outside = Outside()
    let doubtful = ScriptedNode("x.doubtful") { call throws(NodeFailure) in
      if call["n"] == .int(8) { return .value(.int(9)) }
      if call.attempt == 1 { throw NodeFailure("cut", "cut off", isOutcomeUnknown: true) }
      return .after(TimeSpan(nanoseconds: 1_800_000_000_000), .int(8))
    }
    var harness = try RunHarness(
      Self.nodes + """
        node x.doubtful(n: int) -> int effect once timeout(1h)
        workflow w() -> int {
          step load = sub() with retry(2, backoff: fixed(1h), jitter: false), fallback(5)
          output load
        }
        workflow sub() -> int {
          for n in [7, 7, 8] with parallel(2) {
            step a = x.doubtful(n: n)
            step b = x.once(n: a) with compensate(x.undo(n: self))
          }
          wait nap = delay(1m)
          step no = x.shaky(n: 1, times: 1000) after nap
          output no
        }
        """, nodes: outside.nodes + [doubtful])
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .paused(indeterminate: ["load/a[0]", "load/a[1]"]))
    await harness.clock.sleep(until: try #require(harness.clock.now().adding(TimeSpan(nanoseconds: 60_000_000_000))))
    guard case .waiting = try await harness.resume(in: store) else { throw Unexpected("it waits") }
    for step in ["load/a[0]", "load/a[1]"] { try await harness.settle(step, .retry, in: store) }
    await harness.clock.sleep(until: try #require(harness.clock.now().adding(TimeSpan(nanoseconds: 3_600_000_000_000))))
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(5))))
    #expect(outside.keys == ["r/load/b[2]", "r/load/b[2]@compensate"])
  }

  /// A called workflow that is cut off by a failure around it, after which that goes on.
  @Test func whatIsCutOffInsideStays() async throws {
    let outside = Outside()
    let slow = ScriptedNode("x.slow") { call throws(NodeFailure) in
      .after(TimeSpan(nanoseconds: 60_000_000_000), call["n"])
    }
    let harness = try RunHarness(
      Self.nodes + """
        node x.slow(n: int) -> int effect read timeout(1h)
        workflow w() -> int {
          step load = sub() with retry(2)
          output load
        }
        workflow sub() -> int {
          step inner = leaf(n: 1)
          wait nap = delay(10s)
          step no = x.shaky(n: 1, times: 1) after nap
          output no + inner
        }
        workflow leaf(n: int) -> int {
          step d = x.once(n: n) with compensate(x.undo(n: self))
          step e = x.slow(n: d)
          output e
        }
        """, nodes: outside.nodes + [slow])
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.int(4))))
    #expect(outside.keys == ["r/load/inner/d"])
  }

  /// The inner call was to go on later when the outer one failed, and the outer one goes on.
  @Test func aStepInDoubtIsAskedAboutHoweverTheCallsGoOn() async throws {
    let doubtful = ScriptedNode("x.doubtful") { _ throws(NodeFailure) in
      throw NodeFailure("cut", "cut off", isOutcomeUnknown: true)
    }
    var harness = try RunHarness(
      Self.nodes + """
        node x.doubtful() -> int effect once timeout(1h)
        workflow w() -> int {
          step load = sub() with retry(2)
          output load
        }
        workflow sub() -> int {
          step inner = leaf() with retry(2, backoff: fixed(1h))
          wait nap = delay(10s)
          step no = x.shaky(n: 1, times: 2) after nap
          output no + inner
        }
        workflow leaf() -> int {
          step a = x.doubtful()
          step e = x.shaky(n: 3, times: 2)
          output a + e
        }
        """, nodes: Outside().nodes + [doubtful])
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    _ = try await harness.start(in: store)
    await harness.clock.sleep(until: try #require(harness.clock.now().adding(TimeSpan(nanoseconds: 10_000_000_000))))
    #expect(try await harness.resume(in: store) == .paused(indeterminate: ["load/inner/a"]))
    try await harness.settle("load/inner/a", .done(.int(10)), in: store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(16))))
    #expect(doubtful.calls.count == 1)
  }

  @Test(arguments: [("flaky", 1, 6), ("broken", 1, nil), ("broken", 13, 30)] as [(String, Int, Int64?)])
  func onlyNamesKinds(_ kind: String, _ n: Int, _ output: Int64?) async throws {
    let harness = try harness(Outside(), "with retry(2, only: [\(kind)])", times: 2, n: n)
    let stop = try await harness.start(in: InMemoryRunStore())
    if let output {
      #expect(stop == .ended(.succeeded(.int(output))))
    } else {
      #expect(stop != .ended(.succeeded(.none)))
    }
    guard output == nil else { return }
    guard case .ended(.failed(let failure)) = stop else { throw Unexpected("it fails") }
    #expect(failure.kind == "flaky")
  }

  /// Nothing has happened that would make a difference.
  @Test func whatWouldFailAtOnceIsNotRepeated() async throws {
    let harness = try RunHarness(
      """
      workflow w() {
        step load = sub() with retry(1000000000)
      }
      workflow sub() {
        assert 1 > 2, "never"
      }
      """)
    guard case .ended(.failed(let failure)) = try await harness.start(in: InMemoryRunStore()) else {
      throw Unexpected("it fails")
    }
    #expect(failure.kind == "assertion")
  }
}

private struct Unexpected: Error {
  let what: String
  init(_ what: String) { self.what = what }
}
