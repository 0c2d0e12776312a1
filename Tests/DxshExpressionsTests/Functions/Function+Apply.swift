import DxshExpressions

extension Function {
  /// What a call gives.
  func apply(_ arguments: [Value], budget: Int = 10_000_000) throws(EvaluationError) -> Value {
    var meter = Meter(budget)
    return try apply(arguments, &meter)
  }

  func apply(_ arguments: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
    switch body {
    case .nullary(let apply): try apply()
    case .unary(let apply): try apply(arguments[0])
    case .binary(let apply): try apply(arguments[0], arguments[1])
    case .ternary(let apply): try apply(arguments[0], arguments[1], arguments[2])
    case .metered(_, let apply): try apply(arguments, &meter)
    }
  }
}
