import DxshTime

/// `avg`: the arithmetic mean of a list, none of an empty one (language reference, section 5). That of whole numbers is
/// a double; that of durations and sizes is rounded towards zero.
extension FunctionLibrary {
  static let averageOverloads: [Overload] = [
    average("int64", .int, .double, integers) { .double(Double($0) / Double($1)) },
    average("uint64", .uint, .double, integers) { .double(Double($0) / Double($1)) },
    average("size", .size, .size, integers) { .size(Int64($0 / $1)) },
    average("duration", .duration, .duration, nanoseconds) { sum, count in
      let mean = sum / count
      return TimeSpan(seconds: Int64(mean / 1_000_000_000), nanoseconds: Int64(mean % 1_000_000_000))
        .map(Value.duration)
    },
    Overload(
      "avg", "list_avg_double", .member, [.list(.double)], .optional(.double), in: .dxsh,
      .taking("avg", .list) { elements throws(EvaluationError) in
        var numbers: [Double] = []
        for element in elements {
          guard case .double(let number) = element else { throw .noOverload("avg", element) }
          numbers.append(number)
        }
        return numbers.isEmpty ? .none : .double(mean(of: numbers))
      }),
  ]

  /// `content` gives the number that an element stands for, `mean` the mean of a sum and a count.
  private static func average(
    _ name: String, _ type: Type, _ result: Type, _ content: @escaping @Sendable (Type, Value) -> Int128?,
    _ mean: @escaping @Sendable (Int128, Int128) -> Value?
  ) -> Overload {
    Overload(
      "avg", "list_avg_\(name)", .member, [.list(type)], .optional(result), in: .dxsh,
      .taking("avg", .list) { elements throws(EvaluationError) in
        var sum: Int128 = 0
        for element in elements {
          guard let number = content(type, element) else { throw .noOverload("avg", element) }
          // Numbers are below 2^80 and lists have fewer than 2^47 elements.
          sum += number
        }
        return elements.isEmpty ? .none : mean(sum, Int128(elements.count)) ?? .none
      })
  }

  private static func integers(_ type: Type, _ value: Value) -> Int128? {
    switch (type, value) {
    case (.int, .int(let number)), (.size, .size(let number)): Int128(number)
    case (.uint, .uint(let number)): Int128(number)
    default: nil
    }
  }

  private static func nanoseconds(_ type: Type, _ value: Value) -> Int128? {
    guard case .duration(let span) = value else { return nil }
    return Int128(span.seconds) * 1_000_000_000 + Int128(span.nanoseconds)
  }

  /// Of numbers whose sum is beyond the range, of their parts.
  private static func mean(of numbers: [Double]) -> Double {
    let count = Double(numbers.count)
    let sum = numbers.reduce(0, +)
    return sum.isFinite || !numbers.allSatisfy(\.isFinite) ? sum / count : numbers.reduce(0) { $0 + $1 / count }
  }
}
