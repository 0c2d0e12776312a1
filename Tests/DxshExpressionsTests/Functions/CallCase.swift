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

  func check(sourceLocation: SourceLocation = #_sourceLocation) {
    guard let function = FunctionLibrary.function(withID: id) else {
      Issue.record("there is no overload \(id)", sourceLocation: sourceLocation)
      return
    }
    let found = try? function.apply(arguments)
    switch (found, result) {
    case (nil, nil): break
    case (let found?, let result?):
      #expect(found.isIdentical(to: result), "\(testDescription) is \(found)", sourceLocation: sourceLocation)
    case (let found?, nil): Issue.record("\(testDescription) is \(found)", sourceLocation: sourceLocation)
    case (nil, _): Issue.record("\(testDescription) fails", sourceLocation: sourceLocation)
    }
  }
}

extension Value {
  /// An optional of plain CEL that has a value.
  static func present(_ value: Value) -> Value { .box(.optional(value)) }

  static func ints(_ numbers: Int64...) -> Value { .list(numbers.map(Value.int)) }

  static func texts(_ texts: String...) -> Value { .list(texts.map(Value.text)) }
}
