import DxshExpressions
import DxshPlan

/// What is known of the slots of a scope before the run, while its nodes are walked through, each after those that it
/// waits for.
///
/// Relies on a node that reads a slot waiting for what fills it, and on a slot with several fillers having them in
/// branches that exclude each other, so that in a branch the filler that runs there is the one.
struct KnownSlots {
  private struct Place: Hashable {
    let slot: Int
    let guardedBy: PlanNode.Guard
  }

  /// What slots are in every branch, by their numbers, up to the last one of which that is known.
  private var values: [Constant?] = []
  private var valuesInBranches: [Place: Constant] = [:]
  /// The branches around the node that is being looked at.
  private var around: [PlanNode.Guard] = []

  /// From here on it is looked from a node in these branches.
  mutating func look(from node: Int, _ branches: Branches) {
    around = valuesInBranches.isEmpty ? [] : branches.around(node)
  }

  /// From here on it is looked from where all nodes have ended.
  mutating func lookFromEnd() { around = [] }

  mutating func add(_ value: Constant, _ slot: Int, guardedBy: PlanNode.Guard?) {
    if let guardedBy {
      valuesInBranches[Place(slot: slot, guardedBy: guardedBy)] = value
    } else {
      if slot >= values.count { values += repeatElement(nil, count: slot + 1 - values.count) }
      values[slot] = value
    }
  }

  func value(of slot: Int) -> Constant? {
    if slot < values.count, let value = values[slot] { return value }
    for guardedBy in around {
      if let value = valuesInBranches[Place(slot: slot, guardedBy: guardedBy)] { return value }
    }
    return nil
  }
}
