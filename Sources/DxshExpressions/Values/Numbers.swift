/// Comparison of numbers across their kinds (CEL specification, "Ordering Operators").
package enum Numbers {
  package enum Order: Sendable {
    case less, equal, greater
    /// One side is NaN or no number.
    case unordered
  }

  package static func compare(_ left: Value, _ right: Value) -> Order {
    switch (left, right) {
    case (.int(let a), .int(let b)): order(a, b)
    case (.uint(let a), .uint(let b)): order(a, b)
    case (.double(let a), .double(let b)): order(a, b)
    case (.int(let a), .uint(let b)): a < 0 ? .less : order(UInt64(a), b)
    case (.uint(let a), .int(let b)): b < 0 ? .greater : order(a, UInt64(b))
    case (.int(let a), .double(let b)): order(a, b)
    case (.double(let a), .int(let b)): order(b, a).reversed
    case (.uint(let a), .double(let b)): order(a, b)
    case (.double(let a), .uint(let b)): order(b, a).reversed
    default: .unordered
    }
  }

  private static func order<T: Comparable>(_ left: T, _ right: T) -> Order {
    left < right ? .less : left == right ? .equal : left > right ? .greater : .unordered
  }

  /// As a double, which may round the integer (cel-go and cel-cpp; the conformance case
  /// `gte_literal/gte_dyn_int_big_lossy_double`).
  private static func order<T: FixedWidthInteger>(_ left: T, _ right: Double) -> Order { order(Double(left), right) }
}

extension Numbers.Order {
  fileprivate var reversed: Self {
    switch self {
    case .less: .greater
    case .greater: .less
    case .equal, .unordered: self
    }
  }
}
