import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// `cache`: results that all runs of a store share.
struct CacheTests {
  private static func harness(_ body: String, _ node: ScriptedNode) throws -> RunHarness {
    try RunHarness(
      "node x.get(n: int, of: string = \"\") -> int effect read throws flaky timeout(1h)\n\n" + body, nodes: [node])
  }

  private static func counting() -> ScriptedNode {
    let count = Mutex(0)
    return ScriptedNode("x.get") { call throws(NodeFailure) in
      let number = count.withLock { count in
        count += 1
        return count
      }
      if case .int(let n) = call["n"], n < 0 { throw NodeFailure("flaky", "not this time") }
      return .value(.int(Int64(number)))
    }
  }

  /// By the process that goes on with the run, too: one call of all that were to be made.
  @Test func whatIsThereIsNotCalledFor() async throws {
    let node = Self.counting()
    let harness = try Self.harness(
      """
      workflow w() -> list<int> {
        step first = x.get(n: 7) with cache(ttl: 1h)
        for i in [1, 2] with parallel(1) {
          step each = x.get(n: i) after first with cache(ttl: 1h)
          step same = x.get(n: 7) after first with cache(ttl: 1m)
        }
        step known = x.get(n: 2) after same with cache(ttl: 1m)
        output [first, known] + same + each
      }
      """, node)
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.list([1, 3, 1, 1, 2, 3].map(Value.int)))))
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.filter(\.isCached).map(\.path).sorted() == ["known", "same[0]", "same[1]"])
    #expect(steps.first { $0.path == "same[0]" }.map { $0.isCached && $0.attempts == 0 } == true)
    #expect(steps.allSatisfy { $0.status == .succeeded })
  }

  /// The same path is another file in another folder, but for those who say what the result depends on.
  @Test(arguments: [("", [1, 2]), (", key: \"k\"", [1, 1])])
  func aFolderIsPartOfTheCall(_ key: String, _ expected: [Int64]) async throws {
    let node = Self.counting()
    let text = "workflow w() -> int {\n  step a = x.get(n: 1) with cache(ttl: 1h\(key))\n  output a\n}"
    let store = InMemoryRunStore()
    var outputs: [EngineStop] = []
    for (run, folder) in [("r", "/a"), ("s", "/b")] {
      var harness = try Self.harness(text, node)
      (harness.folder, harness.id) = (folder, run)
      outputs.append(try await harness.start(in: store))
    }
    #expect(outputs == expected.map { .ended(.succeeded(.int($0))) })
  }

  @Test func failuresAndCancellationsAreNotKept() async throws {
    let node = Self.counting()
    let harness = try Self.harness(
      """
      workflow w() {
        try {
          step bad = x.get(n: -1) with cache(ttl: 1h)
        } catch e {
          step worse = x.get(n: -1) with cache(ttl: 1h)
        }
      }
      """, node)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected() }
    #expect(failure.path == "worse" && node.calls.count == 2)
  }

  /// What another version kept of another type is no result.
  @Test func aResultThatDoesNotFitIsNone() async throws {
    let node = Self.counting()
    let text = "workflow w() -> int {\n  step a = x.get(n: 1) with cache(ttl: 1h)\n  output a\n}"
    let harness = try Self.harness(text, node)
    let store = CachedStore(wrapped: InMemoryRunStore())
    #expect(try await harness.start(in: store) == .ended(.succeeded(.int(1))))
    #expect(node.calls.count == 1)
  }

  /// It holds no attempt, so it is cancelled at once.
  @Test func whatIsLookedForIsCancelled() async throws {
    let node = Self.counting()
    let harness = try Self.harness(
      """
      workflow w() {
        step bad = x.get(n: -1)
        step a = x.get(n: 1) with cache(ttl: 1h)
      }
      """, node)
    let store = InMemoryRunStore()
    guard case .ended(.failed(let failure)) = try await harness.start(in: store) else { throw Unexpected() }
    #expect(failure.path == "bad")
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.first { $0.path == "a" }.map { [.cancelled, .succeeded].contains($0.status) } == true)
  }
}

/// Has a result of another type for everything.
private struct CachedStore: WrappingStore {
  let wrapped: any RunStore

  func results(of keys: [SHA256Digest], at time: Timestamp) async throws(RunStoreError) -> [[UInt8]?] {
    keys.map { _ in JournalCodec.encode([RecordedEvent(path: "", kind: .recalled(.text("seven")), at: time)]) }
  }
}

private struct Unexpected: Error {}
