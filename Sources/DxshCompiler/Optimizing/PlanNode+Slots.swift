import DxshExpressions
import DxshPlan

extension PlanNode.Kind {
  /// Visits the slots of its own scope that the node fills, those that it fills for a moment included.
  func forEachFilledSlot(_ visit: (Int) -> Void) {
    switch self {
    case .value(let slot, _): visit(slot)
    case .call(let call):
      if let slot = call.slot { visit(slot) }
      if let poll = call.poll { visit(poll.slot) }
      if let unless = call.retry?.unless { visit(unless.slot) }
      if let fallback = call.fallback { visit(fallback.slot) }
    case .loop(let loop): loop.filledSlots.forEach(visit)
    case .iteration(let iteration):
      if let slot = iteration.slot { visit(slot) }
      for export in iteration.exports { visit(export.outer) }
    case .attempt(let attempt): for export in attempt.exports { visit(export.outer) }
    case .invocation(let invocation):
      if let slot = invocation.slot { visit(slot) }
      if let unless = invocation.retry?.unless { visit(unless.slot) }
      if let fallback = invocation.fallback { visit(fallback.slot) }
    case .wait(let wait): if let slot = wait.slot { visit(slot) }
    case .condition, .assertion, .failure, .output, .barrier: break
    }
  }

  /// The slot that it fills, of what fills no other: of most nodes there are.
  var onlySlot: Int? {
    switch self {
    case .value(let slot, _): slot
    case .call(let call): call.policies == nil ? call.slot : nil
    case .condition, .assertion, .failure, .loop, .iteration, .attempt, .invocation, .wait, .output, .barrier: nil
    }
  }

  var isCall: Bool {
    if case .call = self { true } else { false }
  }

  var isBarrier: Bool {
    if case .barrier = self { true } else { false }
  }
}

extension PlanScope {
  /// For each slot, how many nodes fill it.
  var fillerCounts: [Int] {
    var counts = [Int](repeating: 0, count: slots.count)
    // By number: nodes would be copied, and what they hold with them.
    for number in nodes.indices {
      if let slot = nodes[number].kind.onlySlot {
        counts[slot] += 1
      } else {
        nodes[number].kind.forEachFilledSlot { counts[$0] += 1 }
      }
    }
    return counts
  }
}

extension PlanLoop {
  /// The slots of the scope around that it fills.
  var filledSlots: [Int] { exports.map(\.outer) + (collectSlot.map { [$0] } ?? []) }

  /// Whether it certainly has no instance, and nothing of it can fail.
  var goesOverNothing: Bool {
    guard case .constant(let constant) = sequence, hasWidth, first == nil else { return false }
    return switch constant.value {
    case .list(let elements): elements.isEmpty
    case .map(let map): map.entries.isEmpty
    default: false
    }
  }

  /// Whether it certainly has an instance, and none of what comes before that can fail.
  var goesOverSomething: Bool {
    guard case .constant(let constant) = sequence, hasWidth else { return false }
    return switch constant.value {
    case .list(let elements): !elements.isEmpty
    case .map(let map): !map.entries.isEmpty
    default: false
    }
  }

  /// Whether what it says of its width cannot fail.
  var hasWidth: Bool {
    guard let parallel else { return true }
    guard case .constant(let constant) = parallel, case .int(let count) = constant.value else { return false }
    return count >= 1
  }
}
