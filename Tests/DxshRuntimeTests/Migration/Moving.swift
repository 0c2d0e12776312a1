import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization

/// What the tests of runs that go on with another version of their workflow have in common.
enum Moving {
  static let nodes = """
    node x.read(n: int) -> int effect read timeout(1h)
    node x.once(n: int) -> int effect once timeout(1h)
    node x.keyed(n: int) -> int effect keyed throws flaky timeout(1h)
    node x.undo(n: int) -> int effect keyed timeout(1h)

    """

  /// The run of a workflow, which has come to its wait.
  static func waiting(_ text: String, _ outside: MovedWorld) async throws -> (RunHarness, InMemoryRunStore) {
    let harness = try harness(text, outside)
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw RunStoreError(.unavailable, "it waits") }
    return (harness, store)
  }

  static func harness(_ text: String, _ outside: MovedWorld) throws -> RunHarness {
    var harness = try RunHarness(nodes + text, nodes: outside.nodes)
    harness.leaving = .whenWaiting
    return harness
  }

  static func signal(_ store: InMemoryRunStore, _ harness: RunHarness, _ name: String) async throws {
    _ = try await store.send(
      .signal(SignalName(name), .null), to: "r", deduplication: nil, at: harness.clock.now())
  }

  static let paid = """
    workflow w(n: int = 1) -> int {
      step pay = x.once(n: n)
      wait ok = signal("ok") after pay
      step ship = x.once(n: pay) after ok
      output ship
    }
    """
}

/// The world that the nodes act on: it answers with what it is given and a hundred.
final class MovedWorld: Sendable {
  private struct State {
    var calls: [String] = []
    var failing: Set<String>
  }

  private let state: Mutex<State>

  init(failing: Set<String> = []) { state = Mutex(State(calls: [], failing: failing)) }

  /// The keys of the calls that have one.
  var calls: [String] { state.withLock { $0.calls } }

  func heal() { state.withLock { $0.failing = [] } }

  var nodes: [any NodeImplementation] {
    ["x.read", "x.once", "x.keyed", "x.undo"].map { name in
      ScriptedNode(name) { [self] call throws(NodeFailure) in
        guard case .int(let n) = call["n"] else { throw NodeFailure("decode", "no n") }
        let fails = state.withLock { state in
          if !call.key.isEmpty { state.calls.append(call.key) }
          return state.failing.contains(call.key)
        }
        if fails { throw NodeFailure("flaky", "not this time") }
        return .value(.int(n + 100))
      }
    }
  }
}
