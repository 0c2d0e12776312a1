import DxshCompiler
import DxshExpressions
import DxshSyntax

/// Expressions of plain CEL: what holds of every text.
struct CELProbe {
  let isChecked: Bool
  /// Whether the text is known to be without mistakes, and never to give a function a value that it does not take.
  var isWellTyped = false

  func run(_ text: [UInt8]) throws(Finding) {
    let file = SourceFile(id: FileID(0), name: "fuzz", bytes: text)
    let compiled = compileCEL(file, Variables.environment(isChecked: isChecked))
    try DiagnosticProbe.run(compiled.diagnostics, [file])
    if let mistake = compiled.diagnostics.first {
      if isWellTyped { throw Finding("a well-typed expression has a mistake: \(mistake.message)") }
      return
    }
    let outcome = try evaluate(compiled.expression)
    if isChecked {
      try compare(outcome, file)
      try admit(outcome, compiled.type)
    }
    guard case .value(let value) = outcome, value.isSmall else { return }
    _ = try? JSONWriter.write(value, indented: true)
  }

  /// Evaluating is deterministic.
  private func evaluate(_ expression: Expression) throws(Finding) -> Outcome {
    let first = Outcome(expression, .cel, in: Variables.frame())
    let second = Outcome(expression, .cel, in: Variables.frame())
    guard first.isSame(as: second) else {
      throw Finding("evaluated twice: \(first.description), and then \(second.description)")
    }
    return first
  }

  /// Whether overloads are chosen by the checker or when they are called makes no difference.
  private func compare(_ checked: Outcome, _ file: SourceFile) throws(Finding) {
    let compiled = compileCEL(file, Variables.environment(isChecked: false))
    if let mistake = compiled.diagnostics.first { throw Finding("a mistake only unchecked: \(mistake.message)") }
    let unchecked = try evaluate(compiled.expression)
    if checked.isLimit || unchecked.isLimit { return }
    switch (checked, unchecked) {
    case (.failure, .failure): break
    default:
      guard checked.isSame(as: unchecked) else {
        throw Finding("checked: \(checked.description), unchecked: \(unchecked.description)")
      }
    }
  }

  /// A value is one of its static type.
  private func admit(_ outcome: Outcome, _ type: Type) throws(Finding) {
    switch outcome {
    case .value(let value):
      guard !value.isSmall || type.holds(value) else {
        throw Finding("a value of the type \(type.celText) is \(outcome.description)")
      }
    case .failure(let failure):
      if isWellTyped, failure.message.contains("does not take") {
        throw Finding("a well-typed expression calls a function with what it does not take: \(failure.message)")
      }
    }
  }
}

extension Type {
  /// Whether the value is one of the type of plain CEL, its parts included. Null stands for any abstract type,
  /// timestamp, duration and optional (cel-go, `checker/types.go`).
  func holds(_ value: Value) -> Bool {
    switch (self, value) {
    case (.timestamp, .null), (.duration, .null), (.optional, .null), (.abstract, .null): true
    case (.list(let element), .list(let elements)): elements.allSatisfy { element.holds($0) }
    case (.map(let key, let content), .map(let map)):
      map.entries.allSatisfy { key.holds($0.key) && content.holds($0.value) }
    case (.optional(let wrapped), .boxed(let box)):
      if case .optional(let content) = box.content { wrapped.holds(content) } else { false }
    default: admits(value)
    }
  }
}
