package import DxshPlan

/// The passes in the order in which they run: what one leaves behind, a later one clears away.
package let planPasses: [any PlanPass] = passes(of: Plan.currentPasses)

/// Those of a generation (`Plan.passes`). One that puts other steps into a journal, as these of the second do, begins a
/// new generation, so that open runs go on by the passes that they were begun with.
private func passes(of generation: Int) -> [any PlanPass] {
  let first: [any PlanPass] = [FoldConstants(), DropBranches(), RemoveUnusedPureSteps()]
  return first + (generation < 2 ? [] : [HoistInvariants(), MergePureSteps()]) + [ReduceEdges()]
}

/// The plan that is run in a plan's stead. The plan must be valid.
package func optimize(_ plan: Plan) -> OptimizedPlan {
  var optimized = OptimizedPlan(plan: plan, reports: [])
  for pass in passes(of: plan.passes) {
    var result = pass.run(optimized.plan)
    for (index, callee) in optimized.plan.callees.enumerated() {
      let own = pass.run(callee: callee.plan)
      result.plan.callees[index].body = own.plan.body
      result.plan.callees[index].finally = own.plan.finally
      result.notes += own.notes.map { "\(callee.workflow): \($0)" }
    }
    optimized.plan = result.plan
    optimized.reports.append(PassReport(name: pass.name, summary: pass.summary, notes: result.notes))
  }
  return optimized
}

extension PlanCallee {
  /// Its body as a plan of its own, as far as passes look at it: they neither drop nor renumber slots.
  fileprivate var plan: Plan {
    Plan(workflow: workflow, parameters: [], result: nil, body: body, finally: finally)
  }
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
