import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Glibc
import Testing

/// Why a run does not go on: each cause once, as the real engine left the run in an SQLite store.
struct ExplainTests {
  private static let act = """
    node x.act() -> int
      effect read
      throws flaky, rejected
      timeout(10s)

    """
  private static let waiting = """
    workflow w() -> json {
      step a = debug.echo(value: 1)
      wait ack = signal("ack", key: "it's") as { by: string } after a
      step b = debug.echo(value: 2) after ack
      step c = debug.echo(value: 3) after b
      step d = debug.echo(value: 4) after b
      step e = debug.echo(value: 5) after c, d
      output e
    }
    """
  private static let pausing = """
    workflow w() -> int {
      wait pause = delay(2h)
      step b = debug.echo(value: 2) after pause
      output b
    }
    """
  private static let two = """
    workflow w() -> int {
      step a = debug.echo(value: 1)
      step b = debug.echo(value: 2) after a
      output b
    }
    """

  private static func failing(_ kind: String) -> ScriptedNode {
    ScriptedNode("x.act") { _ throws(NodeFailure) in throw NodeFailure(kind, "no luck") }
  }

  private func retrying(_ kind: String = "flaky") throws -> Inspecting {
    try Inspecting(
      Self.act + """
        workflow w() -> int {
          step a = x.act() with retry(3, backoff: fixed(1h), jitter: false, only: [flaky])
          step b = debug.echo(value: a)
          output b
        }
        """, nodes: [Self.failing(kind)])
  }

  private func started(_ path: String, at time: Timestamp) -> RecordedEvent {
    RecordedEvent(path: path, kind: .attemptStarted(attempt: 1), at: time)
  }

  // MARK: - The machine

  /// What others have of it is known in its process alone: it is said which one that is, and what is asked.
  @Test(arguments: [
    ("cpu: 2", "2 cores"), ("cpu: 0.5, memory: 512MiB", "0.5 cores and 512MiB of memory"), ("time: 1s", nil),
  ])
  func aStepIsReadyThatUsesTheMachine(_ uses: String, _ words: String?) async throws {
    let run = try Inspecting(
      Self.act + """
        workflow w() -> int {
          step a = x.act() with uses(cpu: 1)
          step b = x.act() with uses(\(uses))
          output a + b
        }
        """, nodes: [Self.failing("flaky")])
    let claim = try await run.write([started("a", at: run.start)])
    let causes = try await run.causes().dropFirst()
    let owner = try #require(try await run.inspection().owner)
    #expect(causes.map(\.kind) == (words == nil ? [.attempt, .attempt] : [.machine, .attempt]))
    let text = words.map {
      "b is ready for attempt 1, and the process \(owner.process) on \(owner.host) has not begun it: it uses \($0), "
        + "which steps of that process may have that are under way"
    }
    let cause = try #require(causes.first { $0.step == "b" })
    #expect(cause.text == text ?? "b is about to begin attempt 1")
    #expect(cause.owner == (words == nil ? nil : owner))
    withExtendedLifetime(claim) {}
  }

  // MARK: - It has ended

  @Test func itSucceeded() async throws {
    let run = try Inspecting(Self.pausing, leaving: .never)
    try await run.run()
    let causes = try await run.causes()
    #expect(causes.map(\.text) == ["it succeeded at 2026-01-01T02:00:00Z, after 2h"])
    #expect(causes.map(\.kind) == [.ended])
    #expect(causes[0].since == run.harness.clock.now() && causes[0].commands.isEmpty)
  }

