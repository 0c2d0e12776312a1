/// What a wait is for.
extension PlanValidation {
  func check(_ wait: PlanWait, _ inputs: Inputs) throws(PlanError) {
    guard !wait.alternatives.isEmpty else { throw PlanError("a wait is for something", path: "/for") }
    guard wait.alternatives.count == 1 || wait.alternatives.allSatisfy({ $0.name != nil }) else {
      throw PlanError("of several alternatives each has a name", path: "/for")
    }
    let names = wait.alternatives.compactMap(\.name) + ["chosen"]
    guard Set(names).count == names.count else { throw PlanError("two fields have one name", path: "/for") }
    for (index, alternative) in wait.alternatives.enumerated() {
      do throws(PlanError) {
        switch alternative.source {
        case .delay(let span): try check(span, "/delay")
        case .until(let time): try check(time, "/until")
        case .signal(let name, let key, _):
          try check(name, "/signal")
          if let key { try check(key, "/key") }
        }
      } catch {
        throw error.within("/for/\(index)")
      }
    }
    if let timeout = wait.timeout { try check(timeout, "/timeout") }
    if let slot = wait.slot { try checkTarget(slot, inputs, "/slot") }
  }
}
