import DxshTime

/// Functions on lists and maps: `size sum`; `map filter all exists sortBy groupBy` are macros.
extension FunctionLibrary {
  static let listOverloads: [Overload] =
    sums + [
      Overload("size", "size_list", [.list(.parameterA)], .int, .unary(size)),
      Overload("size", "list_size", .member, [.list(.parameterA)], .int, .unary(size)),
      Overload("size", "size_map", [.map(.parameterA, .parameterB)], .int, .unary(size)),
      Overload("size", "map_size", .member, [.map(.parameterA, .parameterB)], .int, .unary(size)),
    ]

  /// The sum of no elements is zero (rule 49).
  private static let sums: [Overload] = [
    (Type.int, "int64", Value.int(0)), (.uint, "uint64", .uint(0)), (.double, "double", .double(0)),
    (.duration, "duration_duration", .duration(.zero)), (.size, "size", .size(0)),
  ].map { type, name, zero in
    Overload(
      "sum", "list_sum_\(name)", .member, [.list(type)], type, in: .dxsh,
      .unary { list throws(EvaluationError) in
        guard case .list(let elements) = list else { throw EvaluationError.noOverload("sum", list) }
        var total = zero
        for element in elements {
          total = try add(total, element)
        }
        return total
      })
  }

  private static func add(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    switch (left, right) {
    case (.double(let a), .double(let b)): return .double(a + b)
    case (.int(let a), .int(let b)):
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { return .int(sum) }
    case (.uint(let a), .uint(let b)):
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { return .uint(sum) }
    case (.size(let a), .size(let b)):
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { return .size(sum) }
    case (.duration(let a), .duration(let b)):
      if let sum = a.adding(b) { return .duration(sum) }
    default: throw EvaluationError.noOverload("sum", left, right)
    }
    throw EvaluationError(.arithmetic, "the sum overflows at \(left.summary) + \(right.summary)")
  }
}

/// Values told apart by equality, in the order of their first occurrence: hashed where they can be map keys, else
/// compared one by one with those that cannot.
struct ValueGroups {
  private(set) var values: [Value] = []
  private var keyed: [MapKey: Int] = [:]
  private var others: [Int] = []

  /// The number of the value's group, and whether the value began it.
  mutating func insert(_ value: Value) -> (group: Int, isNew: Bool) {
    let key = MapKey(value)
    if key != .other {
      if let group = keyed[key] { return (group, false) }
      keyed[key] = values.count
    } else {
      if let group = others.first(where: { values[$0] == value }) { return (group, false) }
      others.append(values.count)
    }
    values.append(value)
    return (values.count - 1, true)
  }
}
