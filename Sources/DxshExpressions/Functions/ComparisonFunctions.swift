/// `== != < <= > >= in` (CEL specification, "Equality" and "Ordering Operators").
extension FunctionLibrary {
  static let comparisonOverloads: [Overload] =
    ordering + mixedOrdering + [
      Overload("_==_", "equals", [.parameterA, .parameterA], .bool, .binary { .bool($0 == $1) }),
      Overload("_!=_", "not_equals", [.parameterA, .parameterA], .bool, .binary { .bool($0 != $1) }),
      Overload("_in_", "in_list", [.parameterA, .list(.parameterA)], .bool, .binary(isElement)),
      Overload("_in_", "in_map", [.parameterA, .map(.parameterA, .parameterB)], .bool, .binary(isKey)),
    ]

  /// Numbers of two kinds are compared as numbers (CEL specification, "Ordering Operators"); files convert instead.
  private static let mixedOrdering: [Overload] = mixed.flatMap { left, right, name in
    comparisons(left, right, name, in: .cel)
  }

  private static let mixed: [(Type, Type, String)] = [
    (.int, .uint, "int64_uint64"), (.int, .double, "int64_double"), (.uint, .int, "uint64_int64"),
    (.uint, .double, "uint64_double"), (.double, .int, "double_int64"), (.double, .uint, "double_uint64"),
  ]

  private static let ordering: [Overload] = ordered.flatMap { type, name in comparisons(type, type, name, in: .both) }

  private static func comparisons(
    _ left: Type, _ right: Type, _ name: String, in dialects: Overload.Dialects
  ) -> [Overload] {
    [
      Overload("_<_", "less_\(name)", [left, right], .bool, in: dialects, compare("<") { $0 == .less }),
      Overload(
        "_<=_", "less_equals_\(name)", [left, right], .bool, in: dialects, compare("<=") { $0 == .less || $0 == .equal }
      ),
      Overload("_>_", "greater_\(name)", [left, right], .bool, in: dialects, compare(">") { $0 == .greater }),
      Overload(
        "_>=_", "greater_equals_\(name)", [left, right], .bool, in: dialects,
        compare(">=") { $0 == .greater || $0 == .equal }),
    ]
  }

  private static func compare(
    _ symbol: String, _ accepts: @escaping @Sendable (Numbers.Order) -> Bool
  ) -> Function.Body {
    .binary { (left, right) throws(EvaluationError) in
      let order = order(left, right)
      if order == .unordered, !(isNumber(left) && isNumber(right)) {
        throw EvaluationError.noOverload(symbol, left, right)
      }
      return .bool(accepts(order))
    }
  }

  private static func isNumber(_ value: Value) -> Bool {
    switch value {
    case .int, .uint, .double: true
    case .none, .null, .bool, .string, .bytes, .timestamp, .duration, .size, .list, .map, .record, .boxed: false
    }
  }

  private static let ordered: [(Type, String)] = [
    (.int, "int64"), (.uint, "uint64"), (.double, "double"), (.string, "string"), (.bytes, "bytes"),
    (.bool, "bool"), (.timestamp, "timestamp"), (.duration, "duration"), (.size, "size"),
  ]

  /// The order of two values of one ordered type.
  static func order(_ left: Value, _ right: Value) -> Numbers.Order {
    switch (left, right) {
    case (.string(let a), .string(let b)): order(of: a, b)
    case (.timestamp(let a), .timestamp(let b)): order(of: a, b)
    case (.duration(let a), .duration(let b)): order(of: a, b)
    case (.size(let a), .size(let b)): order(of: a, b)
    case (.bool(let a), .bool(let b)): order(of: a ? 1 : 0, b ? 1 : 0)
    case (.bytes(let a), .bytes(let b)):
      a == b ? .equal : a.lexicographicallyPrecedes(b) ? .less : .greater
    case (.boxed(let a), .boxed(let b)): a.order(to: b)
    default: Numbers.roughly(left, right)
    }
  }

  private static func order<T: Comparable>(of left: T, _ right: T) -> Numbers.Order {
    left == right ? .equal : left < right ? .less : .greater
  }

  private static func isElement(_ element: Value, _ list: Value) throws(EvaluationError) -> Value {
    guard case .list(let elements) = list else { throw EvaluationError.noOverload("in", element, list) }
    return .bool(elements.contains(element))
  }

  private static func isKey(_ key: Value, _ map: Value) throws(EvaluationError) -> Value {
    guard case .map(let entries) = map else { throw EvaluationError.noOverload("in", key, map) }
    return .bool(entries[key] != nil)
  }
}
