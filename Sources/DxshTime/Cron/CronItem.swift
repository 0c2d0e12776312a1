/// One item of a field's list, as it was written but for names, which are numbers here.
package enum CronItem: Hashable, Sendable {
  /// `*`, every value.
  case all(step: Int)
  /// `N`
  case value(Int)
  /// `A-B`; A is not above B.
  case range(Int, Int, step: Int)
  /// `N/S`: from N to the field's highest value.
  case from(Int, step: Int)
  /// `L`: the last day of the month.
  case lastDay
  /// `D#N`: the Nth such weekday of the month; N is 1 … 5.
  case nth(weekday: Int, Int)

  /// Whether it counts as a star: the rule looks at how a field begins.
  var isStar: Bool {
    if case .all = self { true } else { false }
  }

  /// The bits of its values. Weekday 7 is bit 0, and what depends on the month is none.
  func bits(of field: CronField) -> UInt64 {
    let all = field.range
    switch self {
    case .all(let step): return Self.bits(all.lowerBound, all.upperBound, step, field)
    case .value(let value): return Self.bits(value, value, 1, field)
    case .range(let first, let last, let step): return Self.bits(first, last, step, field)
    case .from(let first, let step): return Self.bits(first, all.upperBound, step, field)
    case .lastDay, .nth: return 0
    }
  }

  private static func bits(_ first: Int, _ last: Int, _ step: Int, _ field: CronField) -> UInt64 {
    var bits: UInt64 = 0
    for value in stride(from: first, through: last, by: step) {
      bits |= 1 << UInt64(field == .dayOfWeek ? value % 7 : value)
    }
    return bits
  }
}

extension CronItem: CustomStringConvertible {
  /// As the rule writes it, in numbers.
  package var description: String {
    switch self {
    case .all(let step): return step == 1 ? "*" : "*/\(step)"
    case .value(let value): return "\(value)"
    case .range(let first, let last, let step):
      return first == last ? "\(first)" : step == 1 ? "\(first)-\(last)" : "\(first)-\(last)/\(step)"
    case .from(let first, let step): return "\(first)/\(step)"
    case .lastDay: return "L"
    case .nth(let weekday, let number): return "\(weekday)#\(number)"
    }
  }
}
