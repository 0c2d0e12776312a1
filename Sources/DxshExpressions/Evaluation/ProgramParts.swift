/// What a program is made of: its code, and the tables that the code has the indexes of.
struct ProgramParts: Sendable {
  /// Where failures of a part of the code go.
  struct Region {
    /// The instructions `start ..< end`.
    var start: Int
    var end: Int
    /// The instruction that goes on.
    var handler: Int
    /// The place that keeps the failure; -1 for none.
    var place: Int
  }

  /// The overloads that a call chooses from when it is made.
  struct Dispatch {
    var name: String
    var overloads: [Overload]

    /// The operation that does it for ints and doubles, if the overloads are those of an operator on two of them.
    var fast: Operation? {
      guard overloads.allSatisfy({ if case .binary = $0.function.body { true } else { false } }) else { return nil }
      switch name {
      case "_+_": return .addInts
      case "_-_": return .subtractInts
      case "_*_": return .multiplyInts
      case "_<_": return .less
      case "_<=_": return .lessOrEqual
      case "_>_": return .greater
      case "_>=_": return .greaterOrEqual
      default: return nil
      }
    }

    /// The call of the overload that takes the arguments' kinds.
    func chosen(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
      for overload in overloads where overload.parameters[0].admits(left) && overload.parameters[1].admits(right) {
        if case .binary(let call) = overload.function.body { return try call(left, right) }
      }
      throw EvaluationError.noOverload(name, left, right)
    }
  }

  /// The name of a field, as text and as a key.
  struct FieldName {
    var name: String
    var key: Text
  }

  var dialect: Overload.Dialects
  var code: [Instruction] = []
  var constants: [Value] = []
  var nullary: [@Sendable () throws(EvaluationError) -> Value] = []
  var unary: [@Sendable (Value) throws(EvaluationError) -> Value] = []
  var binary: [@Sendable (Value, Value) throws(EvaluationError) -> Value] = []
  var ternary: [@Sendable (Value, Value, Value) throws(EvaluationError) -> Value] = []
  var metered: [(count: Int, call: @Sendable ([Value], inout Meter) throws(EvaluationError) -> Value)] = []
  var dispatches: [Dispatch] = []
  var names: [FieldName] = []
  var shapes: [RecordShape] = []
  var decoders: [TypeDecoder] = []
  var failures: [EvaluationError] = []
  /// The inner before the outer.
  var regions: [Region] = []
  var places = 0
  var registers = 0

  init(dialect: Overload.Dialects) {
    self.dialect = dialect
  }
}
