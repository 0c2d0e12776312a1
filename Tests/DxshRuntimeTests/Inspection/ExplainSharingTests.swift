import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshStores
import DxshTestSupport
import DxshTime
import Testing

/// What is said of steps that wait for what all runs share.
struct ExplainSharingTests {
  private static let other = """
    workflow other() -> int {
      output 1
    }
    """

  /// Another run has a slot of a pool, in the same store.
  private func occupy(_ pool: String, _ slots: Int, in run: Inspecting) async throws -> RunClaim {
    let other = try RunHarness(Self.other)
    let encoded = other.plan.encoded()
    let creation = try await run.store.create(
      NewRun(
        id: "other", workflow: "other", key: nil, plan: encoded, planHash: other.plan.hash, directory: "/",
        startedAt: run.start, firstBatch: RunHistory(input: [], startedAt: run.start).firstBatch))
    guard case .created(let claim) = creation else { preconditionFailure("there is no other run yet") }
    let request = SeatRequest(
      path: "busy", limits: StepLimits(pool: .init(name: pool, capacity: slots)), timeout: .zero)
    #expect(try await run.store.limits.exchange([], [request], of: "other", at: run.start) == [.granted])
    return claim
  }

  @Test func whoHasTheSlotsIsNamed() async throws {
    let run = try Inspecting(
      """
      workflow w() -> int {
        for n in [1, 2] {
          step a = debug.echo(value: n) with limit("db", 1)
        }
        output a.sum()
      }
      """)
    let claim = try await occupy("db", 1, in: run)
    let running = Task { try await run.run() }
    while try await run.store.limits.seats().count < 3 { await Task.yield() }
    let causes = try await run.causes().filter { $0.kind == .pool }
    let first = try #require(causes.first)
    #expect(causes.count == 2)
    #expect(
      first.text == "\(first.step ?? "") waits for a slot of the pool db: 1 of 1 are taken, by busy of the run other")
    #expect(causes[1].text.hasSuffix("by busy of the run other; 1 other waits before it"))
    #expect(first.holders == [RunCause.Holder(run: "other", step: "busy")])
    try await run.store.limits.release("other", keepsTimes: false, isLost: false, at: run.start)
    #expect(try await running.value == .ended(.succeeded(.int(3))))
    withExtendedLifetime(claim) {}
  }

  @Test func theTimeOfARateIsNamed() async throws {
    let run = try Inspecting(
      """
      workflow w() -> int {
        step a = debug.echo(value: 1) with rate(1, per: 1h, key: "api")
        step b = debug.echo(value: a) with rate(1, per: 1h, key: "api")
        output b
      }
      """)
    #expect(try await run.run().isWaiting)
    await run.pass(600)
    var causes = try await run.causes()
    #expect(causes.map(\.kind) == [.rate])
    #expect(causes[0].text == "b waits for its time of the rate api: 2026-01-01T01:00:00Z, in 50m")
    #expect(causes[0].until == run.start.adding(TimeSpan(milliseconds: 3_600_000) ?? .zero))
    #expect(causes[0].commands == ["dxsh serve"])
    await run.pass(3600)
    causes = try await run.causes()
    #expect(causes.map(\.kind) == [.unattended, .rate])
    #expect(try await run.resume() == .ended(.succeeded(.int(1))))
    #expect(try await run.causes().map(\.kind) == [.ended])
  }

  @Test func theBreakerIsNamed() async throws {
    let run = try Inspecting(
      """
      workflow w() -> int {
        step a = debug.echo(value: 1)
          with retry(3, backoff: fixed(1h), jitter: false), breaker("crm", failures: 3, window: 1m, open: 1m)
        output a
      }
      """)
    #expect(try await run.store.limits.force(.open, "crm", at: run.start))
    #expect(try await run.run().isWaiting)
    var causes = try await run.causes()
    #expect(causes.map(\.kind) == [.breaker])
    #expect(
      causes[0].text
        == "a waits for the breaker crm, which is open until somebody closes it; "
        + "attempt 2 is at 2026-01-01T01:00:00Z, in 1h")
    #expect(causes[0].commands == ["dxsh breakers close crm"])
    #expect(try await run.store.limits.force(.close, "crm", at: run.start))
    causes = try await run.causes()
    #expect(causes[0].text.contains("crm, which is closed by now; attempt 2"))
    await run.pass(3600)
    #expect(try await run.resume() == .ended(.succeeded(.int(1))))
  }
}
