/// Functions on optionals: `hasValue orValue value` (CEL's optional extension).
extension FunctionLibrary {
  static let optionalOverloads: [Overload] = [
    Overload("hasValue", "optional_hasValue", .member, [.optional(.parameterA)], .bool, .unary { .bool(!$0.isNone) }),
    Overload(
      "orValue", "optional_orValue_value", .member, [.optional(.parameterA), .parameterA], .parameterA,
      .binary { $0.isNone ? $1 : $0 }),
    Overload(
      "or", "optional_or_optional", .member, [.optional(.parameterA), .optional(.parameterA)],
      .optional(.parameterA), .binary { $0.isNone ? $1 : $0 }),
    Overload(
      "value", "optional_value", .member, [.optional(.parameterA)], .parameterA, partial: true,
      .unary { optional throws(EvaluationError) in
        if optional.isNone { throw EvaluationError(.decode, "`value()` of none") }
        return optional
      }),
  ]
}
