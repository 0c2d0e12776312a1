/// Functions on the optionals of plain CEL, which are boxed: `Value.none` is the empty one, `.optional(v)` in a box has
/// the value v, which may be an optional itself (cel-go, `cel/library.go`, OptionalTypes).
extension FunctionLibrary {
  static let celOptionalOverloads: [Overload] = [
    Overload(
      "optional.of", "cel_optional_of", [.parameterA], .optional(.parameterA), in: .cel,
      .unary { .box(.optional($0)) }),
    Overload("optional.none", "cel_optional_none", [], .optional(.parameterA), in: .cel, .nullary { .none }),
    Overload(
      "optional.ofNonZeroValue", "cel_optional_ofNonZeroValue", [.parameterA], .optional(.parameterA), in: .cel,
      .unary { $0.isZero ? .none : .box(.optional($0)) }),
    Overload(
      "hasValue", "cel_optional_hasValue", .member, [.optional(.parameterA)], .bool, in: .cel,
      .taking("hasValue", .optional) { .bool($0.value != nil) }),
    Overload(
      "value", "cel_optional_value", .member, [.optional(.parameterA)], .parameterA, partial: true, in: .cel,
      .taking("value", .optional) { optional throws(EvaluationError) in
        guard let value = optional.value else { throw EvaluationError(.decode, "`value()` of an empty optional") }
        return value
      }),
    Overload(
      "or", "cel_optional_or_optional", .member, [.optional(.parameterA), .optional(.parameterA)],
      .optional(.parameterA), in: .cel, .taking("or", .optional, .optional) { $0.value == nil ? $1.boxed : $0.boxed }),
    Overload(
      "orValue", "cel_optional_orValue_value", .member, [.optional(.parameterA), .parameterA], .parameterA, in: .cel,
      .taking("orValue", .optional, .any) { $0.value ?? $1 }),
    Overload(
      "optional.unwrap", "cel_optional_unwrap", [.list(.optional(.parameterA))], .list(.parameterA), in: .cel,
      .taking("optional.unwrap", .list) { optionals throws(EvaluationError) in
        try unwrapped(optionals, "optional.unwrap")
      }),
    Overload(
      "unwrapOpt", "cel_optional_unwrapOpt", .member, [.list(.optional(.parameterA))], .list(.parameterA), in: .cel,
      .taking("unwrapOpt", .list) { optionals throws(EvaluationError) in try unwrapped(optionals, "unwrapOpt") }),
  ]

  private static func unwrapped(_ optionals: [Value], _ name: String) throws(EvaluationError) -> Value {
    var values: [Value] = []
    for element in optionals {
      guard let optional = BoxedOptional(element) else { throw .noOverload(name, element) }
      if let value = optional.value { values.append(value) }
    }
    return .list(values)
  }
}

/// An optional of plain CEL, taken out of its box.
struct BoxedOptional: Sendable {
  /// Nil when it is empty.
  let value: Value?
  /// As it was.
  let boxed: Value

  /// Nil when the value is no optional.
  init?(_ boxed: Value) {
    switch boxed {
    case .none: self.value = nil
    case .boxed(let box):
      guard case .optional(let value) = box.content else { return nil }
      self.value = value
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list, .map, .record:
      return nil
    }
    self.boxed = boxed
  }
}

extension Argument where Content == BoxedOptional {
  static var optional: Argument { Argument { BoxedOptional($0) } }
}
