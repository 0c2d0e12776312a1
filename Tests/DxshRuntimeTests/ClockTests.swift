import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// Clocks that somebody sets an hour on or back: what counts how long something takes goes on counting, and only
/// `until` is about the time of day.
struct ClockTests {
  private static let hour = TimeSpan(nanoseconds: 3_600_000_000_000)
  private static func minutes(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count * 60_000_000_000) }

  private static let changes = [[hour], [hour.negated], [hour, hour.negated], [hour.negated, hour], [hour, hour]]

  /// What is done in 10 minutes, whatever the clock says meanwhile.
  private static let tenMinutes = [
    """
    workflow w() -> int {
      wait pause = delay(10m)
      step a = debug.echo(value: 1) after pause
      output a
    }
    """,
    """
    workflow w() -> int {
      wait none = signal("none") as int with timeout(10m)
      output none.orValue(1)
    }
    """,
    """
    workflow w() -> int {
      step slow = debug.sleep(duration: 10m) with timeout(30m)
      step a = debug.echo(value: 1) after slow
      output a
    }
    """,
    """
    workflow w() -> int {
      try {
        step slow = debug.sleep(duration: 30m) with timeout(10m)
        step a = debug.echo(value: 2) after slow
        output a
      } catch e {
        output 1
      }
    }
    """,
    """
    workflow w() -> int {
      try {
        step slow = debug.sleep(duration: 30m) with timeout(4m), retry(9), deadline(10m)
        step a = debug.echo(value: 2) after slow
        output a
      } catch e {
        output e.kind == deadline ? 1 : 3
      }
    }
    """,
    """
    workflow w() -> int {
      try {
        step a = debug.echo(value: 2) with poll(until: self == 3, every: 5m, max: 3)
        output a
      } catch e {
        output 1
      }
    }
    """,
  ]

  @Test(arguments: tenMinutes, changes)
  func whatCountsGoesOnCounting(_ text: String, _ changes: [TimeSpan]) async throws {
    let harness = try RunHarness(text)
    let start = harness.clock.reading()
    harness.clock.setInSleep(by: changes)
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.int(1))))
    #expect(harness.clock.reading().uptime.subtracting(start.uptime) == Self.minutes(10))
    let noted = try await harness.history(in: store).events.compactMap { event in
      if case .clock(_, _, let change) = event.kind { change } else { nil }
    }
    #expect(noted == changes)
  }

  @Test(arguments: changes)
  func aRetryComesWhenItsTimeHasPassed(_ changes: [TimeSpan]) async throws {
    let node = ScriptedNode("x.act") { call throws(NodeFailure) in
      if call.attempt == 1 { throw NodeFailure("flaky", "not yet") }
      return .value(.int(1))
    }
    let harness = try RunHarness(
      """
      node x.act() -> int
        effect read
        throws flaky
        timeout(10s)

      workflow w() -> int {
        step a = x.act() with retry(2, backoff: fixed(10m), jitter: false)
        output a
      }
      """, nodes: [node])
    harness.clock.setInSleep(by: changes)
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.int(1))))
    #expect(harness.clock.reading().uptime == Self.minutes(10))
    #expect(node.calls.count == 2)
  }

  @Test func untilIsTheTimeOfDay() async throws {
    let text = """
      workflow w() -> timestamp {
        wait noon = until(timestamp("2026-01-01T02:00:00Z"))
        output noon
      }
      """
    let noon = try #require(Timestamp(seconds: 1_767_232_800, nanoseconds: 0))
    // After one hour it is set; then it is two o'clock after none, or after two more.
    for (change, hours) in [(Self.hour, 1), (Self.hour.negated, 3)] {
      let harness = try RunHarness(text)
      harness.clock.setInSleep(by: [change])
      #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.timestamp(noon))))
      #expect(harness.clock.reading().uptime == Self.hour.multiplied(by: Int64(hours)))
    }
  }

  /// Nobody is at the run while the clock is set.
  @Test(arguments: changes)
  func aRunThatWasLeftGoesOnCounting(_ changes: [TimeSpan]) async throws {
    var harness = try RunHarness(
      """
      workflow w() -> int {
        wait pause = delay(2h)
        wait late = signal("late") as int after pause with timeout(1h)
        output late.orValue(1)
      }
      """)
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    _ = try await harness.start(in: store)
    for change in changes {
      harness.clock.set(by: change)
      guard case .waiting(let waits) = try await harness.resume(in: store) else {
        Issue.record("it waits")
        return
      }
      #expect(waits.map(\.until) == [harness.clock.now().adding(Self.minutes(120))])
      #expect(try await store.due(at: .epoch, limit: 1).next == waits[0].until)
    }
    for hours in [2, 1] {
      let over = try #require(harness.clock.now().adding(Self.minutes(Int64(hours) * 60)))
      #expect(try await store.due(at: .epoch, limit: 1).next == over)
      await harness.clock.sleep(until: over)
      let stop = try await harness.resume(in: store)
      if hours == 1 { #expect(stop == .ended(.succeeded(.int(1)))) }
    }
    #expect(harness.clock.reading().uptime == Self.minutes(180))
    let fired = try await harness.history(in: store).events.count { event in
      if case .timeReached = event.kind { true } else { false }
    }
    #expect(fired == 2)
  }
}
