import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTime
import Synchronization

/// What is outside of the engine: what nodes do, and a record of it that no crash loses.
final class World: Sendable {
  struct Effect {
    let run: String
    /// As the key has it.
    let path: String
    let key: String
    let isOnce: Bool
    let arguments: [Value]
    let attempt: Int
  }

  private struct State {
    var effects: [Effect] = []
    /// The runs whose last step no longer fails.
    var healed: Set<String> = []
    /// How often calls have failed that fail a few times, by their keys.
    var shaken: [String: Int] = [:]
    /// How often what ripens has been looked at, by its number.
    var looks: [Int64: Int64] = [:]
    /// By run and path.
    var counts: [String: Int] = [:]
    var results: [String: Value] = [:]
    var violations: [String] = []
    /// Of each process, which cores its calls use.
    var cores: [Int: Int64] = [:]
    var dice: Dice
  }

  private let state: Mutex<State>
  private let disk: SimulatedDisk
  private let invariants: Invariants
  /// Whether answers may be lost.
  private let isUnreliable: Bool

  init(_ dice: Dice, _ disk: SimulatedDisk, _ invariants: Invariants, isUnreliable: Bool) {
    state = Mutex(State(dice: dice))
    self.disk = disk
    self.invariants = invariants
    self.isUnreliable = isUnreliable
  }

  var effects: [Effect] { state.withLock(\.effects) }
  var violations: [String] { state.withLock(\.violations) }
  func note(_ violation: String) { state.withLock { $0.violations.append(violation) } }
  /// Of a step by its path of now, whatever it was called when it took place.
  func count(of path: String, in run: String) -> Int { noted(path, in: run, \.counts) ?? 0 }
  func result(of path: String, in run: String) -> Value? { noted(path, in: run, \.results) }

  private func noted<Note: Sendable>(
    _ path: String, in run: String, _ notes: KeyPath<State, [String: Note]>
  ) -> Note? {
    let former = disk.names(of: run).former(of: path)
    return state.withLock { $0[keyPath: notes]["\(run)/\(path)"] ?? $0[keyPath: notes]["\(run)/\(former)"] }
  }

  /// What made a run fail is mended, and what took place of some of its steps is another matter from now on.
  func heal(_ run: String, forgetting paths: [String] = []) {
    let names = disk.names(of: run)
    state.withLock { state in
      state.healed.insert(run)
      for path in paths + paths.map(names.former) { state.results["\(run)/\(path)"] = nil }
    }
  }
  func isHealed(_ run: String) -> Bool { state.withLock { $0.healed.contains(run) } }

  /// A call begins to use cores of its process, or with a negative number ends to.
  func use(cores: Int64, of process: Int) {
    state.withLock { state in
      state.cores[process, default: 0] += cores
      let used = state.cores[process, default: 0]
      if used > Self.cores { state.violations.append("\(used) cores of process \(process) are used at once") }
    }
  }

  /// What the calls of one process may use of the machine at once.
  static let cores: Int64 = 3
  static let memory: Int64 = 4 << 20

  /// Whether the call fails this time, of so many.
  func shakes(_ key: String, times: Int64) -> Bool {
    state.withLock { state in
      guard state.shaken[key, default: 0] < times else { return false }
      state.shaken[key, default: 0] += 1
      return true
    }
  }

  /// Whether it has been looked at more often than so many times.
  func isRipe(_ id: Int64, times: Int64) -> Bool {
    state.withLock { state in
      state.looks[id, default: 0] += 1
      return state.looks[id, default: 0] > times
    }
  }

  /// What a step of a name that only one run has gave, if it took place.
  func result(ofNamed step: String) -> Value? {
    state.withLock { state in state.results.first { $0.key.hasSuffix("/\(step)") }?.value }
  }

  /// Gives the result of a call, and notes the effect of one that has a key; throws where the answer is lost.
  /// - isInFlight: whether the process may have been stopped since it began the call
  func give(
    _ result: Value, to call: NodeCall, by store: SimulatedStore, isInFlight: Bool = false
  ) throws(NodeFailure) -> Value {
    // A process that is dead does nothing.
    if store.isDead { throw NodeFailure("cancelled", "the process is dead") }
    guard let slash = call.key.firstIndex(of: "/") else { return result }
    let run = String(call.key[..<slash])
    // What was undone has another key when it is made again.
    let path = String(call.key[call.key.index(after: slash)...].prefix { $0 != "#" })
    let now = disk.names(of: run).path(ofKey: path)
    let broken = invariants.beforeEffect(now, in: run, by: isInFlight ? nil : store, world: self)
    let isOnce = invariants.isOnce(now, in: run)
    let isLost = state.withLock { state in
      state.violations += broken
      // An answer that never comes leaves open whether anything took place.
      let fate = isUnreliable && isOnce ? state.dice.roll(40) : 2
      if fate == 0 { return true }
      state.effects.append(
        Effect(
          run: run, path: path, key: call.key, isOnce: isOnce, arguments: call.arguments, attempt: call.attempt))
      state.counts["\(run)/\(path)", default: 0] += 1
      state.results["\(run)/\(path)"] = result
      return fate == 1
    }
    if isLost { throw NodeFailure("unavailable", "the answer was lost", isOutcomeUnknown: true) }
    return result
  }

