import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// Waits for times and signals (rule 12), in one process and across several.
struct WaitTests {
  private static func span(_ seconds: Int64) -> TimeSpan { TimeSpan(nanoseconds: seconds * 1_000_000_000) }

  private static func send(
    _ name: String, key: String? = nil, _ value: Value = .null, to store: any RunStore, at time: Timestamp
  ) async throws {
    _ = try await store.send(.signal(SignalName(name, key: key), value), to: "r", deduplication: nil, at: time)
  }

  @Test func aDelayTakesItsTime() async throws {
    let harness = try RunHarness(
      """
      workflow w() -> timestamp {
        wait pause = delay(90m)
        output pause
      }
      """)
    let start = harness.clock.now()
    let over = try #require(start.adding(Self.span(5400)))
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.timestamp(over))))
    #expect(harness.clock.now() == over)
  }

  @Test func aTimeThatHasPassedIsNotWaitedFor() async throws {
    let harness = try RunHarness(
      """
      workflow w() -> int {
        wait past = until(timestamp("2020-01-01T00:00:00Z"))
        wait none = delay(0s) after past
        step a = debug.echo(value: 1) after none
        output a
      }
      """)
    let start = harness.clock.now()
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.int(1))))
    #expect(harness.clock.now() == start)
  }

  /// A run that waits is left to the store, and takes no memory: what is inside what in it knows what it is in.
  @Test func aRunThatIsLeftIsFreed() async throws {
    weak var shape: RecordShape?
    func leave() async throws -> EngineStop {
      let made = RecordShape(["n"])
      shape = made
      var harness = try RunHarness(
        """
        workflow w(r: { n: int }) -> int {
          step a = sub(r: r) with retry(2)
          output a
        }
        workflow sub(r: { n: int }) -> int {
          repeat i: int = 0 with max(2) {
            try {
              for n in [1, 2] with parallel(2) {
                wait go = signal("go") as int
                let sum = go + n + r.n
              }
              let all = sum.size()
            } catch e {
              let all = 0
            }
            next all
          }
          output i
          finally {
            step last = debug.echo(value: r.n)
          }
        }
        """, input: [.record(RecordValue(made, [.int(1)]))])
      harness.leaving = .whenWaiting
      return try await harness.start(in: InMemoryRunStore())
    }
    guard case .waiting(let waits) = try await leave() else {
      Issue.record("it waits")
      return
    }
    #expect(waits.count == 2)
    #expect(shape == nil)
  }

  /// The wait counts from when it began, however often a process is begun anew.
  @Test func aDelayGoesOnWhereItWas() async throws {
    var harness = try RunHarness(
      """
      workflow w() -> int {
        step a = debug.echo(value: 1)
        wait pause = delay(1h) after a
        step b = debug.echo(value: a + 1) after pause
        output b
      }
      """)
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    let over = try #require(start.adding(Self.span(3600)))
    guard case .waiting(let waits) = try await harness.start(in: store) else { throw Unexpected("it waits") }
    #expect(waits.map(\.path) == ["pause"] && waits[0].until == over)
    #expect(try await store.run("r").summary.status == .waiting)
    #expect(try await store.due(at: start, limit: 9) == DueRuns(runs: [], next: over))
    await harness.clock.sleep(until: try #require(start.adding(Self.span(600))))
    guard case .waiting(let again) = try await harness.resume(in: store) else { throw Unexpected("it waits") }
    #expect(again == waits)
    await harness.clock.sleep(until: try #require(start.adding(Self.span(4000))))
    #expect(try await store.due(at: harness.clock.now(), limit: 9).runs == ["r"])
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.int(2))))
    let late = try await harness.history(in: store).events.first {
      if case .timeReached = $0.kind { true } else { false }
    }
    #expect(late?.at.since(over) == Self.span(400))
  }

  private static let asking = """
    type Ack = { by: string }

    workflow w() -> { by: string?, second: string } {
      wait ack = signal("ack", key: "7") as Ack with timeout(15m)
      wait next = signal("ack", key: "7") as Ack after ack
      output { by: ack.?by, second: next.by }
    }
    """

  private static func ack(_ name: String) -> Value {
    .record(RecordValue(RecordShape(["by"]), [.text(name)]))
  }

  private static func json(_ value: Value) throws -> String {
    String(decoding: try JSONWriter.write(value), as: UTF8.self)
  }

  private struct Unexpected: Error {
    let what: String

    init(_ what: String) { self.what = what }
  }

  @Test func signalsAreTakenInTheirOrder() async throws {
    var harness = try RunHarness(Self.asking)
    harness.leaving = .whenSignalled
    let store = InMemoryRunStore()
    guard case .waiting(let waits) = try await harness.start(in: store) else { throw Unexpected("it waits") }
    #expect(waits.map(\.signals) == [[SignalName("ack", key: "7")]])
    #expect(try await store.due(at: .latestThere, limit: 9).runs == ["r"])
    let now = harness.clock.now()
    try await Self.send("ack", key: "8", Self.ack("nobody"), to: store, at: now)
    try await Self.send("ack", key: "7", Self.ack("ann"), to: store, at: now)
    try await Self.send("ack", key: "7", Self.ack("bob"), to: store, at: now)
    #expect(try await store.due(at: now, limit: 9).runs == ["r"])
    guard case .ended(.succeeded(let output)) = try await harness.resume(in: store) else {
      throw Unexpected("it has its signals")
    }
    #expect(try Self.json(output) == #"{"by":"ann","second":"bob"}"#)
    #expect(harness.clock.now() == now)
  }

  @Test func aSignalThatDoesNotComeIsNone() async throws {
    var harness = try RunHarness(Self.asking)
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    _ = try await harness.start(in: store)
    await harness.clock.sleep(until: try #require(harness.clock.now().adding(Self.span(1000))))
    guard case .waiting = try await harness.resume(in: store) else { throw Unexpected("it waits for the second") }
    #expect(try await store.due(at: .latestThere, limit: 9) == DueRuns(runs: [], next: nil))
    try await Self.send("ack", key: "7", Self.ack("bob"), to: store, at: harness.clock.now())
    guard case .ended(.succeeded(let output)) = try await harness.resume(in: store) else {
      throw Unexpected("it has its signal")
    }
    #expect(try Self.json(output) == #"{"second":"bob"}"#)
  }

  @Test func whatASignalBringsHasItsType() async throws {
    var harness = try RunHarness(
      """
      workflow w() -> string {
        try {
          wait ack = signal("ack") as { by: string }
          output ack.by
        } catch e {
          output "${e.message}"
        }
      }
      """)
    harness.leaving = .whenSignalled
    let store = InMemoryRunStore()
    _ = try await harness.start(in: store)
    try await Self.send("ack", .int(3), to: store, at: harness.clock.now())
    guard case .ended(.succeeded(.string(let text))) = try await harness.resume(in: store) else {
      throw Unexpected("the handler takes it")
    }
    #expect(text.string.contains("found 3"))
  }

  @Test(arguments: [("fixed", "fixed dana"), ("gone", "gone"), ("", "timeout")])
  func anyIsOverWithItsFirst(_ signal: String, _ expected: String) async throws {
    var harness = try RunHarness(
      """
      workflow w() -> string {
        wait over = any {
          fixed: signal("fixed") as { by: string }
          gone: signal("gone")
        } with timeout(4h)
        let text = match over.chosen {
          fixed => "fixed ${over.?fixed.?by.orValue("?")}",
          gone => "gone",
          timeout => "timeout",
        }
        output text
      }
      """)
    harness.leaving = .whenSignalled
    let store = InMemoryRunStore()
    _ = try await harness.start(in: store)
    if signal.isEmpty {
      await harness.clock.sleep(until: try #require(harness.clock.now().adding(Self.span(20_000))))
    } else {
      try await Self.send(signal, Self.ack("dana"), to: store, at: harness.clock.now())
    }
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.text(expected))))
  }

  @Test func aScopeThatFailsWaitsForNothing() async throws {
    let harness = try RunHarness(
      """
      workflow w() -> string {
        try {
          wait never = signal("never")
          step a = debug.echo(value: 1) after never
          fail "no"
        } catch e {
          output "${e.message}"
        }
      }
      """)
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.text("no"))))
  }

  /// What comes at the time of a wait, before it, may end the wait: its time does not count then, for nobody.
  @Test func aWaitThatIsCutOffAtItsTimeIsNotOver() async throws {
    let harness = try RunHarness(
      """
      workflow w() -> int {
        step slow = debug.sleep(duration: 20s) with timeout(10s)
        step first = debug.sleep(duration: 5s)
        wait pause = delay(5s) after first
        step last = debug.echo(value: 1) after pause, slow
        output last
      }
      """)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected("it fails") }
    #expect(failure.path == "slow")
    let history = try await harness.history(in: store)
    #expect(!history.events.contains { if case .timeReached = $0.kind { true } else { false } })
    // Somebody makes it again, and what is known of it is read.
    #expect(try await harness.reopen(in: store).dropped.contains("slow"))
  }

  @Test func aRunThatWaitsCanBeCancelled() async throws {
    var harness = try RunHarness(Self.asking)
    harness.leaving = .whenSignalled
    let store = InMemoryRunStore()
    _ = try await harness.start(in: store)
    _ = try await store.send(.cancel, to: "r", deduplication: nil, at: harness.clock.now())
    #expect(try await harness.resume(in: store) == .ended(.cancelled))
    let error = await #expect(throws: RunStoreError.self) {
      try await store.send(.cancel, to: "r", deduplication: nil, at: harness.clock.now())
    }
    #expect(error?.kind == .ended)
  }

  /// A signal that comes while the run is being left is not lost.
  @Test func aRunningEngineHearsOfSignals() async throws {
    var harness = try RunHarness(
      """
      workflow w() -> int {
        wait first = signal("ack", key: "7") as int
        wait next = signal("ack", key: "7") as int after first
        output first * 10 + next
      }
      """)
    harness.leaving = .never
    let store = InMemoryRunStore()
    let going = Task { [harness] in try await harness.start(in: store) }
    var sent = false
    while !sent {
      await Task.yield()
      sent = (try? await Self.send("ack", key: "7", .int(4), to: store, at: harness.clock.now())) != nil
    }
    try await Self.send("ack", key: "7", .int(2), to: store, at: harness.clock.now())
    #expect(try await going.value == .ended(.succeeded(.int(42))))
  }
}

extension Timestamp {
  /// Later than every time in these tests.
  fileprivate static var latestThere: Timestamp { Timestamp(seconds: 4_000_000_000, nanoseconds: 0) ?? .epoch }
}
