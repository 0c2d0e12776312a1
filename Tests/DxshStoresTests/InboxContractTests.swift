import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// What every store does with messages, and what it says of runs that have something to do.
struct InboxContractTests {
  typealias Kind = RunStoreContractTests.Kind

  private static let start = RunStoreContractTests.start
  private static func later(_ seconds: Int64) -> Timestamp {
    start.adding(TimeSpan(nanoseconds: seconds * 1_000_000_000)) ?? start
  }
  private static func signal(_ name: String) -> RunMessage { .signal(SignalName(name, key: "k"), .int(7)) }

  @Test(arguments: Kind.allCases)
  func messagesKeepTheirOrder(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    for id in ["r1", "r2"] { _ = try await RunStoreContractTests.begin(RunStoreContractTests.run(id), in: store) }
    var numbers: [Int64] = []
    for name in ["a", "b", "c"] {
      numbers.append(
        try await store.send(Self.signal(name), to: "r1", deduplication: nil, at: Self.start))
    }
    numbers.append(try await store.send(.cancel, to: "r1", deduplication: nil, at: Self.start))
    #expect(numbers == numbers.sorted() && Set(numbers).count == 4 && numbers[0] >= 1)
    let messages = try await store.messages(to: "r1", after: 0)
    #expect(messages.map(\.message) == [Self.signal("a"), Self.signal("b"), Self.signal("c"), .cancel])
    #expect(messages.map(\.number) == numbers && messages.allSatisfy { $0.at == Self.start })
    #expect(try await store.messages(to: "r1", after: numbers[2]).map(\.message) == [.cancel])
    #expect(try await store.messages(to: "r2", after: 0) == [])
    let error = await #expect(throws: RunStoreError.self) {
      try await store.send(.cancel, to: "r3", deduplication: nil, at: Self.start)
    }
    #expect(error?.kind == .unknownRun)
  }

  @Test(arguments: Kind.allCases)
  func aMessageIsPutInOnce(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    let first = try await store.send(Self.signal("a"), to: "r1", deduplication: "x", at: Self.start)
    #expect(try await store.send(Self.signal("b"), to: "r1", deduplication: "x", at: Self.start) == first)
    #expect(try await store.messages(to: "r1", after: 0).map(\.message) == [Self.signal("a")])
    let end = RunState(.succeeded, at: Self.start)
    try await store.append(RunStoreContractTests.batch(1), to: "r1", end)
    #expect(try await store.send(Self.signal("b"), to: "r1", deduplication: "x", at: Self.start) == first)
    let error = await #expect(throws: RunStoreError.self) {
      try await store.send(Self.signal("c"), to: "r1", deduplication: nil, at: Self.start)
    }
    #expect(error?.kind == .ended)
    withExtendedLifetime(claim) {}
  }

  @Test(arguments: Kind.allCases)
  func runsAreDueWhenTheirTimeComes(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    for (id, seconds) in [("r1", 30 as Int64?), ("r2", 10), ("r3", nil), ("r4", 20)] {
      let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run(id), in: store)
      let state = RunState(.waiting, at: Self.start, dueAt: seconds.map(Self.later))
      try await store.append(RunStoreContractTests.batch(1), to: id, state)
      #expect(try await !store.due(at: Self.later(99), limit: 9).runs.contains(id))
      withExtendedLifetime(claim) {}
    }
    // A claim is given back some time after its end.
    while try await store.due(at: Self.later(99), limit: 9).runs.count < 3 { await Task.yield() }
    #expect(try await store.due(at: Self.later(9), limit: 9) == DueRuns(runs: [], next: Self.later(10)))
    #expect(try await store.due(at: Self.later(20), limit: 9) == DueRuns(runs: ["r2", "r4"], next: Self.later(30)))
    #expect(try await store.due(at: Self.later(99), limit: 9) == DueRuns(runs: ["r2", "r4", "r1"], next: nil))
    #expect(try await store.due(at: Self.later(99), limit: 1).runs == ["r2"])
    _ = try await store.send(Self.signal("a"), to: "r3", deduplication: nil, at: Self.start)
    #expect(try await store.due(at: Self.start, limit: 9) == DueRuns(runs: ["r3"], next: Self.later(10)))
  }

  /// The wake-up is not lost: what came before the run was left, and was not taken in, makes it due at once.
  @Test(arguments: Kind.allCases)
  func aMessageThatWasNotSeenMakesTheRunDue(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    var claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    let seen = try await store.send(Self.signal("a"), to: "r1", deduplication: nil, at: Self.start)
    let last = try await store.send(Self.signal("b"), to: "r1", deduplication: nil, at: Self.start)
    let hour = Self.later(3600)
    try await store.append(
      RunStoreContractTests.batch(1), to: "r1", RunState(.waiting, at: Self.start, dueAt: hour, seen: seen))
    claim = nil
    while try await store.due(at: Self.start, limit: 9).runs != ["r1"] { await Task.yield() }
    claim = try await store.claim("r1")
    try await store.append(
      RunStoreContractTests.batch(2), to: "r1", RunState(.waiting, at: Self.start, dueAt: hour, seen: last))
    claim = nil
    while try await store.due(at: Self.start, limit: 9).next == nil { await Task.yield() }
    #expect(try await store.due(at: Self.start, limit: 9) == DueRuns(runs: [], next: hour))
    withExtendedLifetime(claim) {}
  }

  @Test(arguments: Kind.allCases)
  func whoWatchesIsTold(_ kind: Kind) async throws {
    let folder = TemporaryFolder()
    let store = try kind.make(folder)
    for id in ["r1", "r2"] { _ = try await RunStoreContractTests.begin(RunStoreContractTests.run(id), in: store) }
    let news = Atomic(0)
    let watch = store.watch("r1") { news.add(1, ordering: .sequentiallyConsistent) }
    _ = try await store.send(.cancel, to: "r1", deduplication: nil, at: Self.start)
    #expect(news.load(ordering: .sequentiallyConsistent) > 0)
    withExtendedLifetime(watch) {}
  }
}