  /// The nodes of `RandomWorkflow`, as one process has them.
  func nodes(of store: SimulatedStore) -> [any NodeImplementation] {
    [
      ActNode(name: "x.act", world: self, store: store, increment: 1),
      ActNode(name: "x.undo", world: self, store: store, increment: 0),
      ActNode(name: "x.undo_once", world: self, store: store, increment: 0),
      ToldNode(world: self, store: store), RipeNode(world: self), LookNode(world: self, store: store),
      PageNode(world: self, store: store), ShakyNode(world: self, store: store), DoomNode(world: self, store: store),
      WaitNode(world: self, store: store), SlowNode(world: self, store: store, clock: store.clock),
    ]
  }
}

/// Gives n and something; fails below the attempt `after`, and always where n is a multiple of `never`.
private struct ActNode: ImmediateNode {
  let name: String
  let world: World
  let store: SimulatedStore
  let increment: Int64

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    let (n, never) = (call["n"].whole, call["never"].whole)
    if Int64(call.attempt) < call["after"].whole || never > 0 && n % never == 0 {
      throw NodeFailure("flaky", "not this time")
    }
    return .value(try world.give(.int(n + increment), to: call, by: store))
  }
}

/// Gives n + 6; fails below the attempt `after`, and asks to be left alone for so many seconds.
private struct ToldNode: ImmediateNode {
  let name = "x.told"
  let world: World
  let store: SimulatedStore

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    if Int64(call.attempt) < call["after"].whole {
      let pause = TimeSpan(seconds: min(call["pause"].whole, TimeSpan.maximumSeconds), nanoseconds: 0)
      throw NodeFailure("flaky", "not this time", retryAfter: pause)
    }
    return .value(try world.give(.int(call["n"].whole + 6), to: call, by: store))
  }
}

/// Gives 0 a few times, and then n + 5.
private struct RipeNode: ImmediateNode {
  let name = "x.ripe"
  let world: World

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    .value(.int(world.isRipe(call["id"].whole, times: call["times"].whole) ? call["n"].whole + 5 : 0))
  }
}

/// Gives what a step gave, or none.
private struct LookNode: ImmediateNode {
  let name = "x.look"
  let world: World
  let store: SimulatedStore

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    if store.isDead { throw NodeFailure("cancelled", "the process is dead") }
    guard case .string(let step) = call["step"] else { return .value(.none) }
    return .value(world.result(ofNamed: step.string) ?? .none)
  }
}

/// Gives a text of 20,000 characters and n more.
private struct PageNode: ImmediateNode {
  let name = "x.page"
  let world: World
  let store: SimulatedStore

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    let text = String(repeating: "p", count: 20_000 + Int(call["n"].whole % 1000))
    return .value(try world.give(.text(text), to: call, by: store))
  }
}

/// Gives n + 4, and fails a few times before.
private struct ShakyNode: ImmediateNode {
  let name = "x.shaky"
  let world: World
  let store: SimulatedStore

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    if world.shakes(call.key, times: call["times"].whole) { throw NodeFailure("flaky", "not this time") }
    return .value(try world.give(.int(call["n"].whole + 4), to: call, by: store))
  }
}

/// Gives n + 1, once its run is healed.
private struct DoomNode: ImmediateNode {
  let name = "x.doom"
  let world: World
  let store: SimulatedStore

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    guard world.isHealed(String(call.key.prefix { $0 != "/" })) else { throw NodeFailure("flaky", "not this time") }
    return .value(try world.give(.int(call["n"].whole + 1), to: call, by: store))
  }
}

/// Gives n + 2 after a while.
private struct WaitNode: ImmediateNode {
  let name = "x.wait"
  let world: World
  let store: SimulatedStore

  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    let result = try world.give(.int(call["n"].whole + 2), to: call, by: store)
    return .after(TimeSpan(nanoseconds: call["seconds"].whole * 1_000_000_000), result)
  }
}

/// Gives n + 3 after a while, in a task of its own, which its process may be stopped before it has begun.
private struct SlowNode: NodeImplementation {
  let name = "x.slow"
  let world: World
  let store: SimulatedStore
  let clock: VirtualClock

  func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    world.use(cores: call["cores"].whole, of: store.process)
    defer { world.use(cores: -call["cores"].whole, of: store.process) }
    let result = try world.give(.int(call["n"].whole + 3), to: call, by: store, isInFlight: true)
    await context.clock.sleep(until: context.clock.now().after(seconds: Int(call["seconds"].whole)))
    try Task.checkCancellation()
    return result
  }
}

extension Value {
  fileprivate var whole: Int64 { if case .int(let n) = self { n } else { 0 } }
}
