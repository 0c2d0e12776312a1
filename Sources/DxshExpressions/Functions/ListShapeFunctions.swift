/// Lists made from lists: `slice flatten reverse distinct first last zip`, and the numbers up to one: `lists.range`
/// (CEL's lists extension: cel-go, `ext/lists.go`; language reference, section 5).
///
/// Where plain CEL fails on an index out of range, `.dxsh` files take what there is.
extension FunctionLibrary {
  static let listShapeOverloads: [Overload] =
    ranges + slices + flattening + ends + [
      Overload(
        "reverse", "list_reverse", .member, [.list(.parameterA)], .list(.parameterA),
        .taking("reverse", .list) { .list($0.reversed()) }),
      Overload(
        "distinct", "list_distinct", .member, [.list(.parameterA)], .list(.parameterA),
        .metering("distinct", .list) { (elements, meter) throws(EvaluationError) in
          .list(try ValueIndex(elements, &meter).values)
        }),
      Overload(
        "zip", "list_zip", .member, [.list(.parameterA), .list(.parameterB)],
        .list(.record(RecordType([.init("first", .parameterA), .init("second", .parameterB)]))), in: .dxsh,
        .metering("zip", .list, .list) { (left, right, meter) throws(EvaluationError) in
          try meter.charge(4 * min(left.count, right.count))
          return .list(zip(left, right).map { .record(RecordValue(pair, [$0, $1])) })
        }),
    ]

  private static let pair = RecordShape(["first", "second"])

  private static let ranges: [Overload] = [
    Overload(
      "lists.range", "lists_range", [.int], .list(.int), partial: true,
      .metering("lists.range", .int) { (count, meter) throws(EvaluationError) in
        guard count >= 0 else { throw EvaluationError(.decode, "`lists.range` of \(count), which is less than 0") }
        return try numbers(from: 0, to: count, &meter)
      }),
    Overload(
      "range", "range_int64", [.int], .list(.int), in: .dxsh,
      .metering("range", .int) { (end, meter) throws(EvaluationError) in try numbers(from: 0, to: end, &meter) }),
    Overload(
      "range", "range_int64_int64", [.int, .int], .list(.int), in: .dxsh,
      .metering("range", .int, .int) { (start, end, meter) throws(EvaluationError) in
        try numbers(from: start, to: end, &meter)
      }),
  ]

  /// From `start` up to, but not including, `end`; none when that is not larger.
  private static func numbers(
    from start: Int64, to end: Int64, _ meter: inout Meter
  ) throws(EvaluationError) -> Value {
    guard start < end else { return .list([]) }
    let (count, overflow) = end.subtractingReportingOverflow(start)
    try meter.charge(capped: overflow ? .max : Int(count))
    return .list((start..<end).map(Value.int))
  }

  private static let slices: [Overload] = [
    Overload(
      "slice", "list_slice", .member, [.list(.parameterA), .int, .int], .list(.parameterA), in: .dxsh,
      .taking("slice", .list, .int, .int) { (elements, start, end) in
        let low = min(max(Int(start), 0), elements.count)
        let high = min(max(Int(end), low), elements.count)
        return .list(Array(elements[low..<high]))
      }),
    Overload(
      "slice", "cel_list_slice", .member, [.list(.parameterA), .int, .int], .list(.parameterA), partial: true, in: .cel,
      .taking("slice", .list, .int, .int) { (elements, start, end) throws(EvaluationError) in
        guard 0 <= start, start <= end, end <= elements.count else {
          throw EvaluationError(.decode, "slice(\(start), \(end)) of a list of \(elements.count)")
        }
        return .list(Array(elements[Int(start)..<Int(end)]))
      }),
  ]

  private static let flattening: [Overload] = [
    Overload(
      "flatten", "list_flatten", .member, [.list(.list(.parameterA))], .list(.parameterA),
      .metering("flatten", .list) { (elements, meter) throws(EvaluationError) in
        try flatten(elements, depth: 1, &meter)
      }),
    Overload(
      "flatten", "list_flatten_int", .member, [.list(.dyn), .int], .list(.dyn), partial: true, in: .cel,
      .metering("flatten", .list, .int) { (elements, depth, meter) throws(EvaluationError) in
        guard depth >= 0 else { throw EvaluationError(.decode, "flatten(\(depth)): the depth is less than 0") }
        return try flatten(elements, depth: depth, &meter)
      }),
  ]

  /// Elements that are no lists stay as they are; lists are replaced by their elements, down to so many levels.
  private static func flatten(
    _ elements: [Value], depth: Int64, _ meter: inout Meter
  ) throws(EvaluationError) -> Value {
    var result: [Value] = []
    // What is left to visit of the lists that are open, the innermost last.
    var open = [elements[...]]
    while let element = open.last?.first {
      open[open.count - 1].removeFirst()
      try meter.charge(1)
      if case .list(let inner) = element, open.count <= depth {
        open.append(inner[...])
      } else {
        result.append(element)
      }
      while open.last?.isEmpty == true { open.removeLast() }
    }
    return .list(result)
  }

  private static let ends: [Overload] = [
    Overload(
      "first", "list_first", .member, [.list(.parameterA)], .optional(.parameterA), in: .dxsh,
      .taking("first", .list) { $0.first ?? .none }),
    Overload(
      "last", "list_last", .member, [.list(.parameterA)], .optional(.parameterA), in: .dxsh,
      .taking("last", .list) { $0.last ?? .none }),
    Overload(
      "first", "cel_list_first", .member, [.list(.parameterA)], .optional(.parameterA), in: .cel,
      .taking("first", .list) { list in list.first.map { .box(.optional($0)) } ?? .none }),
    Overload(
      "last", "cel_list_last", .member, [.list(.parameterA)], .optional(.parameterA), in: .cel,
      .taking("last", .list) { list in list.last.map { .box(.optional($0)) } ?? .none }),
  ]
}

extension Meter {
  /// Takes the cost of work of any size; one beyond every budget counts as such, so that nothing overflows.
  mutating func charge(capped units: Int) throws(EvaluationError) { try charge(min(units, 1 << 48)) }
}
