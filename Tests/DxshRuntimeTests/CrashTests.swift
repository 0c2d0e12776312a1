import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshTestSupport
import Synchronization
import Testing

/// A crash before, after or in the n-th call of the store, for every n, and then on: every run fixture gives the same
/// output, no `once` effect takes place twice, and no settled step runs again.
struct CrashTests {
  enum Mode: String, CaseIterable, Sendable {
    case before, after, torn

    func fault(_ number: Int) -> CrashingStore.Fault {
      switch self {
      case .before: .before(number)
      case .after: .after(number)
      case .torn: .torn(number)
      }
    }
  }

  /// A run that is moved to the plan that it has, wherever it has come, has lost nothing.
  @Test(arguments: RunFixtureTests.fixtures)
  func everyFixtureIsMovedAtEveryCall(_ path: String) async throws {
    let text = try #require(Repository.read(path))
    let undisturbed = try await RunHarness(text).start(in: InMemoryRunStore())
    var number = 2
    while true {
      let effects = EffectLog()
      let harness = try RunHarness(text, nodes: effects.nodes)
      let store = CrashingStore(.after(number))
      let stop = try await run(harness, store, effects) { survivor in
        if try await harness.history(in: survivor).outcome != nil { return }
        #expect(try await harness.move(to: harness, in: survivor).findings == [], "\(number)")
      }
      #expect(stop == undisturbed, "\(number)")
      #expect(effects.repeated == [], "\(number)")
      if !store.hasFailed { break }
      number += 1
    }
  }

  @Test(arguments: RunFixtureTests.fixtures, Mode.allCases)
  func everyFixtureSurvivesACrashAtEveryCall(_ path: String, _ mode: Mode) async throws {
    let text = try #require(Repository.read(path))
    let undisturbed = try await RunHarness(text).start(in: InMemoryRunStore())
    var crashes = 0
    while true {
      let effects = EffectLog()
      let harness = try RunHarness(text, nodes: effects.nodes)
      let store = CrashingStore(mode.fault(crashes + 1))
      let stop = try await run(harness, store, effects)
      #expect(stop == undisturbed, "\(mode) \(crashes + 1)")
      #expect(effects.repeated == [], "\(mode) \(crashes + 1)")
      if !store.hasFailed { break }
      crashes += 1
    }
    #expect(crashes > 1)
  }

  /// To the end, through one crash and whatever it left open.
  /// - between: what is done before the run is gone on with
  private func run(
    _ harness: RunHarness, _ store: CrashingStore, _ effects: EffectLog,
    between: (any RunStore) async throws -> Void = { _ in }
  ) async throws -> EngineStop {
    do {
      return try await harness.start(in: store)
    } catch let error as RunStoreError {
      #expect(error.kind == (store.fault.map(Self.isFull) == true ? .full : .unavailable))
      guard try await !store.survivor.runs(limit: 1).isEmpty else { return try await harness.start(in: store.survivor) }
    }
    let settled = Set(
      try await harness.history(in: store.survivor).events.compactMap { event in
        if case .succeeded = event.kind { event.path } else { nil }
      })
    try await between(store.survivor)
    let started = StartedSteps()
    var stop = try await harness.resume(in: store.survivor, observer: started)
    while case .paused(let steps) = stop {
      for step in steps {
        // What a person would find out: whether the effect took place.
        let settlement = effects.results[step].map(Settlement.done) ?? .retry
        try await harness.settle(step, settlement, in: store.survivor)
      }
      stop = try await harness.resume(in: store.survivor, observer: started)
    }
    #expect(started.paths.filter(settled.contains) == [])
    return stop
  }

  private static func isFull(_ fault: CrashingStore.Fault) -> Bool {
    if case .full = fault { true } else { false }
  }

