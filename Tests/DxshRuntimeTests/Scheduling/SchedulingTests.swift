import DxshExpressions
import DxshPlan
import DxshTestSupport
import DxshTime
import Testing

@testable import DxshRuntime

/// In which order the engine starts what is ready, on a clock that jumps.
struct SchedulingTests {
  private static let node = """
    node x.work(n: int) -> int effect read timeout(1h)

    """

  /// Takes as many seconds as its argument says.
  private static let work = ScriptedNode("x.work") { call throws(NodeFailure) in
    guard case .int(let seconds) = call["n"] else { return .value(.none) }
    return .after(TimeSpan(nanoseconds: seconds * 1_000_000_000), .int(seconds))
  }

  private func harness(_ body: String, cores: Int = 1, memory: Int64 = .max) throws -> RunHarness {
    var harness = try RunHarness(Self.node + "workflow w() {\n\(body)\n}", nodes: [Self.work])
    harness.resources = ResourceManager(.init(cpu: cores * 1000, memory: memory))
    return harness
  }

  /// The paths of a run's steps in the order in which they began, and how long it took in seconds.
  private func order(_ harness: RunHarness) async throws -> ([String], Int64) {
    let store = InMemoryRunStore()
    let start = harness.clock.now()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.none)))
    let timeline = RunTimeline(
      try await harness.history(in: store), try await harness.inspect(in: store), now: harness.clock.now())
    let begun = timeline.rows.flatMap { row in row.spans.map { (row.path, $0) } }
    return (
      begun.sorted { ($0.1.to, $0.0) < ($1.1.to, $1.0) }.map(\.0), harness.clock.now().since(start).seconds
    )
  }

  @Test func theLongestChainGoesFirst() async throws {
    let body = """
        step a = x.work(n: 1) with uses(cpu: 1, time: 1s)
        step b = x.work(n: 1) with uses(cpu: 1, time: 1s)
        step c = x.work(n: 1) with uses(cpu: 1, time: 1s)
        step d = x.work(n: 5) after c with uses(cpu: 1, time: 5s)
      """
    var harness = try harness(body)
    #expect(try await order(harness) == (["c", "d", "a", "b"], 8))
    harness = try self.harness(body, cores: 2)
    #expect(try await order(harness).1 == 6)
    harness = try self.harness(body, cores: 2)
    harness.order = .arrival
    #expect(try await order(harness) == (["a", "b", "c", "d"], 7))
  }

  @Test func aPriorityGoesBeforeThat() async throws {
    let body = """
        step a = x.work(n: 1) with uses(cpu: 1), priority(2)
        step b = x.work(n: 9) with uses(cpu: 1, time: 9s)
        step c = x.work(n: 1) with uses(cpu: 1), priority(-2)
        step d = x.work(n: 1) with uses(cpu: 1), priority(3)
      """
    #expect(try await order(harness(body)).0 == ["d", "a", "b", "c"])
  }

  /// Of what waits for memory and what does not.
  @Test func whoWaitsForMemoryHoldsNoPlace() async throws {
    let body = """
        step large = x.work(n: 4) with uses(memory: 60MiB)
        step other = x.work(n: 4) with uses(memory: 60MiB)
        step small = x.work(n: 1) with uses(memory: 1MiB)
        step free = x.work(n: 1) after small
      """
    var harness = try harness(body, memory: 100 << 20)
    harness.maxParallel = 2
    #expect(try await order(harness).1 == 8)
  }

  @Test func whatNobodyHasFailsAtOnce() async throws {
    let harness = try harness(
      """
        limits { memory: 1GiB }
        step a = x.work(n: 1) with uses(memory: 2GiB), retry(2)
      """)
    guard case .ended(.failed(let failure)) = try await harness.start(in: InMemoryRunStore()) else {
      Issue.record("it fails")
      return
    }
    #expect(failure.kind == "limit")
    #expect(failure.message == "it needs 2GiB of memory, and its run may use 1GiB")
  }

  /// What `uses` computes is checked when the step begins.
  @Test func needsMaySayNonsense() async throws {
    let harness = try harness(
      """
        step none = x.work(n: 0)
        step a = x.work(n: 1) with uses(cpu: double(none))
      """)
    guard case .ended(.failed(let failure)) = try await harness.start(in: InMemoryRunStore()) else {
      Issue.record("it fails")
      return
    }
    #expect(failure.message == "`cpu` of `uses` takes a number above 0, not 0.0")
  }

  @Test func aThousandStepsWantTheLastCore() async throws {
    let numbers = (0..<1000).map { "\($0 % 7)" }.joined(separator: ", ")
    var harness = try harness(
      """
        for n in [\(numbers)] with parallel(1000) {
          step a = x.work(n: n) with uses(cpu: 1)
        }
      """)
    harness.maxParallel = 1000
    let (order, seconds) = try await order(harness)
    #expect(order.count == 1000)
    #expect(seconds == (0..<1000).reduce(0) { $0 + Int64($1 % 7) })
  }

  /// Graphs of steps of random lengths: it takes as long as was predicted, and no longer than list scheduling may
  /// (R. L. Graham, "Bounds on multiprocessing timing anomalies", 1969).
  @Test(arguments: 0..<60) func itTakesAsLongAsPredicted(_ seed: UInt64) async throws {
    var random = SeededGenerator(seed)
    let count = 3 + Int(random.next() % 30)
    var lines: [String] = []
    for number in 0..<count {
      let seconds = 1 + random.next() % 9
      let before = (0..<number).filter { _ in random.next() % 6 == 0 }.map { "s\($0)" }
      let after = before.isEmpty ? "" : " after \(before.joined(separator: ", "))"
      lines.append("  step s\(number) = x.work(n: \(seconds))\(after) with uses(cpu: 1, time: \(seconds)s)")
    }
    let cores = 1 + Int(random.next() % 4)
    let harness = try harness(lines.joined(separator: "\n"), cores: cores)
    let plan = try harness.plan.validated()
    let schedule = try #require(PredictedSchedule(plan, capacity: harness.resources.capacity, width: 64))
    let (order, seconds) = try await order(harness)
    #expect(order.count == count)
    #expect(seconds == schedule.length.seconds, "\(lines.joined(separator: "\n"))")
    #expect(schedule.length >= schedule.bound.length)
    let longest = 2 - 1 / Double(cores)
    #expect(Double(seconds) <= longest * Double(schedule.bound.length.seconds + 1))
  }
}
