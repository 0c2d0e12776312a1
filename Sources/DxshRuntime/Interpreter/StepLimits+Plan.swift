import DxshExpressions
import DxshPlan

extension StepLimits {
  /// As a plan says them, in the frame of a step.
  /// - node: whose rate it is where none other is named
  convenience init(_ limits: PlanCall.Limits, of node: String, in frame: Frame) throws(EvaluationError) {
    func name(_ expression: Expression) throws(EvaluationError) -> String {
      guard case .string(let text) = try Evaluator.evaluate(expression, in: frame) else {
        preconditionFailure("the checker lets only texts through")
      }
      return text.string
    }
    var breaker: BreakerName?
    if let plan = limits.breaker {
      breaker = BreakerName(
        name: try name(plan.name),
        settings: Breaker.Settings(
          failures: plan.failures, window: plan.window, open: plan.open, probes: plan.probes))
    }
    var rate: Rate?
    if let plan = limits.rate {
      rate = Rate(
        key: try plan.key.map(name) ?? node,
        rate: GenericCellRate(count: plan.count, period: plan.period, burst: plan.burst))
    }
    var pool: Pool?
    if let plan = limits.pool { pool = Pool(name: try name(plan.name), capacity: plan.capacity) }
    self.init(breaker: breaker, pool: pool, rate: rate)
  }
}
