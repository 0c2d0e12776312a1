/// Comparison of numbers across their kinds (CEL specification, "Equality" and "Ordering Operators").
package enum Numbers {
  package enum Order: Sendable {
    case less, equal, greater
    /// One side is NaN or no number.
    case unordered
  }

  /// Exact: a double is compared with the integer's value, not with its rounding. What `==` and keys go by.
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

  /// What `<` and its like go by: an integer beside a double counts as a double, and may be rounded (cel-go and
  /// cel-cpp; the conformance case `gte_literal/gte_dyn_int_big_lossy_double`).
  package static func roughly(_ left: Value, _ right: Value) -> Order {
    switch (left, right) {
    case (.int(let a), .double(let b)): order(Double(a), b)
    case (.double(let a), .int(let b)): order(a, Double(b))
    case (.uint(let a), .double(let b)): order(Double(a), b)
    case (.double(let a), .uint(let b)): order(a, Double(b))
    default: compare(left, right)
    }
  }

  private static func order<T: Comparable>(_ left: T, _ right: T) -> Order {
    left < right ? .less : left == right ? .equal : left > right ? .greater : .unordered
  }

  private static func order<T: FixedWidthInteger>(_ left: T, _ right: Double) -> Order {
    if right.isNaN { return .unordered }
    if let whole = T(exactly: right.rounded(.towardZero)) {
      let coarse = order(left, whole)
      guard coarse == .equal else { return coarse }
      let fraction = right - right.rounded(.towardZero)
      return fraction > 0 ? .less : fraction < 0 ? .greater : .equal
    }
    return right > 0 ? .less : .greater
  }
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
