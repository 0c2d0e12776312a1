package import DxshPlan

/// One optimisation: a plan to a plan that does the same.
///
/// A pass gets a valid plan and gives a valid one with the same outputs and effects, works inside the bodies of loops
/// too, and is idempotent: run on its own result it changes nothing.
package protocol PlanPass: Sendable {
  /// Imperative, for people: "fold constants".
  var name: String { get }
  /// One sentence that says what it does and why, without a full stop.
  var summary: String { get }

  func run(_ plan: Plan) -> PassResult
  /// The same for a workflow that steps of others call, and may outlive.
  func run(callee plan: Plan) -> PassResult
}

extension PlanPass {
  package func run(callee plan: Plan) -> PassResult { run(plan) }
}

/// What a pass made of a plan.
package struct PassResult: Sendable {
  package var plan: Plan
  /// One line for each thing that it did, in the order of the plan; none when the plan is as it was.
  package var notes: [String]

  package init(_ plan: Plan, notes: [String] = []) {
    self.plan = plan
    self.notes = notes
  }
}
