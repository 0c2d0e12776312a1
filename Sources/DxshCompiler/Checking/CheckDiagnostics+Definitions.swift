import DxshExpressions
import DxshSyntax

/// The wording of what is wrong with constants, functions and `match`.
extension Diagnostic {
  static func failingConstant(_ why: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .partialOperation, "this constant has no value: \(why)", at: range,
      help: "a constant is computed when the file is checked")
  }

  static func failingOperation(_ why: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .partialOperation, "this always fails: \(why)", at: range,
      help: "what is made of constants alone is computed when the file is checked")
  }

  static func reservedFunction(_ name: Name) -> Diagnostic {
    Diagnostic(
      .duplicateName, "`\(name.text)` is a name of the language", at: name.range,
      help: "choose another name for the function, without a dot")
  }

  static func missingBody(_ name: Name) -> Diagnostic {
    Diagnostic(
      .missingArgument, "the function `\(name.text)` has no body", at: name.range,
      help: "write `= ` and an expression after its result type")
  }

  static func functionTooLarge(_ name: Name) -> Diagnostic {
    Diagnostic(
      .nestingLimit,
      "the function `\(name.text)`, with those that it calls, is larger than an expression may be", at: name.range,
      help: "at most \(DefinitionChecker.sizeLimit) parts, \(DefinitionChecker.depthLimit) deep: call fewer functions")
  }

  static func circularDefinition(_ name: Name) -> Diagnostic {
    Diagnostic(
      .recursion, "`\(name.text)` is defined by itself", at: name.range,
      help: "functions and constants cannot be recursive; `fold` goes over a list")
  }

  static func notExhaustive(_ missing: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .inexhaustiveMatch, "this `match` has no arm for \(missing.map { "`\($0)`" }.joined(separator: ", "))", at: range,
      help: "add an arm for each, or `_ => …` for all others")
  }

  static func unreachableArm(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unreachableArm, "nothing is left for this pattern: the arms above it take everything that it takes", at: range,
      help: "remove it, or move it up")
  }

  static func badPattern(_ what: String, for type: Type, at range: SourceRange, help: String) -> Diagnostic {
    Diagnostic(.typeMismatch, "\(what) is no pattern for \(type)", at: range, help: help)
  }

  static func cannotMatch(_ type: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badOperand, "`match` takes enums, bools, numbers, texts, times, sizes and optionals, not \(type)", at: range)
  }
}
