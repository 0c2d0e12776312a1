import DxshExpressions

/// A macro of `.dxsh` files as it is written: `xs.map(x, e)`, `xs.fold(sum, x, 0, sum + x)`.
struct Macro {
  let kind: Comprehension.Kind
  /// How many of the first arguments are names of variables.
  let variables: Int
  /// Whether a condition stands before the last argument.
  let hasCondition: Bool

  /// Nil when no macro of the name takes so many arguments: the names are no functions with another number of them.
  init?(_ name: String, _ arguments: Int) {
    if name == "fold", arguments == 4 {
      (kind, variables, hasCondition) = (.fold, 2, false)
    } else if name == "groupBy", arguments == 2 {
      (kind, variables, hasCondition) = (.groupBy, 1, false)
    } else if let macro = CELMacro(name, arguments) {
      (kind, variables, hasCondition) = (macro.kind, macro.variables, macro.hasCondition)
    } else {
      return nil
    }
  }

  /// The names of all macros.
  static let names = [
    "all", "exists", "exists_one", "existsOne", "map", "filter", "sortBy", "groupBy", "fold", "transformList",
    "transformMap", "transformMapEntry", "optMap", "optFlatMap",
  ]
}
