import DxshExpressions
import DxshSyntax

/// The wording of what is wrong with types and values.
extension Diagnostic {
  static func typeMismatch(found: Type, expected: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .typeMismatch, "this is \(found), and \(expected) is expected", at: range,
      help: conversion(from: found, to: expected))
  }

  private static func conversion(from found: Type, to expected: Type) -> String? {
    switch (found, expected.unwrapped) {
    case (_, .string) where found.rendersAsText: "write `string(…)` or `\"${…}\"`"
    case (.int, .double), (.uint, .double): "write `double(…)`"
    case (.string, .int): "write `try(int(…))`, which is none for other text"
    case (.string, .double): "write `try(double(…))`, which is none for other text"
    case (.double, .int): "write `try(int(…))`, which rounds towards zero"
    case (.int, .duration): "give it a unit, as in `30s`"
    case (.int, .size): "give it a unit, as in `64KiB`"
    case (let type, .list(let element)) where type.isAssignable(to: element): "write `[…]` for a list of one"
    default: nil
    }
  }

  static func recordMismatch(
    _ own: RecordType, _ wanted: RecordType, _ found: Type, _ expected: Type, at range: SourceRange
  ) -> Diagnostic {
    for field in wanted.fields {
      guard let type = own[field.name] else {
        if field.type.isOptional { continue }
        return Diagnostic(
          .recordShape, "this record has no field `\(field.name)`, and \(field.type) is expected there", at: range,
          help: "it is \(found)")
      }
      if !type.isAssignable(to: field.type) {
        return Diagnostic(
          .recordShape, "the field `\(field.name)` is \(type), and \(field.type) is expected", at: range,
          help: "the record is \(found)")
      }
    }
    return typeMismatch(found: found, expected: expected, at: range)
  }

  /// `path` is the text of the optional when a check can narrow it; `field` the one that was to be read.
  static func optionalNotNarrowed(
    _ type: Type, path: String?, field: Name? = nil, at range: SourceRange
  ) -> Diagnostic {
    let remedies = [
      field.map { "write `.?\($0.text)`" }, "give a default: `.orValue(…)`",
      path.map { "check `\($0).hasValue()` before" },
    ].compactMap { $0 }
    let what = path.map { "`\($0)`" } ?? "this"
    return Diagnostic(
      .optionalNotNarrowed, "\(what) may be none: it is \(type)", at: range,
      help: remedies.joined(separator: ", or "),
      fix: field.map {
        Fix("write `.?`", [Edit(SourceRange(file: range.file, start: range.end, end: $0.range.start), ".?")])
      })
  }

  static func undecodedJSON(_ what: String, fix: Fix?, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .undecodedJSON, "\(what)", at: range,
      help: "decode it first (`as T` where it arrives), or write `.?field`, `[?i]`", fix: fix)
  }

  static func noFields(_ type: Type, _ field: Name, candidates: [String]) -> Diagnostic {
    let isMethod = candidates.contains(field.text)
    return Diagnostic(
      .unknownField, "\(type) has no fields, so no `\(field.text)`", at: field.range,
      help: isMethod ? "it is a method: write `\(field.text)()`" : nil,
      fix: isMethod ? Fix("write `\(field.text)()`", [Edit(field.range.atEnd, "()")]) : nil)
  }

  static func mapHasNoFields(_ field: Name, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unknownField, "a map has keys, not fields", at: range, help: "write `[?\"\(field.text)\"]` or `.?\(field.text)`")
  }

  static func missingFields(_ fields: [RecordType.Field], at range: SourceRange) -> Diagnostic {
    let names = fields.map { "`\($0.name)`" }.joined(separator: ", ")
    return Diagnostic(
      .recordShape, "the record lacks \(names)", at: range,
      help: "add " + fields.map { "`\($0.name): …` (\($0.type))" }.joined(separator: ", "))
  }

  static func castOfTyped(_ result: Type, _ expected: Type, node: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .typeMismatch, "`\(node)` gives \(result), which is not \(expected)", at: range,
      help: result.hasParameters
        ? "`as` fixes the type parameters of the result; it must have that form" : "remove `as`, or write its type")
  }

  static func badOperand(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.badOperand, message, at: range)
  }

  static func badOperator(_ name: String, _ operands: [Type], at range: SourceRange) -> Diagnostic {
    let symbol = FunctionLibrary.writtenName(of: name)
    let what = operands.map(\.description).joined(separator: " and ")
    let optional = operands.first { $0.isOptional }
    let help: String? =
      optional != nil
      ? "\(optional.map(\.description) ?? "") may be none: give a default with `.orValue(…)`, or check before"
      : operands.contains(.string) && symbol == "+" ? "write `\"${…}\"` to put values into text" : mixture(operands)
    return Diagnostic(
      optional == nil ? .badOperand : .optionalNotNarrowed, "`\(symbol)` does not take \(what)", at: range, help: help)
  }

  private static func mixture(_ operands: [Type]) -> String? {
    let numbers: [Type] = [.int, .uint, .double]
    guard operands.count == 2, operands.allSatisfy(numbers.contains) else { return nil }
    return "convert one side: `double(…)`"
  }

  static func noOverload(_ name: Name, _ overloads: [Overload], _ arguments: [Type]) -> Diagnostic {
    let forms = overloads.map { overload in
      let parameters = overload.parameters.map(\.description)
      return overload.style == .member
        ? "`\(parameters[0]).\(name.text)(\(parameters.dropFirst().joined(separator: ", ")))`"
        : "`\(FunctionLibrary.writtenName(of: overload.name))(\(parameters.joined(separator: ", ")))`"
    }
    let isMember = overloads[0].style == .member
    let function =
      isMember ? "\(arguments[0]).\(name.text)" : FunctionLibrary.writtenName(of: overloads[0].name)
    let given = arguments.dropFirst(isMember ? 1 : 0).map(\.description).joined(separator: ", ")
    return Diagnostic(
      .badOperand, "there is no `\(function)(\(given))`", at: name.range,
      help: "there is " + Array(Set(forms)).sorted().prefix(4).joined(separator: ", "))
  }

  static func incomparable(_ left: Type, _ right: Type, at range: SourceRange) -> Diagnostic {
    let message = "\(left) and \(right) are never equal"
    if case (.enumeration(let declared), .string) = (left.unwrapped, right.unwrapped) {
      return Diagnostic(.badOperand, message, at: range, help: declared.comparison)
    }
    if case (.string, .enumeration(let declared)) = (left.unwrapped, right.unwrapped) {
      return Diagnostic(.badOperand, message, at: range, help: declared.comparison)
    }
    return Diagnostic(.badOperand, message, at: range, help: "convert one side to the other's type")
  }

  static func noCommonType(
    _ first: Type, _ second: Type, what: String, at range: SourceRange, first other: SourceRange?
  ) -> Diagnostic {
    Diagnostic(
      .noCommonType, "\(what) have no type in common: \(first) and \(second)", at: range,
      related: other.map { [Related($0, "this is \(first)")] } ?? [], help: "make them one type")
  }

  static func notRenderable(_ type: Type, at range: SourceRange) -> Diagnostic {
    let help =
      switch type {
      case .list: "write `.join(\", \")` on a list of strings"
      default: "choose a field of it, or format it first"
      }
    return Diagnostic(.notRenderable, "\(type) is not text", at: range, help: help)
  }

  static func badKeyType(_ type: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badOperand, "\(type) cannot be the key of a map", at: range, help: "keys are bool, int, uint, string or an enum")
  }

  static func notOrdered(_ type: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(.badOperand, "\(type) has no order to sort by", at: range, help: "sort by a number, text or time in it")
  }

  static func hasNeedsField(at range: SourceRange) -> Diagnostic {
    Diagnostic(.badOperand, "`has` takes a field: `has(order.note)`", at: range)
  }

  static func macroNeedsVariable(_ macro: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.badOperand, "`\(macro)` takes a variable first: `xs.\(macro)(x, …)`", at: range)
  }

  static func literalOutOfRange(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.badLiteral, message, at: range)
  }

  static func partialOperation(_ what: String, remedy: String, fix: Fix?, at range: SourceRange) -> Diagnostic {
    Diagnostic(.partialOperation, what, at: range, help: remedy, fix: fix)
  }
}

extension Diagnostic.Fix {
  static func optionalSelection(before field: Name) -> Diagnostic.Fix {
    Diagnostic.Fix("write `.?\(field.text)`", [Diagnostic.Edit(field.range.atStart, "?")])
  }

  static func optionalIndex(_ index: ExpressionSyntax) -> Diagnostic.Fix {
    Diagnostic.Fix("write `[?…]`", [Diagnostic.Edit(index.range.atStart, "?")])
  }
}

extension EnumType {
  /// How a value of it is compared.
  fileprivate var comparison: String {
    "compare it with a member, such as `\(members.first?.name ?? "none")`, without quotes"
  }
}
