import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// Runs of the real engine that share something.
struct SharedLimitsTests {
  private static let call = """
    node x.call(n: int) -> int
      effect read
      throws flaky, invalid
      timeout(10s)

    """

  /// The last slot goes from one to the next, in the order in which they asked.
  @Test func aThousandStepsGetTheLastSlotOneAfterTheOther() async throws {
    let numbers = (0..<1000).map(String.init).joined(separator: ", ")
    let node = ScriptedNode("x.call") { call throws(NodeFailure) in .value(call["n"]) }
    var harness = try RunHarness(
      Self.call + """
        workflow w() -> int {
          for n in [\(numbers)] with parallel(1000) {
            step a = x.call(n: n) with limit("one", 1)
          }
          output a.sum()
        }
        """, nodes: [node])
    harness.maxParallel = 1000
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.int(499_500))))
    let called = node.calls.compactMap { if case .int(let n)? = $0.first { n } else { nil } }
    #expect(called == called.sorted() || called == called.sorted(by: >))
    #expect(try await store.limits.seats() == [])
  }

  /// Who has no place to run in does not ask yet: a time that has been given is used.
  @Test func timesAreKeptHoweverFewPlacesThereAre() async throws {
    var harness = try RunHarness(
      Self.call + """
        workflow w() -> int {
          step slow = debug.sleep(duration: 9s)
          for n in [1, 2, 3, 4] {
            step a = x.call(n: n) with rate(1, per: 2s)
          }
          output a.sum() + (slow == {} ? 0 : 1)
        }
        """, nodes: [Calling()])
    harness.maxParallel = 1
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.int(10))))
    let begun = try await harness.history(in: store).events.filter { event in
      if case .attemptStarted = event.kind { event.path.hasPrefix("a[") } else { false }
    }
    #expect(begun.count == 4)
    for (event, next) in zip(begun, begun.dropFirst()) {
      #expect(next.at.since(event.at) >= TimeSpan(nanoseconds: 2_000_000_000))
    }
  }

  /// Attempts that a breaker refuses without saying for how long are not made one after the other at once.
  @Test func refusalsWithoutATimeTakeSome() async throws {
    let node = ScriptedNode("x.call") { call throws(NodeFailure) in .value(call["n"]) }
    let harness = try RunHarness(
      Self.call + """
        workflow w() -> int {
          step a = x.call(n: 1) with retry(4), breaker("b", failures: 2, window: 1m, open: 1m)
          output a
        }
        """, nodes: [node])
    let store = InMemoryRunStore()
    let began = harness.clock.now()
    _ = try await store.limits.force(.open, "b", at: began)
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else {
      Issue.record("it fails")
      return
    }
    #expect(failure.kind == "circuit_open" && failure.attempt == 4 && node.calls.isEmpty)
    #expect(harness.clock.now().since(began) == TimeSpan(nanoseconds: 3_000_000_000))
  }

  /// What the call itself is to blame for says nothing about the other side.
  @Test(arguments: [("flaky", 2), ("invalid", 4)])
  func onlySomeFailuresCount(_ kind: String, _ calls: Int) async throws {
    let node = ScriptedNode("x.call") { _ throws(NodeFailure) in throw NodeFailure(kind, "no luck") }
    let harness = try RunHarness(
      Self.call + """
        workflow w() -> int {
          step a = x.call(n: 1)
            with retry(4, unless: error.kind == circuit_open), breaker("b", failures: 2, window: 1m, open: 1m)
          output a
        }
        """, nodes: [node])
    guard case .ended(.failed(let failure)) = try await harness.start(in: InMemoryRunStore()) else {
      Issue.record("it fails")
      return
    }
    #expect(failure.kind == (calls == 2 ? "circuit_open" : kind))
    #expect(node.calls.count == calls)
  }

  /// The next attempt is no earlier than the breaker lets it through, and the journal says so to another process.
  @Test func aRetryWaitsForTheBreaker() async throws {
    let node = ScriptedNode("x.call") { call throws(NodeFailure) in
      if call.attempt < 4 { throw NodeFailure("flaky", "no luck") }
      return .value(.int(7))
    }
    var harness = try RunHarness(
      Self.call + """
        workflow w() -> int {
          step a = x.call(n: 1) with retry(9), breaker("b", failures: 2, window: 1m, open: 40s)
          output a
        }
        """, nodes: [node])
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    let began = harness.clock.now()
    var stop = try await harness.start(in: store)
    var times = 0
    while case .waiting = stop {
      times += 1
      let due = try await store.due(at: harness.clock.now(), limit: 1)
      await harness.clock.sleep(until: try #require(due.next))
      stop = try await harness.resume(in: store)
    }
    #expect(stop == .ended(.succeeded(.int(7))))
    #expect(times == 1)
    #expect(harness.clock.now().since(began) == TimeSpan(milliseconds: 40_000))
  }

  /// A run that waits for its time takes no process, and its time is the same when another goes on with it.
  @Test func aRunIsLeftUntilItsTime() async throws {
    let node = ScriptedNode("x.call") { call throws(NodeFailure) in .value(call["n"]) }
    var harness = try RunHarness(
      Self.call + """
        workflow w() -> int {
          step a = x.call(n: 1) with rate(1, per: 1h, key: "k")
          step b = x.call(n: a) with rate(1, per: 1h, key: "k")
          step c = x.call(n: b) with rate(1, per: 1h, key: "k")
          output c
        }
        """, nodes: [node])
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    let began = harness.clock.now()
    var stop = try await harness.start(in: store)
    for hour in [1, 2] as [Int64] {
      #expect(stop.isWaiting)
      let due = try #require(try await store.due(at: harness.clock.now(), limit: 1).next)
      #expect(due.since(began) == TimeSpan(milliseconds: hour * 3_600_000))
      // Somebody looks too early, and leaves it again.
      #expect(try await harness.resume(in: store).isWaiting)
      #expect(try await store.due(at: harness.clock.now(), limit: 1).next == due)
      await harness.clock.sleep(until: due)
      stop = try await harness.resume(in: store)
    }
    #expect(stop == .ended(.succeeded(.int(1))))
    #expect(try await store.limits.seats() == [])
  }

  /// It fails at once where its time would come too late.
  @Test func aDeadlineIsOverBeforeItsTime() async throws {
    let run = try await RunTests.run(
      """
      workflow w() -> string {
        step a = debug.echo(value: 1) with rate(1, per: 1h, key: "k")
        try {
          step b = debug.echo(value: a) with rate(1, per: 1h, key: "k"), deadline(10m)
          let what = "${b}"
        } catch e {
          let what = "${e.kind}"
        }
        output what
      }
      """)
    #expect(run.outcome == .succeeded(.text("deadline")))
    #expect(run.elapsed == .zero)
  }

  /// It is for others then: trying again and again puts nobody's time off.
  @Test func aTimeThatComesTooLateIsNotTaken() async throws {
    let run = try await RunTests.run(
      """
      workflow w() -> list<int?> {
        step first = debug.echo(value: 1) with rate(1, per: 1h, key: "k")
        for n in [2, 3, 4] after first with parallel(1), on_error(skip) {
          step late = debug.echo(value: n) with rate(1, per: 1h, key: "k"), deadline(10m)
        }
        step last = debug.echo(value: 5) after late with rate(1, per: 1h, key: "k")
        output late + [first, last]
      }
      """)
    #expect(run.outcome == .succeeded(.list([.none, .none, .none, .int(1), .int(5)])))
    #expect(run.elapsed == TimeSpan(milliseconds: 3_600_000))
  }

  /// For its breaker a call has succeeded whose result is not what its `poll` waits for, also the last one.
  @Test func aBreakerIsInsideOfPoll() async throws {
    let node = ScriptedNode("x.call") { call throws(NodeFailure) in
      if call["n"] == .int(1) { return .value(.int(0)) }
      throw NodeFailure("flaky", "no luck")
    }
    let harness = try RunHarness(
      Self.call + """
        workflow w() -> list<int?> {
          for n in [0, 1, 2] with parallel(1), on_error(skip) {
            step a = x.call(n: n)
              with poll(until: self > 0, every: 1s, max: 1), breaker("b", failures: 2, window: 1m, open: 1m)
          }
          output a
        }
        """, nodes: [node])
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.list([.none, .none, .none]))))
    #expect(try await store.limits.breakers().map(\.breaker.phase) == [.closed])
  }

  /// The process lives, and nobody goes on with a run that has ended.
  @Test func aStoreThatFailsLeavesNoSlotTaken() async throws {
    let node = ScriptedNode("x.call") { call throws(NodeFailure) in .value(call["n"]) }
    let harness = try RunHarness(
      Self.call + """
        workflow w() -> int {
          step a = x.call(n: 1) with limit("one", 1), deadline(1m)
          step b = x.call(n: a) with limit("one", 1)
          output b
        }
        """, nodes: [node])
    var number = 2
    while true {
      let store = CrashingStore(.before(number))
      let stop = try? await harness.start(in: store)
      if stop == nil {
        // It works again after the deadline.
        await harness.clock.sleep(until: harness.clock.now().adding(TimeSpan(nanoseconds: 120_000_000_000)) ?? .epoch)
        guard case .ended = try await harness.resume(in: store.survivor) else { throw Unexpected() }
      }
      #expect(try await store.survivor.limits.seats() == [], "\(number)")
      if stop != nil { break }
      number += 1
    }
    #expect(number > 6)
  }

  /// What waits for a slot is over at its deadline, and when its scope fails.
  @Test func whatWaitsForASlotIsCutOff() async throws {
    let run = try await RunTests.run(
      """
      workflow w() -> list<string> {
        step holder = debug.sleep(duration: 1h) with limit("one", 1), timeout(2h)
        step first = debug.sleep(duration: 1s)
        try {
          step late = debug.echo(value: 1) after first with limit("one", 1), deadline(10m)
          let what = "${late}"
        } catch e {
          let what = "${e.kind}"
        }
        try {
          step waits = debug.echo(value: 1) after first with limit("one", 1)
          step quick = debug.sleep(duration: 20m) after first
          assert quick != {}, "enough"
          let other = "${waits}"
        } catch e {
          let other = "${e.kind}"
        }
        output [what, other, holder == {} ? "held" : ""]
      }
      """)
    #expect(run.outcome == .succeeded(.list([.text("deadline"), .text("assertion"), .text("held")])))
    #expect(run.elapsed == TimeSpan(milliseconds: 3_600_000))
    #expect(run.events.contains { $0.path == "waits" && $0.kind == .cancelled })
  }
}

private struct Unexpected: Error {}

/// Gives back its number, in a task of its own.
private struct Calling: NodeImplementation {
  let name = "x.call"

  func call(_ call: NodeCall, in context: NodeContext) async throws -> Value { call["n"] }
}
