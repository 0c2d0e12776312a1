import DxshExpressions
import DxshNodes
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// Looking after all runs of a store.
struct RunHostTests {
  private let clock = ManualClock()

  private func add(_ count: Int, of text: String, to store: any RunStore, from first: Int = 0) async throws -> Plan {
    let plan = try RunHarness(text).plan
    let encoded = plan.encoded()
    for number in first..<first + count {
      let history = RunHistory(input: [], startedAt: clock.now())
      _ = try await store.create(
        NewRun(
          id: "r\(number)", workflow: plan.workflow, key: nil, plan: encoded,
          planHash: SHA256Digest(of: encoded).hexadecimal, directory: "/", startedAt: clock.now(),
          firstBatch: history.firstBatch))
    }
    return plan
  }

  private func host(
    _ store: any RunStore, limit: Int = 64, _ tell: @escaping @Sendable (String, RunHost.Report) -> Void = { _, _ in }
  ) -> RunHost {
    let clock = clock
    return RunHost(
      store: store, clock: clock,
      surroundings: RunHost.Surroundings(
        bind: { plan throws(HostFailure) in
          do {
            return (try BoundPlan(try plan.validated(), registry: NodeRegistry(AllNodes.list)), [])
          } catch {
            throw HostFailure("\(error)")
          }
        },
        context: { _, _ in
          NodeContext(clock: clock, directory: "/", environment: [:], artifacts: "/dev/null", log: { _ in })
        }),
      limit: limit, tell: tell)
  }

  private static let waiting = """
    workflow w() -> int {
      wait pause = delay(1h)
      wait go = signal("go") as int after pause with timeout(1h)
      step a = debug.echo(value: 1) after go
      output a
    }
    """

  @Test(arguments: [1, 7, 64])
  func allRunsComeToTheirEnd(_ limit: Int) async throws {
    let store = InMemoryRunStore()
    _ = try await add(100, of: Self.waiting, to: store)
    let begun = Atomic(0)
    let host = host(store, limit: limit) { _, report in
      if case .begun = report { begun.add(1, ordering: .relaxed) }
    }
    try await host.run(untilIdle: true)
    #expect(try await store.runs(limit: 100).allSatisfy { $0.status == .waiting && !$0.isClaimed })
    for number in 0..<50 {
      _ = try await store.send(
        .signal(SignalName("go"), .int(1)), to: "r\(number)", deduplication: nil, at: clock.now())
    }
    for _ in 0..<2 {
      await clock.sleep(until: clock.now().adding(TimeSpan(nanoseconds: 3_600_000_000_000)) ?? clock.now())
      try await host.run(untilIdle: true)
    }
    #expect(try await store.runs(limit: 100).allSatisfy { $0.status == .succeeded })
    // Nobody looks at what has nothing to do.
    #expect(begun.load(ordering: .relaxed) <= 100 + 50 + 100 + 50)
  }

  private static func polling(every span: String, times: Int) -> String {
    """
    workflow w() -> string {
      try {
        step a = debug.echo(value: 1) with poll(until: self == 2, every: \(span), max: \(times))
      } catch e {
        let kind = "${e.kind}"
      }
      output kind.orValue("")
    }
    """
  }

  /// It is left only where reading it again is little beside the time for which it waits: what all of its processes
  /// read together stays in proportion to its polls.
  @Test(arguments: [("300ms", 1500), ("1100ms", 1000)])
  func aRunThatPollsOftenStaysWithItsProcess(_ span: String, _ times: Int) async throws {
    let store = InMemoryRunStore()
    _ = try await add(1, of: Self.polling(every: span, times: times), to: store)
    let begun = Atomic(0)
    let host = host(store) { _, report in
      if case .begun = report { begun.add(1, ordering: .relaxed) }
    }
    let serving = Task { try await host.run() }
    while try await store.runs(limit: 1).first?.status.isFinal == false { await Task.yield() }
    await host.drain()
    try await serving.value
    let events = try RunHistory(try await store.journal(of: "r0")).events
    #expect(events.last?.kind == .ended(.succeeded(.string("exhausted"))))
    // Each time that it is left, the journal says how the clock stood, and who goes on says so.
    let count = begun.load(ordering: .relaxed)
    #expect(events.count <= times + 3 * count + 5)
    #expect(count <= (span == "300ms" ? 1 : 400), "\(count)")
  }

