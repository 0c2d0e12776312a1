import DxshCompiler
import DxshExpressions
import DxshPlan
import Testing

@Suite("Plan metrics")
struct PlanMetricsTests {
  @Test("A plan without nodes")
  func empty() {
    let metrics = PlanMetrics(PlanBuilder().plan())
    #expect(metrics.levels.isEmpty && metrics.criticalPath.isEmpty && metrics.width == 0 && metrics.callCount == 0)
  }

  @Test("Only calls and loops take a level")
  func levels() {
    var builder = PlanBuilder()
    builder.value("start", .int(1))
    builder.call("a", after: ["start"])
    builder.value("x", .int(1), after: "a")
    builder.call("b", after: ["x"])
    builder.call("c", after: ["a"])
    builder.node("out", .output(.int(1)), after: "b")
    let metrics = PlanMetrics(builder.plan())
    #expect(metrics.levels == [[0, 1], [2, 3, 4], [5]])
    #expect(metrics.criticalPath == ["a", "b"])
    #expect(metrics.width == 2)
    #expect(metrics.callCount == 3)
  }

  @Test("A loop counts its body's chain once and its width as often as it may run at once")
  func loops() {
    var builder = PlanBuilder()
    builder.call("a")
    builder.loop("for(1)", over: .list([]), parallel: .int(4), after: ["a"]) { body in
      body.call("b")
      body.call("c")
      body.call("d", after: ["c"])
    }
    builder.loop("for(2)", over: .list([]), after: ["a"]) { $0.call("e") }
    let metrics = PlanMetrics(builder.plan())
    #expect(metrics.criticalPath == ["a", "for(1)/c", "for(1)/d"])
    #expect(metrics.width == 4 * 2 + PlanMetrics.defaultParallel)
    #expect(metrics.callCount == 5)
    #expect(metrics.inner[1]?.first?.levels == [[0, 1], [2]])
  }

  @Test("Widths beyond what a number holds stay at the largest")
  func clamped() {
    func nested(_ depth: Int) -> (inout PlanBuilder) -> Void {
      { body in
        if depth == 0 { return body.call("x") }
        body.loop("for(1)", over: .list([]), parallel: .int(.max), nested(depth - 1))
      }
    }
    var builder = PlanBuilder()
    nested(3)(&builder)
    #expect(PlanMetrics(builder.plan()).width == .max)
  }
}
