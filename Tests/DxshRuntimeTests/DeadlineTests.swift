import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// `deadline`: when all attempts of a step have to be over.
struct DeadlineTests {
  private static let hour = TimeSpan(nanoseconds: 3_600_000_000_000)

  /// Its first attempt fails at once, its second takes two hours; another begins 40 minutes after a failure.
  /// - retry: the policy; where it has none, its first attempt takes two hours too
  private func harness(
    _ effect: String = "read", _ policies: String = "",
    retry: String = ", retry(5, backoff: fixed(40m), jitter: false)"
  ) throws -> (RunHarness, ScriptedNode) {
    let node = ScriptedNode("x.act") { call throws(NodeFailure) in
      if call.attempt == 1, !retry.isEmpty { throw NodeFailure("flaky", "not this time") }
      return .after(TimeSpan(nanoseconds: 7_200_000_000_000), .int(1))
    }
    var harness = try RunHarness(
      """
      node x.act() -> int effect read throws flaky timeout(9h)
      node x.look() -> int? effect read timeout(1m)

      workflow w() -> int {
        step act = x.act()
          with assume(\(effect), reason: "a test"), deadline(1h)\(retry)\(policies)
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

  private func tell(_ event: RecordedEvent.Kind, _ harness: RunHarness, _ store: any RunStore) async throws {
    let events = [RecordedEvent(path: "", kind: event, at: harness.clock.now())]
    let batch = JournalBatch(number: try await harness.history(in: store).nextBatch, bytes: JournalCodec.encode(events))
    let claim = try await store.claim(RunHarness.runID)
    defer { withExtendedLifetime(claim) {} }
    try await store.append(batch, to: RunHarness.runID, RunState(.running, at: harness.clock.now(), dueAt: .epoch))
  }

  /// A run that failed by it, and that somebody reopens a day later, has as much time as at first; so has what was cut
  /// off because of it.
  @Test func aReopenedRunHasItsTimeAgain() async throws {
    let day = TimeSpan(nanoseconds: 86_400_000_000_000)
    let isQuick = Atomic(false)
    let node = ScriptedNode("x.act") { _ in
      .after(isQuick.load(ordering: .relaxed) ? TimeSpan(nanoseconds: 3_000_000_000_000) : day, .int(1))
    }
    let harness = try RunHarness(
      """
      node x.act() -> int effect read timeout(9h)

      workflow w() -> int {
        step act = x.act() with deadline(1h)
        step other = x.act() with deadline(2h), retry(3)
        output act + other
      }
      """, nodes: [node])
    let store = InMemoryRunStore()
    let first = failure(of: try await harness.start(in: store))
    #expect(first?.kind == "deadline" && first?.path == "act")
    for number in 1...2 {
      await harness.clock.sleep(until: harness.clock.now().adding(day) ?? .epoch)
      if number == 2 { isQuick.store(true, ordering: .relaxed) }
      try await tell(.reopened(dropped: ["act", "other"]), harness, store)
      let reopened = harness.clock.now()
      let stop = try await harness.resume(in: store)
      if number == 1 {
        #expect(failure(of: stop)?.path == "act")
        #expect(harness.clock.now().since(reopened) == Self.hour)
      } else {
        #expect(stop == .ended(.succeeded(.int(2))))
      }
    }
  }

  /// What a person decides after it is done, with as much time as at first.
  @Test func whatIsSettledHasItsTimeAgain() async throws {
    let (harness, node) = try harness("once", ", on_interrupt(ask)", retry: "")
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .paused(indeterminate: ["act"]))
    await harness.clock.sleep(until: harness.clock.now().adding(Self.hour) ?? .epoch)
    try await harness.settle("act", .retry, in: store)
    let settled = harness.clock.now()
    // It takes two hours once more, so that it is cut off once more.
    #expect(try await harness.resume(in: store) == .paused(indeterminate: ["act"]))
    #expect(harness.clock.now().since(settled) == Self.hour)
    #expect(node.calls.count == 2)
    try await harness.settle("act", .retry, in: store)
    // Counted from the settlement, also in a process that comes late.
    await harness.clock.sleep(until: harness.clock.now().adding(Self.hour) ?? .epoch)
    #expect(failure(of: try await harness.resume(in: store))?.kind == "deadline")
    #expect(node.calls.count == 2)
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
