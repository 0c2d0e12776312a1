import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// Random workflows with random crashes, one after the other: the output is that of a run without them, and no `once`
/// effect takes place twice.
struct RandomCrashTests {
  @Test(arguments: 0..<UInt64(150))
  func crashesChangeNothing(_ seed: UInt64) async throws {
    let text = RandomWorkflow.text(seed)
    let undisturbed = try await RunHarness(text, nodes: RandomWorld().nodes).start(in: InMemoryRunStore())
    guard case .ended(.succeeded) = undisturbed else {
      Issue.record("\(undisturbed)\n\(text)")
      return
    }
    var random = SeededGenerator(seed ^ 0xDEAD)
    for _ in 0..<3 {
      let world = RandomWorld()
      let harness = try RunHarness(text, nodes: world.nodes)
      let stop = try await run(harness, world, &random)
      #expect(stop == undisturbed, "seed \(seed)\n\(text)")
      for (path, count) in world.counts where count > 1 {
        #expect(
          harness.plan.call(at: path)?.effect != .once, "\(path) took place \(count) times, seed \(seed)\n\(text)")
      }
    }
  }

  /// Through crash after crash, further and further on, until the run has ended.
  private func run(
    _ harness: RunHarness, _ world: RandomWorld, _ random: inout SeededGenerator
  ) async throws -> EngineStop {
    let survivor = InMemoryRunStore()
    var lifetime = 0
    while true {
      let number = Int.random(in: 1...(4 + lifetime), using: &random)
      let faults: [CrashingStore.Fault] = [.before(number), .after(number), .torn(number), .full(number)]
      let store = CrashingStore(faults.randomElement(using: &random), over: survivor)
      lifetime += 1
      do {
        let isNew = try await survivor.runs(limit: 1).isEmpty
        let stop = isNew ? try await harness.start(in: store) : try await harness.resume(in: store)
        guard case .paused(let steps) = stop else { return stop }
        for step in steps.shuffled(using: &random).prefix(Int.random(in: 1...steps.count, using: &random)) {
          let settlement = world.result(of: step).map(Settlement.done) ?? .retry
          try await harness.settle(step, settlement, in: survivor)
        }
      } catch is RunStoreError {
        continue
      }
    }
  }
}
