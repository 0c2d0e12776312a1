import DxshPlan

/// How a run is carried out; none of it changes what the run computes.
package struct RunOptions: Sendable {
  /// How many calls may be in flight at once, if the plan allows as many; nil is what the plan says, else 16.
  package var maxParallel: Int?
  /// When the engine leaves a run that waits to the store.
  package var leaving: Leaving

  /// Of the process: what its runs together may use of the machine.
  package var resources: ResourceManager

  /// Which of the steps that are ready goes first.
  package var order: Order

  package enum Order: Sendable, Hashable {
    /// By `priority(n)` and by what the longest chain behind a step takes.
    case ranked
    /// The one that became ready first.
    case arrival
  }

  package enum Leaving: Sendable, Hashable {
    /// As soon as nothing but waits are under way: whoever looks after the store goes on with it when it is due.
    case whenWaiting
    /// The same, but for a time that is so near, beside what it takes to read the run again, that it is better kept;
    /// not once it is to make room for others.
    case whenWorthwhile
    /// When nothing can go on before somebody sends a signal: nobody can say how long that takes.
    case whenSignalled
    /// Never, while something can still come.
    case never
  }

  package init(
    maxParallel: Int? = nil, leaving: Leaving = .whenSignalled,
    resources: ResourceManager = ResourceManager(.unlimited), order: Order = .ranked
  ) {
    self.maxParallel = maxParallel
    self.leaving = leaving
    self.resources = resources
    self.order = order
  }

  func width(of plan: Plan) -> Int {
    guard let maxParallel else { return plan.concurrency ?? Interpreter.defaultWidth }
    return min(maxParallel, plan.concurrency ?? maxParallel)
  }
}

/// Hears of what happens in a run, at once and in order, on the engine's own loop: it must not take long.
package protocol RunObserver: Sendable {
  func stepStarted(_ id: StepID, path: @autoclosure () -> String, attempt: Int)
  /// An attempt of a step has ended.
  func stepEnded(_ id: StepID, path: @autoclosure () -> String, failure: NodeFailure?, next: StepNext)
}

/// What comes after an attempt of a step.
package enum StepNext: Sendable {
  /// The step is over.
  case nothing
  case attempt
  /// The step has failed, and gives what its `fallback` says.
  case fallback
}
