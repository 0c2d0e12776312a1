import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshSimulation
import DxshTestSupport
import DxshTime
import Synchronization

/// The real engine with a case's workflow, on a clock that goes on when nobody has anything left to do.
struct NestingWorld {
  /// What there is to see.
  struct Course {
    var lines: [String]
    var results: [String]?
    /// What is left of what runs share, and when others began to use it.
    var shared: [String]
    /// When the process died, in nanoseconds from the run's start; nil if it did not.
    var diedAt: Int64?
  }

  private static let start = Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch
  /// No case takes so long: one that does goes round in circles.
  private static let end = start.adding(TimeSpan(nanoseconds: 20_000_000_000_000)) ?? .epoch
  private static let run = "r"
  private let plan: EncodedPlan
  private let bound: BoundPlan
  private let acting: Acting

  /// Of all courses of a case.
  init(_ policies: PolicyCase) throws {
    let plan = try RunHarness(policies.text).plan
    acting = Acting(policies)
    let node: any NodeImplementation = policies.isImmediate ? ImmediateActing(acting: acting) : acting
    self.plan = EncodedPlan(plan)
    bound = try BoundPlan(
      (policies.seed % 3 == 0 ? plan : optimize(plan).plan).validated(),
      registry: NodeRegistry([node, Rivalling(acting: acting)]))
  }

  /// - policies: of the case
  /// - fault: where the store fails, as its process dies
  /// - order: decides which of the tasks that can go on does
  func course(_ policies: PolicyCase, _ fault: CrashingStore.Fault? = nil, order: UInt64) throws -> Course {
    acting.begin(policies)
    var dice = Dice(order)
    let clock = VirtualClock(Self.start)
    let store = CrashingStore(fault)
    var stop = VirtualProcess.run(1, on: clock, until: Self.end, &dice) { [self] clock in
      let history = RunHistory(input: [], startedAt: clock.now())
      let run = NewRun(
        id: Self.run, workflow: "w", key: nil, plan: plan.body, planHash: plan.hash, directory: "/",
        startedAt: clock.now(), firstBatch: history.firstBatch)
      guard case .created(let claim) = try await store.create(run) else { preconditionFailure("it is there already") }
      defer { withExtendedLifetime(claim) {} }
      return try await engine(history, store, clock).run()
    }
    var diedAt: Int64?
    if stop == nil, store.hasFailed {
      diedAt = clock.now.since(Self.start).clampedNanoseconds
      acting.goOn(after: try history(in: store.survivor))
      stop = VirtualProcess.run(2, on: clock, until: Self.end, &dice) { [self] clock in
        let claim = try await store.survivor.claim(Self.run)
        defer { withExtendedLifetime(claim) {} }
        let history = try RunHistory(try await store.survivor.journal(of: Self.run))
        return try await engine(history, store.survivor, clock).run()
      }
    }
    var results: [String]?
    if case .ended(.succeeded(.list(let values)))? = stop { results = values.map(Self.text) }
    let end = try history(in: store.survivor)
    return Course(
      lines: lines(of: policies, end), results: results,
      shared: try shared(by: policies, after: end, in: store.survivor), diedAt: diedAt)
  }

  private func engine(_ history: RunHistory, _ store: any RunStore, _ clock: any RunClock) -> Engine {
    Engine(
      bound, history: history, runID: Self.run,
      context: NodeContext(
        clock: clock, directory: "/", environment: [:], artifacts: store.artifacts, log: { _ in }),
      store: store)
  }

  private func history(in store: any RunStore) throws -> RunHistory {
    try RunHistory(VirtualProcess.read { try await store.journal(of: Self.run) } ?? [])
  }

  private func shared(
    by policies: PolicyCase, after history: RunHistory, in store: any RunStore
  ) throws -> [String] {
    func moment(_ time: Timestamp) -> Int64 { time.since(Self.start).clampedNanoseconds }
    let breaker = VirtualProcess.read { try await store.limits.breakers() }?.first?.breaker ?? Breaker()
    let phase =
      switch breaker.phase {
      case .closed: "closed after failures at \(breaker.failures.map(moment))"
      case .open: "open until \(breaker.until.map { "\(moment($0))" } ?? "?")"
      case .halfOpen: "half open"
      }
    let beginnings = (0..<policies.rivalCount).compactMap { number in
      history.events.first { $0.path == "rival\(number)" && $0.kind == .attemptStarted(attempt: 1) }
        .map { "rival\(number) begins at \(moment($0.at))" }
    }
    let seats = VirtualProcess.read { try await store.limits.seats() } ?? []
    return (policies.breaker == nil ? [] : ["the breaker is \(phase)"]) + beginnings + seats.map { "\($0) is left" }
  }

