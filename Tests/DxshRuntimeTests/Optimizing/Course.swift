import DxshExpressions
import DxshNodes
import DxshPlan
import DxshRuntime
import DxshSyntax
import DxshTestSupport
import Synchronization
import Testing

/// What a run of a workflow did, alone or from where another came.
struct Course {
  struct Effect: Hashable {
    let path: String
    let arguments: [Constant]
  }

  /// Without the path of a failure, which names one of the steps that fail alike.
  let outcome: RunOutcome?
  let events: [RecordedEvent]
  /// In their order.
  var effects: [Effect]
  private let results: [String: Value]

  /// What the optimizer clears away is said of these workflows too.
  static let allowed: Set<DiagnosticCode> = [.unusedStepResult]

  /// - after: what the journal has before it is gone on with
  /// - whole: who knows what became of effects that were cut off
  init(_ text: String, optimized: Bool, after events: [RecordedEvent] = [], knowing whole: Course? = nil) async throws {
    let log = ActLog()
    var harness = try RunHarness(text, nodes: log.nodes, allowing: Self.allowed)
    harness.optimized = optimized
    let store = InMemoryRunStore()
    var stop: EngineStop
    if events.isEmpty {
      stop = try await harness.start(in: store)
    } else {
      let encoded = harness.plan.encoded()
      _ = try await store.create(
        NewRun(
          id: RunHarness.runID, workflow: harness.plan.workflow, key: nil, plan: encoded,
          planHash: SHA256Digest(of: encoded).hexadecimal, directory: "/", startedAt: events[0].at,
          firstBatch: JournalBatch(number: 0, events)))
      if let last = events.last { await harness.clock.sleep(until: last.at) }
      stop = try await harness.resume(in: store)
    }
    while case .paused(let steps) = stop {
      for step in steps {
        let value = log.result(of: step) ?? whole?.results[step]
        try await harness.settle(step, value.map(Settlement.done) ?? .retry, in: store)
      }
      stop = try await harness.resume(in: store)
    }
    if case .ended(let outcome) = stop {
      self.outcome = outcome.withoutPlace
    } else {
      Issue.record("the run ends with \(stop)")
      outcome = nil
    }
    self.events = try await harness.history(in: store).events
    effects = log.effects
    results = log.results
  }

  /// The effects that the one had more often than the other, for people; but for those that are left to the order.
  func difference(to other: Course) -> [String] {
    var counts: [Effect: Int] = [:]
    for effect in effects { counts[effect, default: 0] += 1 }
    for effect in other.effects { counts[effect, default: 0] -= 1 }
    let failed = if case .succeeded? = outcome { false } else { true }
    return counts.filter { effect, count in
      if count == 0 { return false }
      if other.effects.count(where: { $0.path == effect.path }) > 1 { return true }
      // Where something fails, what was to happen beside it may not.
      let isOpen = failed || effect.path.split(separator: "/").contains { $0.hasPrefix("u") || $0.hasPrefix("v") }
      return !isOpen
    }.map { "\($0.key.path)\($0.key.arguments.map { "\($0.value)" }): \($0.value)" }.sorted()
  }
}

extension RunOutcome {
  fileprivate var withoutPlace: RunOutcome {
    guard case .failed(var failure) = self else { return self }
    failure.path = ""
    return .failed(failure)
  }
}

/// The nodes of these workflows, and what they did outside.
private final class ActLog: Sendable {
  private struct State {
    var effects: [Course.Effect] = []
    var results: [String: Value] = [:]
  }

  private let state = Mutex(State())

  var effects: [Course.Effect] { state.withLock { $0.effects } }
  var results: [String: Value] { state.withLock { $0.results } }

  func result(of path: String) -> Value? { state.withLock { $0.results[path] } }

  var nodes: [any NodeImplementation] {
    let calc = ScriptedNode("t.calc") { call throws(NodeFailure) in
      guard case .int(let n) = call["n"], case .int(let m) = call["m"] else { throw NodeFailure("odd", "no int") }
      if m == 666 { throw NodeFailure("odd", "it always fails") }
      return .value(.int((n * 3 + m) % 1000))
    }
    let acts = ["t.act", "t.note"].map { name in
      ScriptedNode(name) { [self] call throws(NodeFailure) in
        guard case .int(let n) = call["n"] else { throw NodeFailure("odd", "no int") }
        return .value(note(call, .int(n + 7)))
      }
    }
    return [calc] + acts + [Noted(DebugEchoNode(), self), Noted(DebugSleepNode(), self)]
  }

  func note(_ call: NodeCall, _ value: Value) -> Value {
    guard let slash = call.key.firstIndex(of: "/") else { return value }
    let path = String(call.key[call.key.index(after: slash)...].prefix { $0 != "#" })
    state.withLock { state in
      state.effects.append(.init(path: path, arguments: call.arguments.map(Constant.init)))
      state.results[path] = value
    }
    return value
  }

  /// A node of the fixtures.
  private struct Noted<Node: ImmediateNode>: ImmediateNode {
    let node: Node
    let log: ActLog
    var name: String { node.name }

    init(_ node: Node, _ log: ActLog) { (self.node, self.log) = (node, log) }

    func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
      switch try node.answer(call, in: context) {
      case .value(let value): .value(log.note(call, value))
      case .after(let span, let value): .after(span, log.note(call, value))
      }
    }
  }
}

/// Which effects of a workflow's body wait for which.
struct EffectOrder {
  /// For each node, those that it waits for, directly or not.
  private var ancestors: [String: Set<String>] = [:]

  init(_ plan: Plan) {
    let nodes = plan.body.nodes
    for number in DependencyGraph(nodes).order.map(Int.init) {
      ancestors[nodes[number].path] = nodes[number].dependencies.reduce(into: []) { all, dependency in
        all.insert(nodes[dependency].path)
        all.formUnion(ancestors[nodes[dependency].path] ?? [])
      }
    }
  }

  /// The effects that came before one that they wait for.
  func broken(by effects: [String]) -> [String] {
    let places = Dictionary(effects.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return effects.filter { path in
      (ancestors[path] ?? []).contains { (places[$0] ?? -1) > (places[path] ?? 0) }
    }
  }
}
