/// `math.@max` and `math.@min`, which the macros `math.greatest` and `math.least` become: of one number, of two, of a
/// list (CEL's math extension: cel-go, `ext/math.go`).
///
/// Numbers of different kinds are compared as `<` does and keep their kind. Of equal numbers, and of NaN and any other,
/// the first one is taken, as cel-cpp does (cel-go refuses to order NaN). An empty list fails.
extension FunctionLibrary {
  static let extremaOverloads: [Overload] =
    extrema("math.@max", "math_@max", replacing: .less) + extrema("math.@min", "math_@min", replacing: .greater)

  private static let kinds: [(type: Type, name: String)] = [(.double, "double"), (.int, "int"), (.uint, "uint")]

  /// `losing` is how the best number so far compares with one that takes its place.
  private static func extrema(_ name: String, _ id: String, replacing losing: Numbers.Order) -> [Overload] {
    let single = kinds.map { kind in
      Overload(
        name, "\(id)_\(kind.name)", [kind.type], kind.type,
        .unary { number throws(EvaluationError) in
          guard isNumber(number, of: kind.type) else { throw .noOverload(name, number) }
          return number
        })
    }
    let pairs = kinds.flatMap { left in
      kinds.map { right in
        let isMixed = left.type != right.type
        return Overload(
          name, "\(id)_\(left.name)_\(right.name)", [left.type, right.type], isMixed ? .dyn : left.type,
          in: isMixed ? .cel : .both,
          .binary { (first, second) throws(EvaluationError) in
            guard isNumber(first, of: left.type), isNumber(second, of: right.type) else {
              throw .noOverload(name, first, second)
            }
            return Numbers.roughly(first, second) == losing ? second : first
          })
      }
    }
    let lists = (kinds + [(.dyn, "dyn")]).map { kind in
      Overload(
        name, "\(id)_list_\(kind.name)", [.list(kind.type)], kind.type, partial: true,
        in: kind.type == .dyn ? .cel : .both,
        .taking(name, .list) { numbers throws(EvaluationError) in
          try extremum(of: numbers, name, kind.type, replacing: losing)
        })
    }
    return single + pairs + lists
  }

  private static func extremum(
    of numbers: [Value], _ name: String, _ kind: Type, replacing losing: Numbers.Order
  ) throws(EvaluationError) -> Value {
    guard var best = numbers.first else {
      throw EvaluationError(.decode, "`\(writtenName(of: name))` of an empty list")
    }
    for number in numbers {
      guard isNumber(number, of: kind) else { throw .noOverload(name, number) }
      if Numbers.roughly(best, number) == losing { best = number }
    }
    return best
  }

  private static func isNumber(_ value: Value, of type: Type) -> Bool {
    switch value {
    case .int: type == .int || type == .dyn
    case .uint: type == .uint || type == .dyn
    case .double: type == .double || type == .dyn
    case .none, .null, .bool, .string, .bytes, .timestamp, .duration, .size, .list, .map, .record, .boxed: false
    }
  }
}
