import DxshExpressions

/// Finds how many elements a list has at most, or entries a map, as far as its expression shows it.
struct ElementBound {
  /// What the names of a scope stand for, by their slots, or a list that is as long.
  typealias Frame = [Int: Expression]

  /// Those of the scopes around, the innermost last.
  let frames: [Frame]
  /// How many expressions are looked at: names may lead to others again and again.
  private var left = 200

  init(in frames: [Frame] = []) {
    self.frames = frames
  }

  /// Nil where it is known only when it runs.
  mutating func count(_ expression: Expression) -> Int? { count(expression, frames.count) }

  /// - depth: how many frames there are where it stands
  private mutating func count(_ expression: Expression, _ depth: Int) -> Int? {
    left -= 1
    guard left > 0 else { return nil }
    switch expression {
    case .constant(let constant): return Self.count(constant.value)
    case .list(let elements): return elements.count
    case .map(let entries): return entries.count / 2
    case .binding(let outwards, let slot):
      let place = depth - 1 - outwards
      guard frames.indices.contains(place), let value = frames[place][slot] else { return nil }
      return count(value, place + 1)
    case .conditional(_, let left, let right):
      guard let left = count(left, depth), let right = count(right, depth) else { return nil }
      return max(left, right)
    case .conform(let value, _): return count(value, depth)
    case .letting(_, _, let body): return count(body, depth)
    case .comprehension(let comprehension):
      switch comprehension.kind {
      case .map, .filter, .sortBy, .groupBy, .transformList, .transformMap: return count(comprehension.range, depth)
      case .transformMapEntry, .fold, .all, .exists, .existsOne, .optMap, .optFlatMap: return nil
      }
    case .call(let function, let arguments): return count(function, arguments, depth)
    case .local, .field, .optionalField, .member, .presence, .index, .optionalIndex, .dispatch, .and, .or, .record,
      .ifPresent, .interpolation, .attempt, .outcome, .failure:
      return nil
    }
  }

  private mutating func count(_ function: Function, _ arguments: [Expression], _ depth: Int) -> Int? {
    switch function.id {
    case "list_slice":
      guard case .int(let end)? = arguments[2].constantValue else { return count(arguments[0], depth) }
      var start: Int64 = 0
      if case .int(let written)? = arguments[1].constantValue { start = max(written, 0) }
      let (length, overflows) = end.subtractingReportingOverflow(start)
      let whole = overflows ? 0 : Int(clamping: max(length, 0))
      return min(whole, count(arguments[0], depth) ?? whole)
    case "list_reverse", "list_distinct", "list_unwrap_opt", "list_zip": return count(arguments[0], depth)
    case "add_list":
      guard let left = count(arguments[0], depth), let right = count(arguments[1], depth) else { return nil }
      return left + right
    case let id where id.hasPrefix("list_") && id.hasSuffix("_sort"): return count(arguments[0], depth)
    default:
      let call = Expression.call(function, arguments)
      return call.constantValue.flatMap(Self.count)
    }
  }

  private static func count(_ value: Value) -> Int? {
    switch value {
    case .list(let list): list.count
    case .map(let map): map.entries.count
    default: nil
    }
  }
}