  /// Rule 64: the intent of a `once` step, and the result that any step above `read` was computed from.
  @Test func nothingDangerousStartsBeforeItsBasisIsDurable() async throws {
    let before = ["d": "c", "e": "d", "f": "e"]
    let store = DurabilityWatch()
    let log = EffectLog { path in
      let name = String(path.prefix { $0 != "[" })
      let index = path.dropFirst(name.count)
      let basis =
        switch name {
        case "paid": "nap\(index)"
        case "noted": "paid\(index)"
        case "strict": index == "[0]" ? nil : "strict[\((Int(index.dropFirst().dropLast()) ?? 0) - 1)]"
        default: before[name]
        }
      return (!EffectLog.isOnce(path) || store.hasIntent(of: path)) && basis.map { store.hasResult(of: $0) } ?? true
    }
    let text = try #require(Repository.read("Tests/Fixtures/run/effects.dxsh"))
    let stop = try await RunHarness(text, nodes: log.nodes).start(in: store)
    guard case .ended(.succeeded) = stop else {
      Issue.record("\(stop)")
      return
    }
    #expect(log.premature == [])
    #expect(log.results.count == 3 + 3 * 4 + 3)
  }

  @Test func aFullDiskStopsTheRunAndItGoesOn() async throws {
    let text = try #require(Repository.read("Tests/Fixtures/run/effects.dxsh"))
    let undisturbed = try await RunHarness(text).start(in: InMemoryRunStore())
    for number in 2...6 {
      let effects = EffectLog()
      let harness = try RunHarness(text, nodes: effects.nodes)
      let store = CrashingStore(.full(number))
      #expect(try await run(harness, store, effects) == undisturbed)
      #expect(store.hasFailed)
      #expect(effects.repeated == [])
    }
  }

  @Test(arguments: RunFixtureTests.fixtures)
  func aLateStoreChangesNothing(_ path: String) async throws {
    let text = try #require(Repository.read(path))
    let undisturbed = try await RunHarness(text).start(in: InMemoryRunStore())
    #expect(try await RunHarness(text).start(in: CrashingStore(.late(turns: 50))) == undisturbed)
  }
}

/// What took place outside: the calls of the `debug` nodes that carry a key, so those of `keyed` and above.
final class EffectLog: Sendable {
  private struct State {
    var results: [String: Value] = [:]
    var repeated: [String] = []
    var premature: [String] = []
  }

  private let state = Mutex(State())
  private let isDurable: @Sendable (String) -> Bool

  init(isDurable: @escaping @Sendable (String) -> Bool = { _ in true }) {
    self.isDurable = isDurable
  }

  /// By the paths of the steps.
  var results: [String: Value] { state.withLock { $0.results } }
  /// Effects that must not repeat and did.
  var repeated: [String] { state.withLock { $0.repeated } }
  /// Effects that took place too early.
  var premature: [String] { state.withLock { $0.premature } }

  /// `debug.echo` and `debug.sleep`, watched.
  var nodes: [any NodeImplementation] {
    [Watched(DebugEchoNode(), self), Watched(DebugSleepNode(), self)]
  }

  fileprivate func note(_ call: NodeCall, _ answer: NodeAnswer) {
    guard let slash = call.key.firstIndex(of: "/") else { return }
    let path = String(call.key[call.key.index(after: slash)...])
    let value =
      switch answer {
      case .value(let value), .after(_, let value): value
      }
    state.withLock { state in
      if state.results.updateValue(value, forKey: path) != nil, Self.isOnce(path) { state.repeated.append(path) }
      if !isDurable(path) { state.premature.append(path) }
    }
  }

  /// The fixtures' steps that are `once`; the others with a key may repeat with the same key.
  static func isOnce(_ path: String) -> Bool {
    guard let name = path.split(separator: "/").last else { return false }
    return ["f", "first", "nap", "paid", "strict", "slow", "seat"].contains(String(name.prefix { $0 != "[" }))
  }

  private struct Watched<Node: ImmediateNode>: ImmediateNode {
    let node: Node
    let log: EffectLog
    var name: String { node.name }

    init(_ node: Node, _ log: EffectLog) {
      self.node = node
      self.log = log
    }

    func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
      let answer = try node.answer(call, in: context)
      log.note(call, answer)
      return answer
    }
  }
}
