import DxshTime

/// `sort`, and the least and greatest of a list: `min max`, which are none of an empty one (CEL's lists extension:
/// cel-go, `ext/lists.go`; language reference, section 5).
///
/// The elements are of one kind. NaN comes after every other double.
extension FunctionLibrary {
  static let sortOverloads: [Overload] = sortable.flatMap { type, name, kind in
    [
      Overload(
        "sort", "list_\(name)_sort", .member, [.list(type)], .list(type), in: type == .size ? .dxsh : .both,
        .metering("sort", .list) { (elements, meter) throws(EvaluationError) in
          try check(
            elements, "sort", kind, rounds: elements.count.bitWidth - elements.count.leadingZeroBitCount, &meter)
          return .list(elements.sorted(by: isLess))
        }),
      Overload(
        "min", "list_\(name)_min", .member, [.list(type)], .optional(type), in: .dxsh,
        .metering("min", .list) { (elements, meter) throws(EvaluationError) in
          try check(elements, "min", kind, rounds: 1, &meter)
          return elements.min(by: isLess) ?? .none
        }),
      Overload(
        "max", "list_\(name)_max", .member, [.list(type)], .optional(type), in: .dxsh,
        .metering("max", .list) { (elements, meter) throws(EvaluationError) in
          try check(elements, "max", kind, rounds: 1, &meter)
          return elements.max(by: isLess) ?? .none
        }),
    ]
  }

  /// The types that have an order, with cel-go's names, and a test for their values.
  private static let sortable: [(type: Type, name: String, isKind: @Sendable (Value) -> Bool)] = [
    (.int, "int", { if case .int = $0 { true } else { false } }),
    (.uint, "uint", { if case .uint = $0 { true } else { false } }),
    (.double, "double", { if case .double = $0 { true } else { false } }),
    (.bool, "bool", { if case .bool = $0 { true } else { false } }),
    (.string, "string", { if case .string = $0 { true } else { false } }),
    (.bytes, "bytes", { if case .bytes = $0 { true } else { false } }),
    (.timestamp, "google.protobuf.Timestamp", { if case .timestamp = $0 { true } else { false } }),
    (.duration, "google.protobuf.Duration", { if case .duration = $0 { true } else { false } }),
    (.size, "size", { if case .size = $0 { true } else { false } }),
  ]

  /// Charges for so many comparisons of each element with a neighbour.
  private static func check(
    _ elements: [Value], _ name: String, _ isKind: (Value) -> Bool, rounds: Int, _ meter: inout Meter
  ) throws(EvaluationError) {
    for element in elements {
      guard isKind(element) else { throw .noOverload(name, element) }
      let size =
        switch element {
        case .string(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        default: 0
        }
      try meter.charge(rounds * (1 + size >> 5))
    }
  }

  private static func isLess(_ left: Value, _ right: Value) -> Bool {
    if case .double(let a) = left, case .double(let b) = right { return a.isNaN ? false : b.isNaN || a < b }
    return order(left, right) == .less
  }
}
