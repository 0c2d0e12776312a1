import DxshPlan

/// How a run is carried out; none of it changes what the run computes.
package struct RunOptions: Sendable {
  /// How many calls may be in flight at once, if the plan allows as many; nil is what the plan says, else 16.
  package var maxParallel: Int?

  package init(maxParallel: Int? = nil) {
    self.maxParallel = maxParallel
  }

  func width(of plan: Plan) -> Int {
    guard let maxParallel else { return plan.concurrency ?? Interpreter.defaultWidth }
    return min(maxParallel, plan.concurrency ?? maxParallel)
  }
}

/// Hears of what happens in a run, at once and in order, on the engine's own loop: it must not take long.
package protocol RunObserver: Sendable {
  func stepStarted(_ id: StepID, path: @autoclosure () -> String, attempt: Int)
  func stepEnded(_ id: StepID, path: @autoclosure () -> String, failure: NodeFailure?, willRetry: Bool)
}
