import DxshExpressions
import DxshSyntax

/// `start_by(d)`: how long a step, or each of its polls, may wait for the beginning of its first attempt, from when
/// nothing but a place, the machine, or what runs share holds it up (rule 42).
extension PolicyChecker {
  func startBy(_ call: Call) -> Expression {
    span(call, "a step takes some time to begin, so its `start_by` is above 0s")
  }
}
