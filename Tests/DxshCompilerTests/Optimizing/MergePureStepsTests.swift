import DxshCompiler
import DxshExpressions
import DxshPlan
import Testing

@Suite("Merge pure steps")
struct MergePureStepsTests {
  private func merged(_ plan: Plan) throws -> PassResult {
    let result = MergePureSteps().run(plan)
    _ = try result.plan.validated()
    let again = MergePureSteps().run(result.plan)
    #expect(again.plan == result.plan)
    #expect(again.notes.isEmpty)
    return result
  }

  private static let p = Expression.binding(depth: 0, slot: 0)

  @Test("The same call with the same arguments is made once, and what follows from it too")
  func chain() throws {
    var builder = PlanBuilder()
    _ = builder.slot("p")
    builder.call("a", Self.p, effect: .pure)
    builder.call("b", Self.p, effect: .pure)
    builder.call("a2", builder.read("a"), effect: .pure, after: ["a"])
    builder.call("b2", builder.read("b"), effect: .pure, after: ["b"])
    builder.node("out", .output(builder.read("b2")), after: "b2")
    let result = try merged(builder.plan(parameters: 1))
    #expect(result.plan.edges == ["a <", "b < a", "a2 < a", "b2 < b a2", "out < b2"])
    #expect(result.plan.body.nodes[3].kind == .value(slot: 4, .binding(depth: 0, slot: 3)))
    #expect(
      result.notes == [
        "b: the same as a, one call fewer in each run", "b2: the same as a2, one call fewer in each run",
      ])
  }

  @Test("Other arguments, policies, effects and nodes make other calls")
  func different() throws {
    var builder = PlanBuilder()
    _ = builder.slot("p")
    builder.call("a", Self.p, effect: .pure)
    builder.call("b", .int(1), effect: .pure)
    builder.call("c", Self.p, node: "other.node", effect: .pure)
    builder.call("d", Self.p, effect: .pure, timeout: .duration(seconds: 1))
    builder.call("e", Self.p, effect: .pure, retry: .init(attempts: .int(2), backoff: nil, jitter: nil, only: nil))
    for effect in Effect.allCases where effect != .pure {
      builder.call("\(effect) 1", Self.p, effect: effect)
      builder.call("\(effect) 2", Self.p, effect: effect)
    }
    let plan = builder.plan(parameters: 1)
    #expect(try merged(plan).plan == plan)
  }

  @Test("A step stands for others only where it runs, and not where it might begin later")
  func places() throws {
    var builder = PlanBuilder()
    _ = builder.slot("p")
    builder.call("slow")
    builder.call("late", Self.p, effect: .pure, after: ["slow"])
    builder.condition("if(1)", Self.p)
    builder.branch(of: "if(1)", when: true) { $0.call("yes", Self.p, effect: .pure) }
    builder.branch(of: "if(1)", when: false) { $0.call("no", Self.p, effect: .pure) }
    builder.call("other", Self.p, effect: .pure)
    builder.branch(of: "if(1)", when: false) { $0.call("covered", Self.p, effect: .pure) }
    let result = try merged(builder.plan(parameters: 1))
    #expect(
      result.plan.edges == [
        "slow <", "late < slow other", "if(1) <", "yes < if(1) other", "no < if(1) other", "other <",
        "covered < if(1) other",
      ])
  }

  @Test("Inside a node that waits for a step, the same step is not made again")
  func inside() throws {
    var builder = PlanBuilder()
    _ = builder.slot("p")
    builder.call("a", Self.p, effect: .pure)
    builder.loop("for(1)", over: Self.p, onError: .skip, after: ["a"]) { body in
      body.call("b", .binding(depth: 1, slot: 0), effect: .pure)
      body.loop("for(2)", over: Self.p) { $0.call("c", .binding(depth: 2, slot: 0), effect: .pure) }
    }
    builder.loop("for(3)", over: Self.p) { $0.call("d", .binding(depth: 1, slot: 0), effect: .pure) }
    let result = try merged(builder.plan(parameters: 1))
    #expect(
      result.notes == [
        "for(1)/b: the same as a, one call fewer for each item of for(1)",
        "for(1)/for(2)/c: the same as a, one call fewer for each item of for(1)/for(2)",
      ])
    guard case .loop(let loop) = result.plan.body.nodes[1].kind else {
      Issue.record("the loop is gone")
      return
    }
    #expect(loop.body.nodes[0].kind == .value(slot: 1, .binding(depth: 1, slot: 1)))
  }
}
