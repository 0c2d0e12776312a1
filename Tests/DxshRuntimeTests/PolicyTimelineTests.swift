import DxshExpressions
import DxshRuntime
import DxshSimulation
import DxshTestSupport
import DxshTime
import Testing

/// What each policy does, attempt by attempt, on a clock that jumps: the timelines stand beside the workflows in
/// `Tests/Fixtures/policies`. A crash at any call of the store changes none of them.
struct PolicyTimelineTests {
  private static let fixtures = Repository.files(below: "Tests/Fixtures/policies", withEnding: ".dxsh")

  private static func harness(_ path: String) throws -> RunHarness {
    try RunHarness(try #require(Repository.read(path)), nodes: [Acting(), Told(), Seconds(), Talking()])
  }

  /// None takes so long.
  private static let end = start.adding(TimeSpan(nanoseconds: 1_000_000_000_000_000)) ?? start
  fileprivate static let start = ManualClock().now()

  @Test(arguments: fixtures)
  func policiesDoWhatTheySay(_ path: String) throws {
    let harness = try Self.harness(path)
    let store = InMemoryRunStore()
    var dice = Dice(0)
    let stop = Self.run(harness, 1, in: store, VirtualClock(Self.start), &dice)
    guard case .ended(let outcome)? = stop else { throw Unexpected() }
    let timeline = try Self.timeline(harness, in: store)
    Golden.expect(
      timeline.map { "\($0)\n" }.joined() + "\(outcome.status.rawValue)\n", toMatch: path.dropLast(5) + ".txt")
    var number = 2
    while true {
      let (store, clock) = (CrashingStore(.after(number)), VirtualClock(Self.start))
      var end = Self.run(harness, 1, in: store, clock, &dice)
      if store.hasFailed { end = Self.run(harness, 2, in: store.survivor, clock, &dice) }
      #expect(end == stop)
      if !store.hasFailed { break }
      #expect(try Self.timeline(harness, in: store.survivor) == timeline, "\(number)")
      number += 1
    }
    #expect(number > 5)
  }

  /// Starts the run, or goes on with it in another process.
  private static func run(
    _ harness: RunHarness, _ process: Int, in store: any RunStore, _ clock: VirtualClock, _ dice: inout Dice
  ) -> EngineStop? {
    VirtualProcess.run(process, on: clock, until: end, &dice) { clock in
      var harness = harness
      harness.virtualClock = clock
      return process == 1 ? try await harness.start(in: store) : try await harness.resume(in: store)
    }
  }

  private static func timeline(_ harness: RunHarness, in store: any RunStore) throws -> [String] {
    try timeline(#require(VirtualProcess.read { try await harness.history(in: store) }))
  }

  /// What happened to which step, how long after the run's start. An attempt that is begun again, as its process died,
  /// is the same attempt.
  private static func timeline(_ history: RunHistory) -> [String] {
    var lines: [String] = []
    for event in history.events where !event.path.isEmpty {
      let line = "\(event.at.since(history.events[0].at)) \(event.path) \(words(event.kind))"
      if case .attemptStarted = event.kind, lines.contains(line) { continue }
      if line != lines.last { lines.append(line) }
    }
    return lines
  }

  private static func words(_ kind: RecordedEvent.Kind) -> String {
    switch kind {
    case .attemptStarted(let attempt): "begins attempt \(attempt)"
    case .attemptFailed(let attempt, let kind, let message, let pause):
      "fails at attempt \(attempt): \(kind): \(message)\(NodeFailure.words(retryAfter: pause))"
    case .polled(let number): "is not what it waits for, at poll \(number)"
    case .succeeded(let value): "succeeds with \(text(value))"
    case .recalled(let value): "has \(text(value))"
    case .fellBack(let value): "falls back to \(text(value))"
    case .timeReached: "is over"
    case .cancelled: "is cut off"
    default: "\(kind)"
    }
  }

  private static func text(_ value: Value) -> String {
    (try? JSONWriter.write(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
  }
}

/// Fails so many attempts, then gives how many it took; -1 fails otherwise.
private struct Acting: ImmediateNode {
  let name = "x.act"

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    guard case .int(let fails) = call["fails"] else { throw NodeFailure("decode", "no number") }
    if fails < 0 { throw NodeFailure("broken", "attempt \(call.attempt)") }
    if call.attempt <= fails { throw NodeFailure("flaky", "attempt \(call.attempt)") }
    return .value(.int(Int64(call.attempt)))
  }
}

/// Fails so many attempts and asks to be left alone after each, then gives how many it took.
private struct Told: ImmediateNode {
  let name = "x.told"

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    guard case .int(let fails) = call["fails"], case .duration(let pause) = call["pause"] else {
      throw NodeFailure("decode", "no number")
    }
    if call.attempt <= fails { throw NodeFailure("busy", "attempt \(call.attempt)", retryAfter: pause) }
    return .value(.int(Int64(call.attempt)))
  }
}

/// The seconds since the clock of the test began.
private struct Seconds: ImmediateNode {
  let name = "x.seconds"

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    .value(.int(context.clock.now().since(PolicyTimelineTests.start).clampedNanoseconds / 1_000_000_000))
  }
}

/// Says something after each of the pauses but the last, and is done after that; each attempt begins a pause later.
private struct Talking: NodeImplementation {
  let name = "x.talk"

  func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    guard case .list(let pauses) = call["pauses"] else { throw NodeFailure("decode", "no pauses") }
    for (number, pause) in pauses.dropFirst(call.attempt - 1).enumerated() {
      guard case .duration(let span) = pause else { throw NodeFailure("decode", "no pause") }
      if number > 0 { call.life?.note() }
      await context.clock.sleep(until: context.clock.now().adding(span) ?? .epoch)
      try Task.checkCancellation()
    }
    return .int(Int64(call.attempt))
  }
}

private struct Unexpected: Error {}
