import DxshPlan

/// Plans: what holds of every one, and of every text that may be one.
enum PlanProbe {
  /// A compiled plan.
  static func run(_ plan: Plan) throws(Finding) {
    let bytes = plan.encoded()
    do throws(PlanError) {
      _ = try plan.validated()
      let copy = try Plan.decode(bytes)
      guard copy == plan, copy.encoded() == bytes else {
        throw PlanError("read back, the plan is another one: \(String(decoding: bytes, as: UTF8.self))")
      }
    } catch {
      throw Finding("a compiled plan is no plan: \(error)")
    }
  }

  /// Bytes that may be a plan. A valid one can be evaluated, whoever wrote it.
  static func run(bytes: [UInt8]) throws(Finding) {
    guard let plan = try? Plan.decode(bytes) else { return }
    let written = plan.encoded()
    guard let copy = try? Plan.decode(written), copy == plan, copy.encoded() == written else {
      throw Finding("a plan does not read back: \(String(decoding: written, as: UTF8.self))")
    }
    guard let valid = try? plan.validated() else { return }
    _ = PlanEvaluation(valid.plan)
  }
}
