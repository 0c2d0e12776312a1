import DxshCompiler
import DxshExpressions
import DxshPlan
import Testing

@Suite("Hoist invariants")
struct HoistInvariantsTests {
  private func hoisted(_ plan: Plan) throws -> PassResult {
    let result = HoistInvariants().run(plan)
    _ = try result.plan.validated()
    let again = HoistInvariants().run(result.plan)
    #expect(again.plan == result.plan)
    #expect(again.notes.isEmpty)
    return result
  }

  /// A loop over the parameter `p`, a list, beside the parameter `q`.
  private func plan(
    over sequence: Expression? = nil, onError: PlanLoop.OnError = .stop, _ build: (inout PlanBuilder) -> Void
  ) -> Plan {
    var builder = PlanBuilder()
    let p = builder.read("p")
    _ = builder.slot("q")
    builder.loop("for(1)", over: sequence ?? p, onError: onError, build)
    var plan = builder.plan(parameters: 2)
    plan.body.slots[0].type = .list(.int)
    plan.parameters[0].type = .list(.int)
    return plan
  }

  private static let outer = Expression.binding(depth: 1, slot: 1)

  @Test("A pure step that reads nothing of the item is made once, if there is an item")
  func lazy() throws {
    let result = try hoisted(
      plan { body in
        body.call("a", Self.outer, effect: .pure)
        body.call("b", body.read("a"), effect: .pure, after: ["a"])
        body.call("c", body.read("b"), body.read("v"), effect: .pure, after: ["b"])
      })
    #expect(result.plan.edges == ["for(1) < a b", "for(1)@any <", "a < for(1)@any", "b < for(1)@any a"])
    #expect(result.plan.body.nodes[2].guardedBy == .init(condition: 1, when: true))
    guard case .call(let b) = result.plan.body.nodes[3].kind, case .loop(let loop) = result.plan.body.nodes[0].kind
    else {
      Issue.record("the steps are not there")
      return
    }
    #expect(b.arguments.map(\.value) == [.binding(depth: 0, slot: 2)])
    #expect(loop.body.nodes.map(\.path) == ["a@each", "b@each", "c"])
    #expect(loop.body.nodes[1].kind == .value(slot: 2, .binding(depth: 1, slot: 3)))
    #expect(
      result.notes == [
        "for(1)/a: once in each run, not for each item of for(1)",
        "for(1)/b: once in each run, not for each item of for(1)",
      ])
  }

  @Test("Out of a loop that certainly has an item nothing is asked, and it leaves the loops around too")
  func certain() throws {
    let one = Expression.constant(Constant(.list([.int(1)])))
    let result = try hoisted(
      plan(over: one) { body in
        body.loop("for(2)", over: one) { $0.call("a", .binding(depth: 2, slot: 1), effect: .pure) }
      })
    #expect(result.plan.edges == ["for(1) < a", "a <"])
  }

  @Test("What is not pure, reads the item, stands in a branch or waits for such a step stays")
  func stays() throws {
    let before = plan { body in
      for effect in Effect.allCases where effect != .pure { body.call(effect.rawValue, Self.outer, effect: effect) }
      body.call("item", body.read("v"), effect: .pure)
      body.call("later", Self.outer, effect: .pure, after: ["read"])
      body.condition("if(1)", .bool(true))
      body.branch(of: "if(1)", when: true) { $0.call("guarded", Self.outer, effect: .pure) }
      body.value("cheap", Self.outer)
    }
    #expect(try hoisted(before).plan == before)
  }

  @Test("What may fail goes only where everything with an effect waits for it, and what needs it stays with it")
  func failures() throws {
    let text = Expression.interpolation((0..<9).map { _ in Self.outer })
    let result = try hoisted(
      plan { body in
        body.call("a", Self.outer, effect: .pure)
        body.call("b", body.read("a"), effect: .pure, after: ["a"])
        body.call("effect", body.read("a"), after: ["a"])
        body.loop("for(2)", over: .list([]), after: ["b"]) { $0.call("read", effect: .read) }
        body.value("c", text)
      })
    #expect(result.plan.edges == ["for(1) < a c", "for(1)@any <", "a < for(1)@any", "c < for(1)@any"])
    let beside = plan { body in
      body.call("a", Self.outer, effect: .pure)
      body.call("effect")
    }
    #expect(try hoisted(beside).plan == beside)
  }

  @Test("Out of a loop that outlives failures only what cannot fail goes")
  func survivors() throws {
    let text = Expression.interpolation((0..<9).map { _ in Self.outer })
    let result = try hoisted(
      plan(onError: .skip) { body in
        body.call("a", Self.outer, effect: .pure)
        body.value("b", text)
        body.value("c", .sum(.int(1), .sum(.int(2), .sum(.int(3), .sum(.int(4), .sum(.int(5), Self.outer))))))
      })
    #expect(result.plan.edges == ["for(1) < b", "for(1)@any <", "b < for(1)@any"])
  }

  @Test("Out of a loop whose list is computed in its head nothing goes, nor where its width may fail")
  func unknown() throws {
    let computed = Expression.conditional(.binding(depth: 0, slot: 1), .list([]), .binding(depth: 0, slot: 0))
    let before = plan(over: computed) { $0.call("a", Self.outer, effect: .pure) }
    #expect(try hoisted(before).plan == before)
    var builder = PlanBuilder()
    let p = builder.read("p")
    builder.loop("for(1)", over: p, parallel: p) { $0.call("a", effect: .pure) }
    #expect(try hoisted(builder.plan(parameters: 1)).notes.isEmpty)
  }
}
