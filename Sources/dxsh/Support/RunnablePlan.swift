import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshRuntime

/// A plan with all that this process must have to run it; a run that lacks some of it is neither begun nor gone on
/// with.
struct RunnablePlan {
  let plan: Plan
  let bound: BoundPlan
  let secrets: [Value]

  /// Throws a sentence that names what is missing.
  init(_ plan: Plan) throws(CallFailure) {
    self.plan = plan
    let validated: ValidatedPlan
    do {
      validated = try optimize(plan).plan.validated()
    } catch {
      throw CallFailure("the plan of \(plan.workflow) is not valid: \(error.message) (\(error.path))", code: 1)
    }
    do {
      bound = try BoundPlan(validated, registry: Composition.nodes)
    } catch {
      throw CallFailure("\(plan.workflow) cannot run: the step \(error.path): \(error.message)", code: 1)
    }
    secrets = try Secrets.values(for: plan)
  }
}
