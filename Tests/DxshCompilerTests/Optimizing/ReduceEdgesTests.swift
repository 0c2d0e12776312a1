import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshTestSupport
import Testing

@Suite("Reduce edges")
struct ReduceEdgesTests {
  @Test("An edge that a longer path implies is dropped")
  func chain() throws {
    var builder = PlanBuilder()
    builder.call("a")
    builder.call("b", after: ["a"])
    builder.call("c", after: ["a", "b"])
    builder.call("d", after: ["a", "b", "c"])
    let result = ReduceEdges().run(builder.plan())
    #expect(result.plan.edges == ["a <", "b < a", "c < b", "d < c"])
    #expect(result.notes == ["the workflow: 3 edges dropped"])
  }

  @Test("A guard's condition stays among the dependencies")
  func guards() throws {
    var builder = PlanBuilder()
    builder.condition("if(1)", .bool(true))
    builder.branch(of: "if(1)", when: true) { builder in
      builder.call("a")
      builder.call("b", after: ["a"])
    }
    builder.call("c", after: ["if(1)", "b"])
    let result = ReduceEdges().run(builder.plan())
    #expect(result.plan.edges == ["if(1) <", "a < if(1)", "b < if(1) a", "c < b"])
    _ = try result.plan.validated()
  }

  @Test("Bodies of loops are reduced too")
  func loops() {
    var builder = PlanBuilder()
    builder.loop("for(1)", over: .list([])) { body in
      body.call("a")
      body.call("b", after: ["a"])
      body.call("c", after: ["a", "b"])
    }
    #expect(ReduceEdges().run(builder.plan()).notes == ["for(1): one edge dropped"])
  }

  @Test("Exactly the redundant edges of random graphs are dropped", arguments: 0..<60)
  func random(seed: Int) throws {
    let plan = randomPlan(seed: seed)
    let result = ReduceEdges().run(plan)
    let (before, after) = (Reachability(plan.body.nodes), Reachability(result.plan.body.nodes))
    #expect(before.ancestors == after.ancestors)
    for (node, reduced) in zip(plan.body.nodes, result.plan.body.nodes) {
      let needed = node.dependencies.filter { dependency in
        node.guardedBy?.condition == dependency
          || !node.dependencies.contains { before.ancestors[$0].contains(dependency) }
      }
      #expect(reduced.dependencies == needed)
    }
    #expect(ReduceEdges().run(result.plan).notes.isEmpty)
    _ = try result.plan.validated()
  }

  @Test("A hundred thousand nodes in a row, each waiting for the first and the one before")
  func long() {
    let nodes = (0..<100_000).map { number in
      PlanNode(
        path: "n\(number)", kind: .barrier, guardedBy: nil,
        dependencies: Set([0, number - 1]).filter { $0 >= 0 && $0 < number }.sorted())
    }
    let plan = Plan(workflow: "w", parameters: [], result: nil, body: PlanScope(slots: [], nodes: nodes))
    #expect(ReduceEdges().run(plan).notes == ["the workflow: 99998 edges dropped"])
  }

  /// Up to 150 nodes in an order that is not the text's, some of them guarded.
  private func randomPlan(seed: Int) -> Plan {
    var random = Random(seed: seed)
    let count = 1 + random.below(150)
    let density = 2 + random.below(12)
    var numbers = Array(0..<count)
    for index in numbers.indices { numbers.swapAt(index, random.below(count)) }
    var nodes = numbers.map { number in
      PlanNode(path: "n\(number)", kind: .condition(.bool(true)), guardedBy: nil, dependencies: [])
    }
    for (position, number) in numbers.enumerated() {
      let near = max(0, position - 20)
      nodes[number].dependencies = (near..<position).filter { _ in random.below(density) == 0 }
        .map { numbers[$0] }.sorted()
      if let condition = nodes[number].dependencies.first, random.below(3) == 0 {
        nodes[number].guardedBy = .init(condition: condition, when: true)
      }
    }
    for index in nodes.indices { nodes[index].path = "n\(index)" }
    return Plan(workflow: "w", parameters: [], result: nil, body: PlanScope(slots: [], nodes: nodes))
  }
}

/// For each node, all that it waits for, directly or not.
struct Reachability {
  private(set) var ancestors: [Set<Int>]

  init(_ nodes: [PlanNode]) {
    ancestors = nodes.map { _ in [] }
    for node in DependencyGraph(nodes).order.map(Int.init) {
      for dependency in nodes[node].dependencies {
        ancestors[node].formUnion(ancestors[dependency])
        ancestors[node].insert(dependency)
      }
    }
  }
}

/// Seeded random numbers below a limit.
struct Random {
  private var generator: SeededGenerator

  init(seed: Int) {
    generator = SeededGenerator(UInt64(truncatingIfNeeded: seed))
  }

  mutating func below(_ limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }
}
