/// `sets.contains sets.equivalent sets.intersects`: lists as sets, by CEL's equality (CEL's sets extension: cel-go,
/// `ext/sets.go`).
extension FunctionLibrary {
  static let setOverloads: [Overload] = [
    // Whether the first has all elements of the second.
    sets("contains") { (set, elements, meter) throws(EvaluationError) in
      try ValueIndex(set, &meter).containsAll(elements, &meter)
    },
    sets("equivalent") { (left, right, meter) throws(EvaluationError) in
      let index = try ValueIndex(left, &meter)
      let other = try ValueIndex(right, &meter)
      guard try index.containsAll(other.values, &meter) else { return false }
      return try other.containsAll(index.values, &meter)
    },
    sets("intersects") { (left, right, meter) throws(EvaluationError) in
      let index = try ValueIndex(right, &meter)
      for element in left where try index.contains(element, &meter) { return true }
      return false
    },
  ]

  private static func sets(
    _ name: String, _ holds: @escaping @Sendable ([Value], [Value], inout Meter) throws(EvaluationError) -> Bool
  ) -> Overload {
    Overload(
      "sets.\(name)", "sets_\(name)_list_list", [.list(.parameterA), .list(.parameterA)], .bool,
      .metering("sets.\(name)", .list, .list) { (left, right, meter) throws(EvaluationError) in
        .bool(try holds(left, right, &meter))
      })
  }
}

extension ValueIndex {
  fileprivate func containsAll(_ elements: [Value], _ meter: inout Meter) throws(EvaluationError) -> Bool {
    for element in elements {
      guard try contains(element, &meter) else { return false }
    }
    return true
  }
}
