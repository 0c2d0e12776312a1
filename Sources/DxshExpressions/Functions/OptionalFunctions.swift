/// Functions on the optionals of `.dxsh` files, which are not boxed: `none`, or the value itself. Those of plain CEL
/// have the same names and the ids `cel_…`.
extension FunctionLibrary {
  static let optionalOverloads: [Overload] = [
    Overload("optional.of", "optional_of", [.parameterA], .optional(.parameterA), in: .dxsh, .unary { $0 }),
    Overload("optional.none", "optional_none", [], .optional(.never), in: .dxsh, .nullary { .none }),
    Overload(
      "optional.ofNonZeroValue", "optional_ofNonZeroValue", [.parameterA], .optional(.parameterA), in: .dxsh,
      .unary { $0.isZero ? .none : $0 }),
    Overload(
      "hasValue", "optional_hasValue", .member, [.optional(.parameterA)], .bool, in: .dxsh,
      .unary { .bool(!$0.isNone) }),
    Overload(
      "orValue", "optional_orValue_value", .member, [.optional(.parameterA), .parameterA], .parameterA, in: .dxsh,
      .binary { $0.isNone ? $1 : $0 }),
    Overload(
      "or", "optional_or_optional", .member, [.optional(.parameterA), .optional(.parameterA)],
      .optional(.parameterA), in: .dxsh, .binary { $0.isNone ? $1 : $0 }),
    Overload(
      "value", "optional_value", .member, [.optional(.parameterA)], .parameterA, partial: true, in: .dxsh,
      .unary { optional throws(EvaluationError) in
        if optional.isNone { throw EvaluationError(.decode, "`value()` of none") }
        return optional
      }),
    Overload(
      "unwrapOpt", "list_unwrap_opt", .member, [.list(.optional(.parameterA))], .list(.parameterA), in: .dxsh,
      .taking("unwrapOpt", .list) { .list($0.filter { !$0.isNone }) }),
    Overload(
      "optional.unwrap", "optional_unwrap", [.list(.optional(.parameterA))], .list(.parameterA), in: .dxsh,
      .taking("optional.unwrap", .list) { .list($0.filter { !$0.isNone }) }),
  ]
}
