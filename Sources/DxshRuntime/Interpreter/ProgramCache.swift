import DxshExpressions

/// The programs of expressions that are evaluated many times, which are those in the bodies of loops.
struct ProgramCache {
  private struct Place: Hashable {
    /// Among all nodes of the plan.
    let node: Int
    /// Among the expressions of the node.
    let part: Int
  }

  private var programs: [Place: Program] = [:]

  /// The value of an expression that always stands at the same place.
  mutating func evaluate(
    _ expression: Expression, node: Int, _ part: Int, in frame: Frame
  ) throws(EvaluationError) -> Value {
    switch expression {
    case .constant(let constant): return constant.value
    case .binding(0, let slot): return frame.values[slot]
    default: break
    }
    let place = Place(node: node, part: part)
    if let program = programs[place] { return try program.evaluate(in: frame) }
    let program = Program(expression)
    programs[place] = program
    return try program.evaluate(in: frame)
  }
}