  /// However often they poll, they hold up nobody.
  @Test(.timeLimit(.minutes(1))) func runsThatPollMakeRoomForOthers() async throws {
    let store = InMemoryRunStore()
    _ = try await add(1, of: Self.polling(every: "200ms", times: 1_000_000_000), to: store)
    let host = host(store, limit: 1)
    let serving = Task { try await host.run() }
    while try await store.runs(limit: 1).first?.isClaimed != true { await Task.yield() }
    _ = try await add(1, of: "workflow w() -> int {\n  output 1\n}", to: store, from: 1)
    while try await store.run("r1").summary.status != .succeeded { await Task.yield() }
    _ = try await store.send(.cancel, to: "r0", deduplication: nil, at: clock.now())
    while try await store.run("r0").summary.status != .cancelled { await Task.yield() }
    await host.drain()
    try await serving.value
  }

  /// What is said of a run that was left.
  @Test func whatIsWaitedForIsSaid() async throws {
    let store = InMemoryRunStore()
    _ = try await add(1, of: Self.polling(every: "90s", times: 3), to: store)
    let said = Mutex<[String]>([])
    let clock = clock
    let host = host(store) { _, report in
      guard case .stopped(.waiting(let waits)) = report else { return }
      said.withLock { said in said += waits.map { "\($0.path) \($0.words(at: clock.now()))" } }
    }
    for _ in 1...3 {
      try await host.run(untilIdle: true)
      await clock.sleep(until: clock.now().adding(TimeSpan(nanoseconds: 90_000_000_000)) ?? .epoch)
    }
    #expect(said.withLock { $0 } == ["a polls again in 1m30s (poll 2)", "a polls again in 1m30s (poll 3)"])
  }

  @Test func aRunThatCannotBeReadHoldsUpNobody() async throws {
    let store = InMemoryRunStore()
    _ = try await add(3, of: "workflow w() -> int { output 1 }", to: store)
    _ = try await store.create(
      NewRun(
        id: "broken", workflow: "w", key: nil, plan: [1, 2], planHash: "?", directory: "/", startedAt: clock.now(),
        firstBatch: JournalBatch(number: 0, bytes: [1, 2, 3])))
    let told = Mutex<[String]>([])
    let host = host(store, limit: 1) { run, report in
      if case .quarantined = report { told.withLock { $0.append(run) } }
    }
    try await host.run(untilIdle: true)
    try await host.run(untilIdle: true)
    #expect(told.withLock { $0 } == ["broken"])
    #expect(try await store.runs(limit: 9).filter { $0.status == .succeeded }.count == 3)
  }

  /// A store that is full for five minutes is tried fewer and fewer times, up to every 30 seconds, and it is said once.
  @Test func aStoreThatFailsIsTriedNowAndThen() async throws {
    let store = FullStore(until: TimeSpan(nanoseconds: 300_000_000_000), clock)
    _ = try await add(20, of: "workflow w() -> int { output 1 }", to: store)
    let told = Mutex<[String]>([])
    let host = host(store) { _, report in
      switch report {
      case .storeFailed(let error): told.withLock { $0.append(error.message) }
      case .storeWorks: told.withLock { $0.append("works") }
      case .begun, .stopped, .quarantined, .taken: break
      }
    }
    await #expect(throws: RunStoreError.self) { try await host.run(untilIdle: true) }
    let serving = Task { try await host.run() }
    while try await store.runs(limit: 20).contains(where: { !$0.status.isFinal }) { await Task.yield() }
    await host.drain()
    try await serving.value
    #expect(told.withLock { $0 } == ["there is no room", "works"])
    // All at once, then after 1, 2, 4, 8, 16 and at most ten times 30 seconds.
    let failed = store.failures.load(ordering: .relaxed)
    #expect((20 + 10...20 + 16).contains(failed), "\(failed)")
  }