  /// What happened to the steps. An attempt that begins again at once, as its process died, is the same attempt.
  private func lines(of policies: PolicyCase, _ history: RunHistory) -> [String] {
    let paths = Set((0..<policies.roundCount).map(policies.path))
    var lines: [String] = []
    for event in history.events where paths.contains(event.path) {
      guard let words = Self.words(event.kind) else { continue }
      let line = "\(event.at.since(history.events[0].at).clampedNanoseconds) \(event.path) \(words)"
      if line != lines.last { lines.append(line) }
    }
    return lines
  }

  private static func words(_ kind: RecordedEvent.Kind) -> String? {
    switch kind {
    case .attemptStarted(let attempt): "begins attempt \(attempt)"
    case .attemptFailed(let attempt, let kind, _, _): "fails at attempt \(attempt): \(kind)"
    case .refused(let attempt, _, let until):
      "is refused at attempt \(attempt) until \(until.map { "\($0.since(start).clampedNanoseconds)" } ?? "?")"
    case .polled(let number): "is not what it waits for, at poll \(number)"
    case .succeeded(let value): "succeeds with \(text(value))"
    case .recalled(let value): "has \(text(value))"
    case .fellBack(let value): "falls back to \(text(value))"
    default: "\(kind)"
    }
  }

  private static func text(_ value: Value) -> String {
    if case .string(let text) = value { text.string } else { "\(value)" }
  }
}

/// Does what the case says: the calls of a round are counted by what the journal knows of their ends.
private final class Acting: NodeImplementation {
  private struct State {
    var policies: PolicyCase
    var counts: [Int: Int] = [:]
  }

  let name = "x.act"
  private let state: Mutex<State>

  init(_ policies: PolicyCase) { state = Mutex(State(policies: policies)) }

  var policies: PolicyCase { state.withLock { $0.policies } }

  func begin(_ policies: PolicyCase) { state.withLock { $0 = State(policies: policies) } }

  /// Another process begins where the journal ends.
  func goOn(after history: RunHistory) {
    state.withLock { state in
      for round in 0..<state.policies.roundCount {
        let path = state.policies.path(ofRound: round)
        state.counts[round] = history.events.count { event in
          guard event.path == path else { return false }
          switch event.kind {
          case .attemptFailed, .polled, .succeeded: return true
          default: return false
          }
        }
      }
    }
  }

  func next(_ call: NodeCall) -> PolicyCase.Act {
    guard case .int(let round) = call["round"] else { return .never }
    return state.withLock { state in
      defer { state.counts[Int(round), default: 0] += 1 }
      return state.policies.act(Int(round), call: state.counts[Int(round), default: 0])
    }
  }

  func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let start = context.clock.now()
    func sleep(to span: Int64) async throws {
      if span > 0 { await context.clock.sleep(until: start.adding(TimeSpan(nanoseconds: span)) ?? start) }
      try Task.checkCancellation()
    }
    func wait(_ span: Int64) async throws {
      for sign in policies.signs where sign < span {
        try await sleep(to: sign)
        call.life?.note()
      }
      try await sleep(to: span)
    }
    switch next(call) {
    case .gives(let value, let span):
      try await wait(span)
      return .text(value)
    case .fails(let kind, let span):
      try await wait(span)
      throw NodeFailure(kind, "no luck")
    case .wrong(let span):
      try await wait(span)
      return .int(0)
    case .never:
      try await wait(1_000_000_000_000_000)
      throw NodeFailure("failed", "nobody waits for so long")
    }
  }
}

private struct ImmediateActing: ImmediateNode {
  let name = "x.act"
  let acting: Acting

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    switch acting.next(call) {
    case .gives(let value, let span): return answer(.text(value), after: span)
    case .fails(let kind, _): throw NodeFailure(kind, "no luck")
    case .wrong(let span): return answer(.int(0), after: span)
    case .never: return answer(.text(""), after: 1_000_000_000_000_000)
    }
  }

  private func answer(_ value: Value, after span: Int64) -> NodeAnswer {
    span == 0 ? .value(value) : .after(TimeSpan(nanoseconds: span), value)
  }
}

/// Arrives, or uses the pool, for as long as the case says.
private struct Rivalling: NodeImplementation {
  let name = "x.rival"
  let acting: Acting

  func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    guard case .int(let number) = call["number"] else { throw NodeFailure("failed", "no number") }
    let rival = acting.policies.rivals[Int(number)]
    let span = call["arrives"] == .bool(true) ? rival.arrival : rival.use
    let now = context.clock.now()
    await context.clock.sleep(until: now.adding(TimeSpan(nanoseconds: span)) ?? now)
    return .int(0)
  }
}
