import DxshExpressions
import Testing

/// One line of a table: a call of an overload, and what it gives.
struct CallCase: Sendable, CustomTestStringConvertible {
  let id: String
  let arguments: [Value]
  /// Nil when the call fails.
  let result: Value?

  init(_ id: String, _ arguments: Value..., gives result: Value) {
    self.id = id
    self.arguments = arguments
    self.result = result
  }

  init(failing id: String, _ arguments: Value...) {
    self.id = id
    self.arguments = arguments
    self.result = nil
  }

  var testDescription: String { "\(id)(\(arguments.map(\.summary).joined(separator: ", ")))" }

  /// The same with what can be prepared when all arguments are constants, and when none is.
  func check(sourceLocation: SourceLocation = #_sourceLocation) {
    guard let function = FunctionLibrary.function(withID: id) else {
      Issue.record("there is no overload \(id)", sourceLocation: sourceLocation)
      return
    }
    check(try? function.apply(arguments), "", sourceLocation)
    guard let prepare = function.prepare else { return }
    check(try? apply(function, prepare(arguments)), " prepared", sourceLocation)
    check(try? apply(function, prepare(arguments.map { _ in nil })), " prepared without constants", sourceLocation)
  }

  private func apply(_ function: Function, _ body: Function.Body?) throws -> Value {
    try Function(id, body ?? function.body).apply(arguments)
  }

  private func check(_ found: Value?, _ how: String, _ sourceLocation: SourceLocation) {
    switch (found, result) {
    case (nil, nil): break
    case (let found?, let result?):
      #expect(found.isIdentical(to: result), "\(testDescription)\(how) is \(found)", sourceLocation: sourceLocation)
    case (let found?, nil): Issue.record("\(testDescription)\(how) is \(found)", sourceLocation: sourceLocation)
    case (nil, _): Issue.record("\(testDescription)\(how) fails", sourceLocation: sourceLocation)
    }
  }
}

extension Value {
  /// An optional of plain CEL that has a value.
  static func present(_ value: Value) -> Value { .box(.optional(value)) }

  static func ints(_ numbers: Int64...) -> Value { .list(numbers.map(Value.int)) }

  static func texts(_ texts: String...) -> Value { .list(texts.map(Value.text)) }
}