  /// A run whose writes failed has a slot that another waits for, which is under way all the time: it is tried again.
  @Test func aRunThatFailedIsTriedAgainBesideOthers() async throws {
    let store = SlotStore()
    let text = """
      workflow w() -> int {
        step pause = debug.sleep(duration: SPAN)
        step a = debug.echo(value: 1) after pause with limit("one", 1)
        output a
      }
      """
    _ = try await add(1, of: text.replacing("SPAN", with: "0s"), to: store)
    _ = try await add(1, of: text.replacing("SPAN", with: "1s"), to: store, from: 1)
    let host = host(store)
    let serving = Task { try await host.run() }
    func isOver() async throws -> Bool { try await store.runs(limit: 9).allSatisfy(\.status.isFinal) }
    while try await !isOver(), clock.reading().uptime < TimeSpan(nanoseconds: 3_600_000_000_000) { await Task.yield() }
    #expect(try await isOver())
    #expect(store.hasFailed.load(ordering: .relaxed) > 0)
    await host.drain()
    try await serving.value
  }

  /// A clock that was set back holds nothing up that waits for some time to pass.
  @Test func aClockThatIsSetBackHoldsUpNothing() async throws {
    let store = InMemoryRunStore()
    _ = try await add(3, of: "workflow w() -> timestamp {\n  wait pause = delay(1h)\n  output pause\n}", to: store)
    let host = host(store)
    try await host.run(untilIdle: true)
    let hour = TimeSpan(nanoseconds: 3_600_000_000_000)
    clock.set(by: hour.negated)
    try await host.run(untilIdle: true)
    #expect(try await store.due(at: .epoch, limit: 1).next == clock.now().adding(hour))
    await clock.sleep(until: clock.now().adding(hour) ?? .epoch)
    try await host.run(untilIdle: true)
    #expect(try await store.runs(limit: 9).map(\.status) == [.succeeded, .succeeded, .succeeded])
    #expect(clock.reading().uptime == hour)
  }

  @Test func aHostThatIsDrainedBeginsNothing() async throws {
    let store = InMemoryRunStore()
    _ = try await add(3, of: Self.waiting, to: store)
    let host = host(store)
    await host.drain()
    try await host.run()
    #expect(try await store.runs(limit: 9).allSatisfy { $0.status == .running && !$0.isClaimed })
    #expect(try await store.due(at: clock.now(), limit: 9).runs.count == 3)
  }
}

/// A store that cannot write what the first of two runs did with a slot, once the other waits for it.
private final class SlotStore: WrappingStore {
  let wrapped: any RunStore = InMemoryRunStore()
  let hasFailed = Atomic(0)

  func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    if run == "r0", hasFailed.load(ordering: .relaxed) == 0, try await wrapped.limits.seats().contains(where: \.isHeld)
    {
      while try await wrapped.limits.seats().count < 2 { await Task.yield() }
      hasFailed.add(1, ordering: .relaxed)
      throw RunStoreError(.full, "there is no room")
    }
    try await wrapped.append(batch, to: run, state)
  }
}

/// A store without room for claims until some time has passed.
private final class FullStore: WrappingStore {
  let wrapped: any RunStore = InMemoryRunStore()
  let failures = Atomic(0)
  private let span: TimeSpan
  private let clock: ManualClock

  init(until span: TimeSpan, _ clock: ManualClock) {
    self.span = span
    self.clock = clock
  }

  func claim(_ run: String) async throws(RunStoreError) -> RunClaim? {
    if clock.reading().uptime < span {
      failures.add(1, ordering: .relaxed)
      throw RunStoreError(.full, "there is no room")
    }
    return try await wrapped.claim(run)
  }
}
