/// `matches` (CEL specification, "Regular Expressions"): whether a pattern matches some part of a string.
extension FunctionLibrary {
  static let matchOverloads: [Overload] = [
    Overload(
      "matches", "matches", [.string, .string], .bool, partial: true, .metered(count: 2, matches), prepare: prepared),
    Overload(
      "matches", "matches_string", .member, [.string, .string], .bool, partial: true, .metered(count: 2, matches),
      prepare: prepared),
  ]

  private static func matches(_ arguments: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
    guard case .string(let text) = arguments[0], case .string(let pattern) = arguments[1] else {
      throw EvaluationError.noOverload("matches", arguments[0], arguments[1])
    }
    let expression = try RegularExpression(pattern, &meter)
    return .bool(try expression.matches(text.utf8, &meter))
  }

  private static func prepared(_ arguments: [Value?]) throws(EvaluationError) -> Function.Body? {
    guard arguments.count == 2, case .string(let pattern)? = arguments[1] else { return nil }
    let expression = try RegularExpression(pattern)
    return .metered(count: 2) { (arguments, meter) throws(EvaluationError) in
      guard case .string(let text) = arguments[0] else {
        throw EvaluationError.noOverload("matches", arguments[0], arguments[1])
      }
      return .bool(try expression.matches(text.utf8, &meter))
    }
  }
}

extension RegularExpression {
  /// Compiles at the meter's expense.
  convenience init(_ pattern: Text, _ meter: inout Meter) throws(EvaluationError) {
    try meter.charge(100 + 2 * min(pattern.utf8.count, Self.lengthLimit))
    do throws(EvaluationError) {
      try self.init(pattern)
    } catch {
      // A pattern that is too large was compiled up to its limit.
      if error.kind == .limit { try meter.charge(50_000) }
      throw error
    }
    try meter.charge(size)
  }

  func matches(_ text: [UInt8], _ meter: inout Meter) throws(EvaluationError) -> Bool {
    try meter.charge(searchCost(of: text.count))
    return try matches(text)
  }

  /// What one pass over so many bytes costs. The state machine is sometimes too large to be built, and RE2 then follows
  /// all instructions side by side.
  func searchCost(of count: Int) -> Int {
    1 + (count >> 5 + 1) * (1 + size >> 3)
  }
}
