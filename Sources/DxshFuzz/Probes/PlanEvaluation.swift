import DxshExpressions
import DxshPlan

/// The values of a workflow as far as they need neither nodes of the library nor loops.
struct PlanEvaluation {
  /// Of each node that has one, by its path.
  private(set) var outcomes: [String: Outcome] = [:]

  private let frame: Frame
  /// The nodes that are settled.
  private var settled: Set<Int> = []

  init(_ plan: Plan) {
    frame = Frame(slots: plan.body.slots.count, parent: nil)
    for (slot, parameter) in plan.parameters.enumerated() {
      let given = Variables.value(named: parameter.name, of: parameter.type)
      let initial = parameter.defaultValue.map { Outcome($0, .dxsh, in: frame) }
      if case .value(let value)? = initial {
        frame.values[slot] = value
      } else if let given {
        frame.values[slot] = given
      } else {
        return
      }
    }
    guard plan.secrets.isEmpty else { return }
    while step(plan.body.nodes) {}
  }

  /// Whether a node was settled.
  private mutating func step(_ nodes: [PlanNode]) -> Bool {
    var moved = false
    for (number, node) in nodes.enumerated()
    where !settled.contains(number) && node.guardedBy == nil && node.dependencies.allSatisfy(settled.contains) {
      guard outcomes[node.path] == nil, settle(node) else { continue }
      settled.insert(number)
      moved = true
    }
    return moved
  }

  /// Whether what depends on the node can go on.
  private mutating func settle(_ node: PlanNode) -> Bool {
    switch node.kind {
    case .value(let slot, let expression):
      guard case .value(let value) = evaluate(expression, node) else { return false }
      frame.values[slot] = value
      return true
    case .condition(let expression), .output(let expression), .failure(_, let expression):
      _ = evaluate(expression, node)
      return true
    case .assertion(let condition, let message):
      _ = evaluate(message, node)
      _ = evaluate(condition, node)
      return true
    case .barrier: return true
    case .call, .loop, .iteration, .attempt, .invocation, .wait: return false
    }
  }

  private mutating func evaluate(_ expression: Expression, _ node: PlanNode) -> Outcome {
    let outcome = Outcome(expression, .dxsh, in: frame)
    outcomes[node.path] = outcome
    return outcome
  }
}
