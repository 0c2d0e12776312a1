/// `indexOf lastIndexOf` (the strings extension of CEL, `ext/strings`). Positions count code points from 0.
extension FunctionLibrary {
  static let textSearchOverloads: [Overload] = [
    Overload(
      "indexOf", "string_index_of_string", .member, [.string, .string], .int,
      .binary { (text, part) throws(EvaluationError) in try firstIndex(of: part, in: text, from: nil) }),
    Overload(
      "indexOf", "string_index_of_string_int", .member, [.string, .string, .int], .int, partial: true,
      .ternary { (text, part, start) throws(EvaluationError) in try firstIndex(of: part, in: text, from: start) }),
    Overload(
      "lastIndexOf", "string_last_index_of_string", .member, [.string, .string], .int,
      .binary { (text, part) throws(EvaluationError) in try lastIndex(of: part, in: text, upTo: nil) }),
    Overload(
      "lastIndexOf", "string_last_index_of_string_int", .member, [.string, .string, .int], .int, partial: true,
      .ternary { (text, part, end) throws(EvaluationError) in try lastIndex(of: part, in: text, upTo: end) }),
  ]

  /// -1 when the part does not stand at `start` or behind it. An empty part stands at `start`, at most at the end.
  private static func firstIndex(of part: Value, in text: Value, from start: Value?) throws(EvaluationError) -> Value {
    guard case .string(let whole) = text, case .string(let wanted) = part else {
      throw EvaluationError.noOverload("indexOf", text, part)
    }
    let start = try position(start, "indexOf", text, part) ?? 0
    if wanted.utf8.isEmpty { return .int(Int64(min(start, whole.scalarCount))) }
    guard let offset = whole.offset(ofScalar: start),
      let found = ByteSearch(for: wanted.utf8).first(in: whole.utf8, from: offset)
    else { return .int(-1) }
    return .int(Int64(whole.scalarCount(before: found)))
  }

  /// -1 when the part does not stand at `end` or before it, and when `end` is none of the text's positions. An empty
  /// part stands at `end`, at most at the end of the text.
  private static func lastIndex(of part: Value, in text: Value, upTo end: Value?) throws(EvaluationError) -> Value {
    guard case .string(let whole) = text, case .string(let wanted) = part else {
      throw EvaluationError.noOverload("lastIndexOf", text, part)
    }
    let end = try position(end, "lastIndexOf", text, part)
    if wanted.utf8.isEmpty {
      let count = whole.scalarCount
      return .int(Int64(min(end ?? count, count)))
    }
    var limit = whole.utf8.count
    if let end {
      guard let offset = whole.offset(ofScalar: end), offset < limit else { return .int(-1) }
      limit = offset
    }
    guard let found = ByteSearch.last(wanted.utf8, in: whole.utf8, upTo: limit) else { return .int(-1) }
    return .int(Int64(whole.scalarCount(before: found)))
  }

  private static func position(
    _ position: Value?, _ name: String, _ text: Value, _ part: Value
  ) throws(EvaluationError) -> Int? {
    guard let position else { return nil }
    guard case .int(let number) = position else { throw EvaluationError.noOverload(name, text, part, position) }
    guard number >= 0 else { throw outOfRange(number, text) }
    return Int(number)
  }

  static func outOfRange(_ position: Int64, _ text: Value) -> EvaluationError {
    EvaluationError(.decode, "\(text.summary) has no position \(position)")
  }
}
