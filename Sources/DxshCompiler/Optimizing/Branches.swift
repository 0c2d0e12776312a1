import DxshExpressions
import DxshPlan

/// In which branches the nodes of a scope stand once some conditions are decided, and which no run takes.
///
/// Nodes are taken in one by one, each after all that it depends on, so after its guard's condition.
struct Branches {
  /// So many branches around a node are looked at: those of a `match` may be thousands.
  private static let chainLimit = 8

  /// Whether no run reaches the node.
  private(set) var isDead: [Bool]
  /// The innermost branch around the node that is not decided.
  private(set) var guards: [PlanNode.Guard?]
  /// What conditions are that are decided.
  private var decisions: [Bool?]

  init(count: Int) {
    isDead = [Bool](repeating: false, count: count)
    guards = [PlanNode.Guard?](repeating: nil, count: count)
    decisions = [Bool?](repeating: nil, count: count)
  }

  /// Those of a scope as it is.
  init(_ nodes: [PlanNode]) {
    self.init(count: nodes.count)
    for number in nodes.indices { guards[number] = nodes[number].guardedBy }
  }

  /// - guardedBy: where the node of the number stands in the text
  mutating func add(_ guardedBy: PlanNode.Guard?, _ number: Int) {
    guard let guardedBy else { return }
    let condition = guardedBy.condition
    if isDead[condition] {
      isDead[number] = true
    } else if let value = decisions[condition] {
      if value == guardedBy.when { guards[number] = guards[condition] } else { isDead[number] = true }
    } else {
      guards[number] = guardedBy
    }
  }

  mutating func decide(_ condition: Int, is value: Bool) { decisions[condition] = value }

  /// The branches around a node, the innermost first; only the nearest of many.
  func around(_ node: Int) -> [PlanNode.Guard] {
    var chain: [PlanNode.Guard] = []
    var next = guards[node]
    while let guardedBy = next, chain.count < Self.chainLimit {
      chain.append(guardedBy)
      next = guards[guardedBy.condition]
    }
    return chain
  }

  /// Whether one node runs wherever the other does, as far as their branches say.
  func covers(_ node: Int, _ other: Int) -> Bool {
    guard let own = guards[node] else { return true }
    return own == guards[other] || around(other).contains(own)
  }
}

extension PlanNode.Kind {
  /// What a condition always is; nil when that depends on the run, or for other nodes.
  var decision: Bool? {
    guard case .condition(let expression) = self, case .constant(let constant) = expression else { return nil }
    return constant.value.isIdentical(to: .bool(true))
  }
}
