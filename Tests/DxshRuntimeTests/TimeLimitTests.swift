import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshSyntax
import DxshTestSupport
import DxshTime
import Testing

/// `limits { duration, active }`: how long a workflow may take, and how long it may work.
struct TimeLimitTests {
  private static let hour = TimeSpan(nanoseconds: 3_600_000_000_000)
  private static let second = TimeSpan(nanoseconds: 1_000_000_000)

  /// A step that can be undone, a wait for `go`, and a step of two hours.
  private func harness(_ limits: String, _ changes: (inout RunHarness) -> Void = { _ in }) throws -> RunHarness {
    var harness = try RunHarness(
      """
      workflow w() -> string {
        limits { \(limits) }
        step a = debug.echo(value: "a")
          with assume(keyed, reason: "a test"), compensate(debug.echo(value: "undo"))
        wait go = signal("go") as string after a
        step nap = debug.sleep(duration: 2h) after go
        output nap == {} ? go : ""
        finally {
          step last = debug.echo(value: "last")
        }
      }
      """)
    harness.leaving = .whenWaiting
    changes(&harness)
    return harness
  }

  private func pass(_ span: TimeSpan, _ harness: RunHarness) async {
    await harness.clock.sleep(until: harness.clock.now().adding(span) ?? .epoch)
  }

  private func go(_ harness: RunHarness, _ store: any RunStore) async throws {
    let signal = RunMessage.signal(SignalName("go"), .string("went"))
    _ = try await store.send(signal, to: RunHarness.runID, deduplication: nil, at: harness.clock.now())
  }

  private func paths(_ harness: RunHarness, _ store: any RunStore) async throws -> [String] {
    try await harness.history(in: store).events.map(\.path).filter { !$0.isEmpty }
  }

  private static func failure(_ message: String, at path: String = "", attempt: Int = 0) -> EngineStop {
    .ended(.failed(RunFailure(kind: "limit", message: message, path: path, attempt: attempt)))
  }

  /// Waits count, and the time in which no process has the run.
  @Test func aDurationPassesWhileNobodyIsAtTheRun() async throws {
    let harness = try harness("duration: 1h")
    let store = InMemoryRunStore()
    let due = try #require(harness.clock.now().adding(Self.hour))
    guard case .waiting(let waits) = try await harness.start(in: store) else { throw Unexpected() }
    #expect(waits.map(\.path) == ["go"])
    #expect(try await store.due(at: harness.clock.now(), limit: 9) == DueRuns(runs: [], next: due))
    await harness.clock.sleep(until: due)
    #expect(try await harness.resume(in: store) == Self.failure("its duration of 1h is over"))
    #expect(try await paths(harness, store) == ["a", "@duration", "a@compensate", "last"])
  }

  @Test func whatIsInTimeSucceeds() async throws {
    let harness = try harness("duration: 3h, active: 3h")
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    try await go(harness, store)
    guard case .ended(.succeeded(.string("went"))) = try await harness.resume(in: store) else { throw Unexpected() }
  }

  /// Only the time in which the nap is under way counts, whatever its processes do.
  @Test func onlyWorkCountsForActive() async throws {
    let harness = try harness("active: 1h")
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    await pass(Self.hour, harness)
    try await go(harness, store)
    let start = harness.clock.now()
    #expect(try await harness.resume(in: store) == Self.failure("it has worked for 1h, as long as it may"))
    #expect(harness.clock.now().since(start) == Self.hour)
    #expect(try await paths(harness, store).suffix(4) == ["@active", "nap", "a@compensate", "last"])
  }

