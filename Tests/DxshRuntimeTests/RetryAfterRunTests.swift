import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// Runs whose steps were asked to leave somebody alone for a while.
struct RetryAfterRunTests {
  private static let pause = TimeSpan(nanoseconds: 600_000_000_000)

  /// A step that is asked to wait 10 minutes after its first attempt.
  private func harness(_ policies: String, asking pause: TimeSpan = pause) throws -> RunHarness {
    let node = ScriptedNode("x.act") { call throws(NodeFailure) in
      if call.attempt == 1 { throw NodeFailure("busy", "not now, s3cret", retryAfter: pause) }
      return .value(.int(Int64(call.attempt)))
    }
    var harness = try RunHarness(
      """
      node x.act() -> int effect read throws busy timeout(1m)

      workflow w() -> int {
        step act = x.act() with \(policies)
        output act
      }
      """, nodes: [node])
    harness.leaving = .whenWaiting
    return harness
  }

  private func clock(_ harness: RunHarness, goesOnTo seconds: Int64) async {
    let start = ManualClock().now()
    await harness.clock.sleep(until: start.adding(TimeSpan(nanoseconds: seconds * 1_000_000_000)) ?? start)
  }

  /// It counts from when the attempt failed, however often the run is taken up in between.
  @Test func anotherProcessWaitsAsLong() async throws {
    let harness = try harness("retry(2, backoff: fixed(1s))")
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    for seconds: Int64 in [1, 300, 599] {
      await clock(harness, goesOnTo: seconds)
      #expect(try await harness.inspect(in: store).nextTime?.since(ManualClock().now()) == Self.pause)
      guard case .waiting = try await harness.resume(in: store) else { throw Unexpected() }
    }
    await clock(harness, goesOnTo: 600)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(2))))
    #expect(harness.clock.now().since(ManualClock().now()) == Self.pause)
  }

  @Test func whatDoesNotFitIsSaid() async throws {
    func message(_ policies: String, asking pause: TimeSpan = Self.pause) async throws -> String {
      let stop = try await harness(policies, asking: pause).start(in: InMemoryRunStore())
      guard case .ended(.failed(let failure)) = stop else { return "\(stop)" }
      return "\(failure.kind): \(failure.message)"
    }
    #expect(
      try await message("retry(9), deadline(10m)")
        == "deadline: its deadline passes before attempt 2; attempt 1 ended with busy: not now, s3cret; it asks to be "
        + "left alone for 10m")
    let long = TimeSpan(seconds: TimeSpan.maximumSeconds, nanoseconds: 0) ?? .zero
    #expect(
      try await message("retry(9)", asking: long)
        == "busy: not now, s3cret; it asks to be left alone for 3652500d, and no attempt waits longer than 1d")
    // Nothing would have come after it.
    #expect(try await message("timeout(1m)", asking: long) == "busy: not now, s3cret")
    #expect(try await message("retry(9, only: [timeout])", asking: long) == "busy: not now, s3cret")
  }

  /// What takes secrets out of a failure's message leaves the rest of it.
  @Test func secretsChangeNothing() async throws {
    let node = ScriptedNode("x.act") { call throws(NodeFailure) in
      if call.attempt == 1 { throw NodeFailure("busy", "not now, s3cret", retryAfter: Self.pause) }
      return .value(.int(Int64(call.attempt)))
    }
    var harness = try RunHarness(
      """
      secret key: string = env("KEY")
      node x.act(key: secret<string>) -> int effect read throws busy timeout(1m)

      workflow w() -> int {
        step act = x.act(key: key) with retry(2)
        output act
      }
      """, nodes: [node])
    harness.secrets = [.text("s3cret")]
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.int(2))))
    #expect(harness.clock.now().since(ManualClock().now()) == Self.pause)
    let failures = try await harness.history(in: store).events.map(\.kind).filter {
      $0 == .attemptFailed(attempt: 1, kind: "busy", message: "not now, [secret]", retryAfter: Self.pause)
    }
    #expect(failures.count == 1)
  }

  private struct Unexpected: Error {}
}
