import DxshCompiler
import DxshExpressions
import DxshPlan
import Testing

@Suite("Optimize")
struct OptimizeTests {
  @Test("The passes and their order")
  func passes() {
    #expect(
      planPasses.map(\.name) == [
        "fold constants", "drop branches", "remove unused pure steps", "hoist invariants", "merge pure steps",
        "reduce edges",
      ])
    #expect(planPasses.allSatisfy { !$0.summary.isEmpty && !$0.summary.hasSuffix(".") })
  }

  @Test("A plan of an earlier version is run by the passes of then")
  func generations() throws {
    var plan = PlanBuilder().plan()
    plan.passes = 1
    let names = ["fold constants", "drop branches", "remove unused pure steps", "reduce edges"]
    #expect(optimize(plan).reports.map(\.name) == names)
    #expect(try Plan.decode(plan.encoded()).passes == 1)
    let text = String(decoding: plan.encoded(), as: UTF8.self).replacing(#""passes":1,"#, with: "")
    #expect(try Plan.decode(Array(text.utf8)) == plan)
  }

  @Test("A pass sees what those before it did")
  func together() throws {
    var builder = PlanBuilder()
    builder.call("a")
    builder.value("b", .int(1), after: "a")
    let chosen = Expression.conditional(.bool(false), builder.read("b"), builder.read("a"))
    builder.node("out", .output(chosen), after: "a", "b")
    let optimized = optimize(builder.plan())
    #expect(optimized.plan.edges == ["a <", "out < a"])
    #expect(
      optimized.reports.map(\.notes) == [
        ["out: 2 parts computed, once instead of in each run"], [],
        ["b: removed, nothing reads it: one value fewer in each run"], [], [], [],
      ])
  }

  @Test("Random plans have the same output, the same effects in an order that was allowed, twice", arguments: 0..<150)
  func random(seed: Int) throws {
    let plan = randomPlan(seed: seed)
    _ = try plan.validated()
    let optimized = optimize(plan).plan
    _ = try optimized.validated()
    #expect(optimize(optimized).plan == optimized)
    let (before, after) = (Trial(plan), Trial(optimized))
    #expect(before.output == after.output)
    #expect(before.effects == after.effects)
    let made = Set(after.effects.keys)
    #expect(order(of: plan, among: made) == order(of: optimized, among: made))
  }

  /// Which of some effects wait for which, by their paths.
  private func order(of plan: Plan, among made: Set<String>) -> [String: Set<String>] {
    let nodes = plan.body.nodes
    let ancestors = Reachability(nodes).ancestors
    var order: [String: Set<String>] = [:]
    for (node, ancestors) in zip(nodes, ancestors) where made.contains(node.path) {
      order[node.path] = Set(ancestors.lazy.map { nodes[$0].path }.filter(made.contains))
    }
    return order
  }

  /// Steps, values and branches over sums of what came before, each waiting for what it reads.
  private func randomPlan(seed: Int) -> Plan {
    var random = Random(seed: seed)
    var builder = PlanBuilder()
    var names: [String] = []
    var conditions: [String] = []
    for index in 0..<random.below(30) {
      let name = "n\(index)"
      let read = (0..<random.below(3)).compactMap { _ in names.isEmpty ? nil : names[random.below(names.count)] }
      var sum = read.reduce(Expression.int(Int64(index))) { .sum($0, builder.read($1)) }
      if random.below(4) == 0 { sum = .conditional(.bool(random.below(2) == 0), sum, .int(0)) }
      let after = names.isEmpty || random.below(3) > 0 ? read : read + [names[random.below(names.count)]]
      func add(_ builder: inout PlanBuilder) {
        switch random.below(5) {
        case 0: builder.call(name, sum, effect: .once, after: after)
        case 1: builder.call(name, sum, effect: .pure, after: after)
        case 2:
          let condition = Expression.apply("less_int64", sum, .int(50))
          builder.node(name, .condition(condition))
          conditions.append(name)
        default: builder.value(name, sum)
        }
      }
      if let condition = conditions.last, random.below(3) == 0 {
        builder.branch(of: condition, when: random.below(2) == 0, add)
      } else {
        add(&builder)
      }
      if conditions.last != name { names.append(name) }
    }
    var output = Expression.int(0)
    for name in names where random.below(4) == 0 { output = .sum(output, builder.read(name)) }
    builder.node("out", .output(output))
    return waiting(builder.plan(), for: names)
  }

  /// The plan with an edge from each step to those that read it.
  private func waiting(_ plan: Plan, for names: [String]) -> Plan {
    var plan = plan
    var fillers: [Int: Int] = [:]
    for (index, node) in plan.body.nodes.enumerated() {
      var read: Set<Int> = Set(node.dependencies)
      node.forEachRead { slot in if let filler = fillers[slot] { read.insert(filler) } }
      plan.body.nodes[index].dependencies = read.sorted()
      if let slot = node.filled { fillers[slot] = index }
    }
    return plan
  }
}

/// A run of a plan without loops in which a call gives its argument; a skipped step gives none, which counts as 0.
struct Trial {
  private(set) var output = Value.none
  private(set) var effects: [String: [Value]] = [:]

  init(_ plan: Plan) {
    let frame = Frame(slots: plan.body.slots.count, parent: nil)
    for slot in frame.values.indices { frame.values[slot] = .int(0) }
    var holds: [Int: Bool] = [:]
    for number in DependencyGraph(plan.body.nodes).order.map(Int.init) {
      let node = plan.body.nodes[number]
      if let guardedBy = node.guardedBy, holds[guardedBy.condition] != guardedBy.when { continue }
      func value(_ expression: Expression) -> Value { (try? Evaluator.evaluate(expression, in: frame)) ?? .none }
      switch node.kind {
      case .value(let slot, let expression): frame.values[slot] = value(expression)
      case .condition(let expression): holds[number] = value(expression) == .bool(true)
      case .output(let expression): output = value(expression)
      case .call(let call):
        let arguments = call.arguments.map { value($0.value) }
        if let slot = call.slot, let first = arguments.first { frame.values[slot] = first }
        if node.isEffect { effects[node.path] = arguments }
      case .assertion, .failure, .loop, .iteration, .attempt, .invocation, .wait, .barrier: break
      }
    }
  }
}

extension PlanNode {
  var isEffect: Bool {
    if case .call(let call) = kind { call.effect != .pure } else { false }
  }

  /// The slot that the node fills.
  fileprivate var filled: Int? {
    switch kind {
    case .value(let slot, _): slot
    case .call(let call): call.slot
    case .wait(let wait): wait.slot
    case .condition, .assertion, .failure, .loop, .iteration, .attempt, .invocation, .output, .barrier: nil
    }
  }

  fileprivate func forEachRead(_ visit: (Int) -> Void) {
    func read(_ expression: Expression) {
      switch expression {
      case .binding(_, let slot): visit(slot)
      case .call(_, let parts): parts.forEach(read)
      case .conditional(let condition, let yes, let no): [condition, yes, no].forEach(read)
      default: break
      }
    }
    switch kind {
    case .value(_, let expression), .condition(let expression), .output(let expression): read(expression)
    case .call(let call): for argument in call.arguments { read(argument.value) }
    case .assertion, .failure, .loop, .iteration, .attempt, .invocation, .wait, .barrier: break
    }
  }
}
