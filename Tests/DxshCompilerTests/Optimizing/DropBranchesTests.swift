import DxshCompiler
import DxshExpressions
import DxshPlan
import Testing

@Suite("Drop branches")
struct DropBranchesTests {
  private func dropped(_ plan: Plan) throws -> PassResult {
    let result = DropBranches().run(plan)
    _ = try result.plan.validated()
    let again = DropBranches().run(result.plan)
    #expect(again.plan == result.plan)
    #expect(again.notes.isEmpty)
    return result
  }

  private static let empty = Expression.constant(Constant(.list([])))

  @Test("Of a constant condition one branch stays, unguarded, in its order")
  func decided() throws {
    for holds in [true, false] {
      var builder = PlanBuilder()
      builder.call("z")
      builder.condition("if(1)", .bool(holds), after: "z")
      builder.branch(of: "if(1)", when: true) { $0.call("a") }
      builder.branch(of: "if(1)", when: false) { $0.call("b") }
      builder.call("c", after: ["a", "b"])
      let result = try dropped(builder.plan())
      #expect(result.plan.edges == ["z <", holds ? "a < z" : "b < z", holds ? "c < z a" : "c < z b"])
      #expect(result.plan.body.nodes.allSatisfy { $0.guardedBy == nil })
      let verdict = holds ? "always" : "never"
      #expect(result.notes == ["if(1): \(verdict) holds, one node fewer to skip in each run"])
    }
  }

  @Test("What stands in a branch of a branch is guarded by what is left")
  func nested() throws {
    var builder = PlanBuilder()
    _ = builder.slot("p")
    builder.condition("if(1)", builder.read("p"))
    builder.branch(of: "if(1)", when: true) { builder in
      builder.condition("if(2)", .bool(true))
      builder.branch(of: "if(2)", when: true) { builder in
        builder.call("a")
        builder.condition("if(3)", .bool(false))
        builder.branch(of: "if(3)", when: true) { $0.condition("if(4)", .bool(true)) }
      }
    }
    builder.branch(of: "if(4)", when: false) { $0.call("never") }
    let result = try dropped(builder.plan(parameters: 1))
    #expect(result.plan.edges == ["if(1) <", "a < if(1)"])
    #expect(result.plan.body.nodes[1].guardedBy == .init(condition: 0, when: true))
  }

  @Test("Assertions that hold and loops over nothing go, what may fail stays")
  func nothing() throws {
    var builder = PlanBuilder()
    builder.node("assert(1)", .assertion(.bool(true), message: .text("")))
    builder.node("assert(2)", .assertion(.bool(false), message: .text("")), after: "assert(1)")
    builder.loop("for(1)", over: Self.empty, exports: ["x"], after: ["assert(2)"]) { $0.call("x") }
    builder.loop("for(2)", over: Self.empty) { $0.call("y") }
    builder.loop("for(3)", over: Self.empty, parallel: .int(0)) { $0.call("u") }
    builder.loop("for(4)", over: .constant(Constant(.list([.int(1)])))) { $0.call("w") }
    let result = try dropped(builder.plan())
    #expect(result.plan.edges == ["assert(2) <", "for(1) < assert(2)", "for(3) <", "for(4) <"])
    #expect(result.plan.body.nodes[1].kind == .value(slot: 0, Self.empty))
    #expect(
      result.notes == [
        "assert(1): always holds", "for(1): goes over nothing, one loop fewer in each run", "for(2): goes over nothing",
      ])
  }
}
