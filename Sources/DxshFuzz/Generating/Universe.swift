import DxshExpressions

/// The types that generated expressions have.
enum Universe {
  private static let common: [Type] = [
    .int, .string, .bool, .uint, .double, .bytes, .timestamp, .duration,
  ]
  private static let celScalars = common + [.abstract("net.IP", []), .abstract("net.CIDR", [])]
  private static let fileScalars = common + [.size, .decimal, .money]
  private static let keys: [Type] = [.string, .int, .bool, .uint]

  static func scalar(_ choices: inout Choices, _ dialect: Overload.Dialects) -> Type {
    choices.one(of: dialect == .cel ? celScalars : fileScalars)
  }

  static func key(_ choices: inout Choices) -> Type { choices.one(of: keys) }

  /// Any type, collections of collections included.
  static func type(_ choices: inout Choices, _ dialect: Overload.Dialects, depth: Int = 0) -> Type {
    guard depth < 2 else { return scalar(&choices, dialect) }
    switch choices.below(10) {
    case 0...4: return scalar(&choices, dialect)
    case 5, 6: return .list(type(&choices, dialect, depth: depth + 1))
    case 7:
      let key = key(&choices)
      return .map(key, type(&choices, dialect, depth: depth + 1))
    case 8: return type(&choices, dialect, depth: depth + 1).asOptional
    default:
      if dialect == .cel { return .type(scalar(&choices, dialect)) }
      let first = type(&choices, dialect, depth: depth + 1)
      let second = scalar(&choices, dialect)
      return .record(RecordType([.init("a", first), .init("b", second.asOptional)]))
    }
  }
}
