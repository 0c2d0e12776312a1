/// `== != < <= > >= in` (CEL specification, "Equality" and "Ordering Operators").
extension FunctionLibrary {
  static let comparisonOverloads: [Overload] =
    ordering + [
      Overload("_==_", "equals", [.parameterA, .parameterA], .bool, .binary { .bool($0 == $1) }),
      Overload("_!=_", "not_equals", [.parameterA, .parameterA], .bool, .binary { .bool($0 != $1) }),
      Overload("_in_", "in_list", [.parameterA, .list(.parameterA)], .bool, .binary(isElement)),
      Overload("_in_", "in_map", [.parameterA, .map(.parameterA, .parameterB)], .bool, .binary(isKey)),
    ]

  private static let ordering: [Overload] = ordered.flatMap { type, name in
    [
      Overload("_<_", "less_\(name)", [type, type], .bool, .binary { .bool(order($0, $1) == .less) }),
      Overload(
        "_<=_", "less_equals_\(name)", [type, type], .bool,
        .binary {
          let order = order($0, $1)
          return .bool(order == .less || order == .equal)
        }),
      Overload("_>_", "greater_\(name)", [type, type], .bool, .binary { .bool(order($0, $1) == .greater) }),
      Overload(
        "_>=_", "greater_equals_\(name)", [type, type], .bool,
        .binary {
          let order = order($0, $1)
          return .bool(order == .greater || order == .equal)
        }),
    ]
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
    default: Numbers.compare(left, right)
    }
  }

  private static func order<T: Comparable>(of left: T, _ right: T) -> Numbers.Order {
    left == right ? .equal : left < right ? .less : .greater
  }

  private static func isElement(_ element: Value, _ list: Value) -> Value {
    guard case .list(let elements) = list else { mismatched("in_list", element, list) }
    return .bool(elements.contains(element))
  }

  private static func isKey(_ key: Value, _ map: Value) -> Value {
    guard case .map(let entries) = map else { mismatched("in_map", key, map) }
    return .bool(entries[key] != nil)
  }
}
