/// A checked expression, compiled once and evaluated many times: operations on numbered registers, in a flat list.
///
/// Evaluating allocates nothing but the texts, lists, maps and records that the expression makes.
package final class Program: Sendable {
  /// What one evaluation may cost unless something else is said.
  package static let defaultBudget = 10_000_000

  let parts: ProgramParts

  /// Compiles an expression of `.dxsh` files or, with `.cel`, of plain CEL.
  package init(_ expression: Expression, dialect: Overload.Dialects = .dxsh) {
    var builder = ProgramBuilder(dialect)
    builder.build(expression)
    self.parts = builder.program
  }

  /// The value where the frame and its parents hold the expression's bindings. `budget` limits the work (see `Meter`).
  package func evaluate(in frame: Frame, budget: Int = defaultBudget) throws(EvaluationError) -> Value {
    var meter = Meter(budget)
    return try evaluate(in: frame, &meter)
  }

  /// The value, with what is left of the meter.
  package func evaluate(in frame: Frame, _ meter: inout Meter) throws(EvaluationError) -> Value {
    let (code, constants) = (parts.code, parts.constants)
    if code.count == 2 {
      switch code[0].operation {
      case .move: return constants[Int(~code[0].a)]
      case .load where code[0].a == 0: return frame.values[Int(code[0].b)]
      default: break
      }
    }
    return try withUnsafeTemporaryAllocation(of: Value.self, capacity: parts.registers) {
      room throws(EvaluationError) in
      room.initialize(repeating: .none)
      defer { room.deinitialize() }
      return try code.withUnsafeBufferPointer { code throws(EvaluationError) in
        try constants.withUnsafeBufferPointer { constants throws(EvaluationError) in
          var machine = Machine(self, code, constants, room, frame, meter)
          defer { meter = machine.meter }
          return try machine.run()
        }
      }
    }
  }
}

/// Gives checked expressions their values: pure, deterministic, bounded.
package enum Evaluator {
  /// The value of an expression of a `.dxsh` file that is evaluated once; for any other make a `Program`.
  package static func evaluate(_ expression: Expression, in frame: Frame) throws(EvaluationError) -> Value {
    switch expression {
    case .constant(let constant): constant.value
    case .binding(0, let slot): frame.values[slot]
    default: try Program(expression).evaluate(in: frame)
    }
  }

  /// What an evaluation before the run may cost: a file may have thousands of them.
  package static let earlyBudget = 100_000

  /// The value of an expression that depends on nothing, before the run. Fails with `limit` where that costs too much.
  package static func evaluateEarly(_ expression: Expression) throws(EvaluationError) -> Value {
    if case .constant(let constant) = expression { return constant.value }
    return try Program(expression).evaluate(in: .empty, budget: earlyBudget)
  }
}
