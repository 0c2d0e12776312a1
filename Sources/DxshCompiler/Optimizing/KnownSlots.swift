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
    let guardedBy: PlanNode.Guard?
  }

  private var values: [Place: Constant] = [:]
  /// The branches around the node that is being looked at.
  private var around: [PlanNode.Guard] = []

  /// From here on it is looked from a node in these branches.
  mutating func look(from node: Int, _ branches: Branches) {
    around = values.isEmpty ? [] : branches.around(node)
  }

  /// From here on it is looked from where all nodes have ended.
  mutating func lookFromEnd() { around = [] }

  mutating func add(_ value: Constant, _ slot: Int, guardedBy: PlanNode.Guard?) {
    values[Place(slot: slot, guardedBy: guardedBy)] = value
  }

  func value(of slot: Int) -> Constant? {
    if values.isEmpty { return nil }
    if let value = values[Place(slot: slot, guardedBy: nil)] { return value }
    for guardedBy in around {
      if let value = values[Place(slot: slot, guardedBy: guardedBy)] { return value }
    }
    return nil
  }
}
