import DxshExpressions
import Testing

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

/// One call of an overload and what it gives: the value, or a part of the error's message.
struct FunctionCase: Sendable, CustomTestStringConvertible {
  let id: String
  let arguments: [Value]
  let expected: Result<Value, EvaluationError>

  init(_ id: String, _ arguments: Value..., gives expected: Value) {
    self.id = id
    self.arguments = arguments
    self.expected = .success(expected)
  }

  init(_ id: String, _ arguments: Value..., fails message: String, _ kind: EvaluationError.Kind = .decode) {
    self.id = id
    self.arguments = arguments
    self.expected = .failure(EvaluationError(kind, message))
  }

  var testDescription: String { "\(id)(\(arguments.map(\.summary).joined(separator: ", ")))" }

  /// Calls the function as it is, and as it is prepared when all arguments are constants.
  func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let function = try #require(FunctionLibrary.function(withID: id), sourceLocation: sourceLocation)
    check(sourceLocation) { () throws(EvaluationError) in try function.apply(arguments) }
    guard let prepare = function.prepare else { return }
    check(sourceLocation) { () throws(EvaluationError) in
      guard let body = try prepare(arguments) else { return try function.apply(arguments) }
      return try Function(id, body).apply(arguments)
    }
  }

  private func check(_ location: SourceLocation, _ call: () throws(EvaluationError) -> Value) {
    do throws(EvaluationError) {
      let value = try call()
      switch expected {
      case .success(let wanted):
        #expect(value.isIdentical(to: wanted), "\(testDescription): \(value)", sourceLocation: location)
      case .failure: Issue.record("\(testDescription) gave \(value)", sourceLocation: location)
      }
    } catch {
      switch expected {
      case .success: Issue.record("\(testDescription): \(error.message)", sourceLocation: location)
      case .failure(let wanted):
        #expect(error.kind == wanted.kind, sourceLocation: location)
        #expect(error.message.contains(wanted.message), "\(error.message)", sourceLocation: location)
      }
    }
  }
}
