package import DxshPlan

/// The passes in the order in which they run: what one leaves behind, a later one clears away.
package let planPasses: [any PlanPass] = [
  FoldConstants(),
  RemoveUnusedPureSteps(),
  ReduceEdges(),
]

/// The plan that is run in a plan's stead. The plan must be valid.
package func optimize(_ plan: Plan) -> OptimizedPlan {
  var optimized = OptimizedPlan(plan: plan, reports: [])
  for pass in planPasses {
    let result = pass.run(optimized.plan)
    optimized.plan = result.plan
    optimized.reports.append(PassReport(name: pass.name, summary: pass.summary, notes: result.notes))
  }
  return optimized
}

/// A plan after all passes, and what they did, for `dxsh plan --explain`.
package struct OptimizedPlan: Sendable {
  package var plan: Plan
  /// One for each pass, in order.
  package var reports: [PassReport]
}

/// What one pass did.
package struct PassReport: Sendable, Hashable {
  package var name: String
  package var summary: String
  package var notes: [String]
}