  /// Of an attempt that its process did not live to end, what the journal knows counts; the next process goes on there.
  @Test func workOfAProcessThatDiedCountsAsFarAsTheJournalSays() async throws {
    let text = """
      workflow w() -> string {
        limits { active: 1h }
        step long = debug.sleep(duration: 50m)
        step short = debug.sleep(duration: 20m)
        output long == short ? "both" : ""
      }
      """
    let whole = try RunHarness(text)
    let complete = InMemoryRunStore()
    guard case .ended(.succeeded) = try await whole.start(in: complete) else { throw Unexpected() }
    // The process dies when `short` has ended: 20 minutes count, and `long` begins anew.
    let events = try await whole.history(in: complete).events
    let last = try #require(
      events.firstIndex { event in if case .succeeded = event.kind { event.path == "short" } else { false } })
    let harness = try RunHarness(text)
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    try await copy(Array(events[...last]), of: harness, to: store)
    await pass(Self.hour, harness)
    let resumed = harness.clock.now()
    #expect(try await harness.resume(in: store) == Self.failure("it has worked for 1h, as long as it may"))
    #expect(harness.clock.now().since(resumed).inShort == "40m")
    #expect(harness.clock.now().since(start).inShort == "1h40m")
  }

  private func copy(_ events: [RecordedEvent], of harness: RunHarness, to store: InMemoryRunStore) async throws {
    let history = RunHistory(input: harness.input, startedAt: events[0].at)
    let encoded = harness.plan.encoded()
    let new = NewRun(
      id: RunHarness.runID, workflow: "w", key: nil, plan: encoded,
      planHash: SHA256Digest(of: encoded).hexadecimal, directory: "/", startedAt: events[0].at,
      firstBatch: history.firstBatch)
    let creation = try await store.create(new)
    guard case .created(let claim) = creation else { throw Unexpected() }
    defer { withExtendedLifetime(claim) {} }
    let batch = JournalBatch(number: 1, bytes: JournalCodec.encode(Array(events.dropFirst())))
    try await store.append(batch, to: RunHarness.runID, RunState(.running, at: events[0].at, dueAt: .epoch))
  }

  /// Whoever sets the clock takes and gives no time.
  @Test func aClockThatIsSetChangesNothing() async throws {
    let harness = try harness("duration: 1h, active: 30m")
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    harness.clock.set(by: TimeSpan(nanoseconds: 86_400_000_000_000))
    try await go(harness, store)
    harness.clock.setInSleep(by: [TimeSpan(nanoseconds: -7_200_000_000_000)])
    let start = harness.clock.reading().uptime
    #expect(try await harness.resume(in: store) == Self.failure("it has worked for 30m, as long as it may"))
    #expect(harness.clock.reading().uptime.subtracting(start)?.inShort == "30m")
  }

  /// A reopened run has its time anew.
  @Test(arguments: ["duration: 1h", "active: 1h"])
  func aReopenedRunHasItsTimeAgain(_ limits: String) async throws {
    let harness = try harness(limits)
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    try await go(harness, store)
    guard case .ended(.failed(let first)) = try await harness.resume(in: store) else { throw Unexpected() }
    #expect(first.kind == "limit")
    await pass(Self.hour, harness)
    let reopening = try await harness.reopen(in: store)
    #expect(reopening.failure == nil)
    let moment = limits.hasPrefix("duration") ? "@duration" : "@active"
    #expect(reopening.dropped == [moment, "a", "a@compensate", "last", "nap"])
    let reopened = harness.clock.now()
    guard case .ended(.failed(let second)) = try await harness.resume(in: store) else { throw Unexpected() }
    #expect(second == first)
    #expect(harness.clock.now().since(reopened) == Self.hour)
  }

  /// Nothing is cut off while a person is asked; what was over by then is over with the decision.
  @Test func aPersonIsHeardFirst() async throws {
    var harness = try RunHarness(
      """
      workflow w() -> string {
        limits { duration: 1h }
        step lost = debug.sleep(duration: 2h) with timeout(30m), assume(once, reason: "a test")
        wait rest = delay(1m) after lost
        step b = debug.echo(value: "over") after rest
        output b
      }
      """)
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .paused(indeterminate: ["lost"]))
    await pass(Self.hour, harness)
    #expect(try await harness.resume(in: store) == .paused(indeterminate: ["lost"]))
    try await harness.settle("lost", .done(.none), in: store)
    #expect(try await harness.resume(in: store) == Self.failure("its duration of 1h is over"))
    #expect(try await !paths(harness, store).contains("b"))
  }

  /// A child's limits are its own, its time counts for its parent too, and no other attempt of it is made.
  @Test func aChildHasItsOwnLimitsAndItsParents() async throws {
    func run(own: String, parents: String) async throws -> (EngineStop, String) {
      let harness = try RunHarness(
        """
        workflow w() -> string {
          limits { \(parents) }
          step load = sub() with retry(5, backoff: fixed(1s), jitter: false)
          output load
        }
        workflow sub() -> string {
          limits { \(own) }
          step first = debug.sleep(duration: 20m)
          step second = debug.sleep(duration: 20m) after first
          output second == {} ? "all" : ""
        }
        """, allowing: [.mayExceedLimit])
      let start = harness.clock.now()
      let stop = try await harness.start(in: InMemoryRunStore())
      return (stop, harness.clock.now().since(start).inShort)
    }
    let own = Self.failure("its duration of 30m is over", at: "load", attempt: 1)
    #expect(try await run(own: "duration: 30m", parents: "duration: 1h") == (own, "30m"))
    let parents = Self.failure("its duration of 30m is over")
    #expect(try await run(own: "duration: 1h", parents: "duration: 30m") == (parents, "30m"))
    let work = Self.failure("it has worked for 30m, as long as it may")
    #expect(try await run(own: "active: 1h", parents: "active: 30m") == (work, "30m"))
    #expect(try await run(own: "active: 1h", parents: "active: 1h").0 == .ended(.succeeded(.string("all"))))
  }

  /// What is said of it without going on with it.
  @Test func aRunThatWaitsSaysByWhenItHasToBeOver() async throws {
    let harness = try harness("duration: 1h, active: 30m")
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected() }
    let situation = try await harness.inspect(in: store)
    #expect(situation.waits.map(\.step.path) == ["@duration", "go"])
    #expect(situation.nextTime == harness.clock.now().adding(Self.hour))
    await pass(Self.hour, harness)
    _ = try await harness.resume(in: store)
    let history = try await harness.history(in: store)
    let timeline = RunTimeline(history, try await harness.inspect(in: store), now: harness.clock.now())
    #expect(timeline.rows.map(\.path) == ["@duration", "a", "go", "a@compensate", "last"])
  }
}

private struct Unexpected: Error {}