  @Test func itFailed() async throws {
    let run = try retrying()
    try await run.run()
    for _ in 1...2 {
      await run.pass(3600)
      _ = try await run.resume()
    }
    let causes = try await run.causes()
    #expect(
      causes.map(\.text)
        == ["it failed at 2026-01-01T02:00:00Z, after 2h in the step a at its attempt 3: flaky: no luck"])
    #expect(causes[0].step == "a" && causes[0].attempt == 3)
    #expect(causes[0].commands == ["dxsh runs show r"])
  }

  @Test func itWasRejected() async throws {
    let run = try retrying("rejected")
    try await run.run()
    #expect(
      try await run.causes().map(\.text)
        == ["it was rejected at 2026-01-01T00:00:00Z, after 0s in the step a: rejected: no luck"])
  }

  @Test func itWasCancelled() async throws {
    let run = try Inspecting(Self.waiting)
    try await run.run()
    await run.pass(60)
    try await run.send(.cancel)
    _ = try await run.resume()
    #expect(try await run.causes().map(\.text) == ["it was cancelled at 2026-01-01T00:01:00Z, after 1m"])
  }

  // MARK: - Who is at it

  @Test func aProcessIsAtIt() async throws {
    let run = try Inspecting(Self.two)
    let claim = try await run.write([started("a", at: run.start)])
    await run.pass(90)
    let causes = try await run.causes()
    #expect(causes.map(\.kind) == [.underWay, .attempt])
    #expect(causes[0].text.hasPrefix("it is under way in the process \(getpid()) on "))
    #expect(causes[0].owner?.isAlive == true && causes[0].commands.isEmpty)
    #expect(causes[1].text == "a is in attempt 1 since 2026-01-01T00:00:00Z, for 1m30s; behind it: b")
    let stopped = try await run.causes(isStopped: true)
    #expect(stopped[0].kind == .stopped && stopped[0].commands == ["dxsh serve"])
    withExtendedLifetime(claim) {}
  }

  @Test func itsProcessDied() async throws {
    let run = try Inspecting(Self.two)
    let claim = try await run.write([started("a", at: run.start)])
    try run.killOwner()
    let causes = try await run.causes()
    #expect(causes.map(\.kind) == [.died, .attempt])
    #expect(causes[0].text == "the process 4711 on h, which had it, ended before it did")
    #expect(causes[0].commands == ["dxsh serve", "dxsh resume r"])
    #expect(causes[0].owner?.isAlive == false)
    #expect(
      causes[1].text
        == "a was in attempt 1, since 2026-01-01T00:00:00Z, when its process ended; it is made again; behind it: b")
    withExtendedLifetime(claim) {}
  }

  @Test func itsProcessLeftIt() async throws {
    let run = try Inspecting(Self.two)
    _ = try await run.write([])
    try await run.settleWrites()
    let causes = try await run.causes()
    #expect(causes.map(\.kind) == [.unattended, .attempt])
    #expect(causes[0].text == "its process has left it, and no other has taken it up")
    #expect(causes[1].text == "a is about to begin attempt 1; behind it: b")
  }

  @Test func nobodyNotesItsEnd() async throws {
    let run = try Inspecting(Self.two)
    _ = try await run.write(["a", "b"].map { .init(path: $0, kind: .succeeded(.int(2)), at: run.start) })
    try await run.settleWrites()
    #expect(try await run.causes().map(\.kind) == [.unattended, .complete])
  }

  @Test func somebodyMadeItPause() async throws {
    let run = try Inspecting(Self.two)
    _ = try await run.write([], .paused)
    try await run.settleWrites()
    #expect(try await run.causes().map(\.kind) == [.paused, .attempt])
  }

  @Test func itCannotBeGoneOnWithHere() async throws {
    let run = try Inspecting(Self.waiting)
    try await run.run()
    let causes = try await run.causes(obstacle: "the secret x is missing")
    #expect(causes.map(\.kind) == [.unavailable, .wait])
    #expect(causes[0].text == "it cannot be gone on with from here: the secret x is missing")
  }

  @Test func itsJournalDoesNotFit() async throws {
    let run = try Inspecting(Self.two)
    _ = try await run.write([
      started("a", at: run.start), RecordedEvent(path: "z", kind: .timeReached(chosen: nil), at: run.start),
    ])
    try await run.settleWrites()
    let causes = try await run.causes()
    #expect(causes.map(\.kind) == [.unattended, .unavailable, .attempt])
    #expect(causes[1].text.contains("the journal speaks of the step z"))
  }

  // MARK: - What it waits for

  @Test func aSignal() async throws {
    let run = try Inspecting(Self.waiting)
    try await run.run()
    await run.pass(600)
    let causes = try await run.causes()
    #expect(
      causes.map(\.text) == [
        "ack waits for a signal ack with the key it's, since 2026-01-01T00:00:00Z; behind it: b, c, d and 1 more"
      ])
    #expect(causes[0].kind == .wait && causes[0].signals == [SignalName("ack", key: "it's")])
    #expect(causes[0].behind == .init(count: 4, first: ["b", "c", "d"]))
    #expect(causes[0].commands == ["dxsh signal r ack --key 'it'\\''s' --value JSON"])
  }

  @Test func aTime() async throws {
    let run = try Inspecting(Self.pausing)
    try await run.run()
    await run.pass(1800)
    let causes = try await run.causes()
    #expect(
      causes.map(\.text)
        == ["pause waits for 2026-01-01T02:00:00Z, in 1h30m, since 2026-01-01T00:00:00Z; behind it: b"])
    #expect(causes[0].commands == ["dxsh serve"])
  }

  @Test func aTimeThatIsOver() async throws {
    let run = try Inspecting(Self.pausing)
    try await run.run()
    await run.pass(7200 + 3 * 86_400)
    let causes = try await run.causes()
    #expect(
      causes.map(\.text) == [
        "it has had something to do for 3d, since 2026-01-01T02:00:00Z: no process looks after this store",
        "pause waits for 2026-01-01T02:00:00Z, 3d ago, since 2026-01-01T00:00:00Z; behind it: b",
      ])
    #expect(causes[0].kind == .unattended && causes[0].commands == ["dxsh serve", "dxsh resume r"])
  }

  @Test func aMessageThatNobodyReads() async throws {
    let run = try Inspecting(Self.waiting)
    try await run.run()
    try await run.send(.signal(SignalName("ack", key: "k"), .null))
    await run.pass(5)
    try await run.send(.cancel)
    let causes = try await run.causes()
    #expect(causes.map(\.kind) == [.unattended, .wait, .message, .message])
    #expect(causes[0].since == run.start)
    #expect(
      causes[2...].map(\.text) == [
        "a signal ack with the key k, sent at 2026-01-01T00:00:00Z, has not been taken in",
        "the wish that it ends, sent at 2026-01-01T00:00:05Z, has not been taken in",
      ])
  }

  @Test func anotherAttempt() async throws {
    let run = try retrying()
    try await run.run()
    await run.pass(600)
    var causes = try await run.causes()
    #expect(
      causes.map(\.text) == [
        "a has failed at attempt 1 of 3 (flaky: no luck); the next is at 2026-01-01T01:00:00Z, in 50m; behind it: b"
      ])
    #expect(causes[0].kind == .retry && causes[0].attempt == 2 && causes[0].attempts == 3)
    await run.pass(3600)
    causes = try await run.causes()
    #expect(causes.map(\.kind) == [.unattended, .retry])
    #expect(causes[1].text.contains("the next was due at 2026-01-01T01:00:00Z, 10m ago"))
  }

  // MARK: - A person

  @Test func nobodyKnowsWhetherItTookPlace() async throws {
    let run = try Inspecting(
      """
      workflow w() -> json {
        step a = debug.sleep(duration: 1h) with timeout(1s), assume(once, reason: "a test")
        output a
      }
      """)
    #expect(try await run.run() == .paused(indeterminate: ["a"]))
    let causes = try await run.causes()
    #expect(causes.map(\.kind) == [.indeterminate])
    #expect(causes[0].text == "a: it is not known whether it took place: no answer in time")
    #expect(
      causes[0].commands == [
        "dxsh runs settle r a done --result JSON", "dxsh runs settle r a retry", "dxsh runs settle r a fail",
      ])
  }

  @Test func aStepCouldNotBeUndone() async throws {
    let undo = ScriptedNode("shop.undo") { _ throws(NodeFailure) in throw NodeFailure("stuck", "the shop is closed") }
    let run = try Inspecting(
      """
      node shop.undo(n: int) -> int effect keyed throws stuck timeout(1m)
      workflow w() -> int {
        step a = debug.echo(value: 1) with compensate(shop.undo(n: 1)), assume(keyed, reason: "a test")
        assert a == 2, "it is not two"
        output a
      }
      """, nodes: [undo], leaving: .never)
    #expect(try await run.run() == .paused(indeterminate: ["a@compensate"]))
    let causes = try await run.causes()
    #expect(causes.map(\.kind) == [.compensation])
    #expect(causes[0].text == "a could not be undone: a@compensate: stuck: the shop is closed")
    #expect(causes[0].commands.first == "dxsh runs settle r a@compensate done")
  }
}
