import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshSyntax
import Testing

@Suite("Remove unused pure steps")
struct RemoveUnusedPureStepsTests {
  private func removed(_ plan: Plan) throws -> PassResult {
    let result = RemoveUnusedPureSteps().run(plan)
    _ = try result.plan.validated()
    let again = RemoveUnusedPureSteps().run(result.plan)
    #expect(again.plan == result.plan)
    #expect(again.notes.isEmpty)
    return result
  }

  @Test("What nothing reads goes, and what only that read")
  func unused() throws {
    var builder = PlanBuilder()
    builder.call("a", effect: .read)
    builder.value("b", builder.read("a"), after: "a")
    builder.call("c", builder.read("b"), effect: .pure, after: ["b"])
    builder.value("d", builder.read("a"), after: "a")
    builder.node("out", .output(builder.read("d")), after: "d")
    let result = try removed(builder.plan())
    #expect(result.plan.edges == ["a <", "d < a", "out < d"])
    #expect(
      result.notes == [
        "b: removed, nothing reads it: one value fewer in each run",
        "c: removed, nothing reads it: one call fewer in each run",
      ])
  }

  @Test("A step's result is read in the workflow that the step stands in, also by what undoes it")
  func readResults() throws {
    let text = """
      node x.a(n: int) -> int effect keyed timeout(1h)
      workflow w(ns: list<int>) -> int {
        step a = x.a(n: 1)
        step called = sub(n: 1)
        for n in ns {
          step each = x.a(n: n)
          step held = x.a(n: n) with compensate(x.a(n: self))
        }
        output called + each.size()
      }
      workflow sub(n: int) -> int {
        step a = x.a(n: n)
        step b = x.a(n: n) after a
        output a
      }
      """
    let compilation = compile(SourceFile(id: FileID(0), name: "t", text: text), library: NodeLibrary([:]))
    let plan = try #require(compilation.plans.first)
    let read = ["called/a", "each[3]", "held[3]"]
    let unread = ["a", "called/b", "held[3]@compensate", "called", "called/c", "ab"]
    for path in read + unread { #expect(plan.readsResult(of: path) == read.contains(path), "\(path)") }
  }

  @Test("Effects, conditions, assertions and failures stay")
  func kept() throws {
    var builder = PlanBuilder()
    for effect in Effect.allCases where effect != .pure { builder.call(effect.rawValue, effect: effect) }
    builder.condition("if(1)", .bool(true))
    builder.node("assert(1)", .assertion(.bool(true), message: .text("")))
    builder.node("fail(1)", .failure(kind: "k", message: .text("")), after: "assert(1)")
    builder.loop("for(1)", over: .list([])) { $0.call("x") }
    let plan = builder.plan()
    #expect(try removed(plan).plan == plan)
  }

  @Test("Waiting that went by way of a removed step stays")
  func inherited() throws {
    var builder = PlanBuilder()
    builder.condition("if(1)", .bool(true))
    builder.call("a")
    builder.branch(of: "if(1)", when: true) { builder in
      builder.value("unused1", .int(1), after: "a")
      builder.value("unused2", .int(2), after: "unused1")
    }
    builder.call("b")
    builder.call("c", after: ["unused2", "b"])
    let result = try removed(builder.plan())
    #expect(result.plan.edges == ["if(1) <", "a <", "b <", "c < if(1) a b"])
  }

  @Test("Where many wait for many by way of a removed step, a barrier takes its place")
  func barrier() throws {
    var builder = PlanBuilder()
    for index in 0..<10 { builder.call("a\(index)") }
    builder.node("unused", .value(slot: builder.slot("unused"), .int(1)))
    var plan = builder.plan()
    plan.body.nodes[10].dependencies = Array(0..<10)
    for index in 0..<10 {
      var call = plan.body.nodes[index]
      call.path = "b\(index)"
      call.dependencies = [10]
      plan.body.nodes.append(call)
    }
    let result = try removed(plan)
    #expect(result.plan.body.nodes[10].kind == .barrier)
    #expect(result.plan.body.nodes.map(\.dependencies) == plan.body.nodes.map(\.dependencies))
  }

  @Test("A barrier that nothing waits for goes")
  func uselessBarrier() throws {
    var builder = PlanBuilder()
    builder.call("a")
    builder.node("sequence(1)", .barrier, after: "a")
    builder.node("sequence(2)", .barrier, after: "sequence(1)")
    builder.node("sequence(3)", .barrier, after: "a")
    builder.call("b", after: ["sequence(3)"])
    let result = try removed(builder.plan())
    #expect(result.plan.edges == ["a <", "sequence(3) < a", "b < sequence(3)"])
  }

  @Test("In loops: exports that nothing reads go, inner steps that read outer slots keep them")
  func loops() throws {
    var builder = PlanBuilder()
    let parameter = builder.read("p")
    builder.value("a", .int(1))
    builder.value("b", .int(2))
    builder.loop("for(1)", over: parameter, exports: ["x", "y"], after: ["a", "b"]) { body in
      body.value("x", .binding(depth: 1, slot: 1))
      body.value("y", .binding(depth: 1, slot: 2))
    }
    builder.node("out", .output(builder.read("y")), after: "for(1)")
    let result = try removed(builder.plan(parameters: 1))
    #expect(result.plan.edges == ["b <", "for(1) < b", "out < for(1)"])
    guard case .loop(let loop) = result.plan.body.nodes[1].kind else {
      Issue.record("the loop is gone")
      return
    }
    #expect(loop.body.nodes.map(\.path) == ["y"])
    #expect(loop.exports.count == 1)
    #expect(
      result.notes == [
        "a: removed, nothing reads it: one value fewer in each run",
        "for(1)/x: removed, nothing reads it: one value fewer for each item of for(1)",
      ])
  }

  @Test("In a loop that outlives failures, what may fail stays")
  func survivors() throws {
    var builder = PlanBuilder()
    let parameter = builder.read("p")
    builder.loop("for(1)", over: parameter, onError: .skip) { body in
      body.value("x", .int(1))
      body.value("y", .sum(.int(1), body.read("v")))
      body.call("z", effect: .pure)
      let element = body.read("v")
      body.loop("for(1)", over: element) { $0.value("u", .index(.list([]), .int(0))) }
    }
    let result = try removed(builder.plan(parameters: 1))
    #expect(result.notes == ["for(1)/x: removed, nothing reads it: one value fewer for each item of for(1)"])
  }
}
