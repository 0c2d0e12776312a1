import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// What each policy does, attempt by attempt, on a clock that jumps: the timelines stand beside the workflows in
/// `Tests/Fixtures/policies`. A crash at any call of the store changes none of them.
struct PolicyTimelineTests {
  private static let fixtures = Repository.files(below: "Tests/Fixtures/policies", withEnding: ".dxsh")

  private static func harness(_ path: String) throws -> RunHarness {
    try RunHarness(try #require(Repository.read(path)), nodes: [Acting(), Told(), Seconds()])
  }

  @Test(arguments: fixtures)
  func policiesDoWhatTheySay(_ path: String) async throws {
    let harness = try Self.harness(path)
    let store = InMemoryRunStore()
    let stop = try await harness.start(in: store)
    guard case .ended(let outcome) = stop else { throw Unexpected() }
    let timeline = Self.timeline(try await harness.history(in: store))
    Golden.expect(
      timeline.map { "\($0)\n" }.joined() + "\(outcome.status.rawValue)\n", toMatch: path.dropLast(5) + ".txt")
    var number = 2
    while true {
      let store = CrashingStore(.after(number))
      var harness = try Self.harness(path)
      do {
        #expect(try await harness.start(in: store) == stop)
        break
      } catch is RunStoreError {
        // The clock may have gone on before the crash was noticed.
        let last = try await harness.history(in: store.survivor).events.map(\.at).max()
        harness.clock = ManualClock(try #require(last))
        #expect(try await harness.resume(in: store.survivor) == stop)
      }
      #expect(Self.timeline(try await harness.history(in: store.survivor)) == timeline, "\(number)")
      number += 1
    }
    #expect(number > 5)
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
    .value(.int(context.clock.now().since(ManualClock().now()).clampedNanoseconds / 1_000_000_000))
  }
}

private struct Unexpected: Error {}
