import DxshExpressions
import DxshPlan

extension PlanNode.Kind {
  /// The slot of what may be computed once for several: a pure step without policies that make its calls differ, or a
  /// value; nil for everything else.
  ///
  /// Only `pure` steps are shared, never what reads (rule 41).
  var sharedSlot: Int? {
    switch self {
    case .value(let slot, _): slot
    case .call(let call): call.isShareable ? call.slot : nil
    case .condition, .assertion, .failure, .loop, .iteration, .attempt, .invocation, .wait, .output, .barrier: nil
    }
  }

  /// Whether it may be computed once for several, and that is worth it.
  var isWorthSharing: Bool {
    switch self {
    case .value(_, let expression): expression.isHeavy
    case .call(let call): call.isShareable
    case .condition, .assertion, .failure, .loop, .iteration, .attempt, .invocation, .wait, .output, .barrier: false
    }
  }

  /// Whether every slot that it reads satisfies a test.
  func readsOnly(_ test: (_ depth: Int, _ slot: Int) -> Bool) -> Bool {
    var holds = true
    forEachExpression { expression in
      if holds { expression.forEachBinding { depth, slot in holds = holds && test(depth, slot) } }
    }
    return holds
  }

  func replacingBindings(_ change: @escaping (_ depth: Int, _ slot: Int) -> Expression?) -> PlanNode.Kind {
    replacingExpressions { $0.replacingBindings(change) } ?? self
  }

  /// The same with another slot.
  func filling(_ slot: Int?) -> PlanNode.Kind {
    switch self {
    case .value(_, let expression): return .value(slot: slot ?? -1, expression)
    case .call(var call):
      call.slot = slot
      return .call(call)
    case .condition, .assertion, .failure, .loop, .iteration, .attempt, .invocation, .wait, .output, .barrier:
      return self
    }
  }
}

extension PlanCall {
  /// What is repeated until its result suffices, is undone, or has a failure looked at or replaced is another thing
  /// each time; in what other runs have a part too, every call is meant.
  var isShareable: Bool {
    effect == .pure && compensation == nil && onInterrupt == nil && poll == nil && fallback == nil
      && cache == nil && limits == nil && needs == nil && retry?.unless == nil
  }
}
