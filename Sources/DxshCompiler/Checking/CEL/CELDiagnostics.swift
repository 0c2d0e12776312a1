import DxshExpressions
import DxshSyntax

/// The wording of mistakes that only plain CEL has.
extension Diagnostic {
  static func notInCEL(at range: SourceRange) -> Diagnostic {
    Diagnostic(.badOperand, "this is no plain CEL", at: range, help: "`dxsh eval --dxsh` takes what files take")
  }

  static func notOptional(_ type: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badOperand, "an optional is expected, and this is \(type.celText)", at: range,
      help: "`optional.of(…)` makes an optional of a value")
  }

  static func noElement(_ key: Type, of container: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(.badOperand, "\(container.celText) has no element for \(key.celText)", at: range)
  }

  static func noOverload(of name: Name, _ arguments: [Type], isMember: Bool) -> Diagnostic {
    let given = (isMember ? Array(arguments.dropFirst()) : arguments).map(\.celText).joined(separator: ", ")
    let receiver = isMember ? arguments.first.map { " on \($0.celText)" } ?? "" : ""
    return Diagnostic(
      .badOperand, "`\(name.text)`\(receiver) does not take \(given.isEmpty ? "no arguments" : given)", at: name.range)
  }
}
