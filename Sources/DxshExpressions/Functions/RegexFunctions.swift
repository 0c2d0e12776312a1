/// `regex.replace regex.extract regex.extractAll` (the regex extension of CEL's Go implementation, `ext/regex`).
extension FunctionLibrary {
  static let regexOverloads: [Overload] = [
    regex("regex.replace", "regex_replace_string_string_string", [.string, .string, .string], .string, replace),
    regex(
      "regex.replace", "regex_replace_string_string_string_int", [.string, .string, .string, .int], .string, replace),
    regex("regex.extract", "regex_extract_string_string", [.string, .string], .optional(.string), in: .cel) {
      (pattern, arguments, meter) throws(EvaluationError) in
      let found = try extract(pattern, arguments, &meter)
      return found.isNone ? .none : .box(.optional(found))
    },
    regex(
      "regex.extract", "regex_extract_string_string_dxsh", [.string, .string], .optional(.string), in: .dxsh, extract),
    regex("regex.extractAll", "regex_extractAll_string_string", [.string, .string], .list(.string), extractAll),
  ]

  /// A pattern as it comes to a call.
  private enum Pattern: Sendable {
    case text(Text)
    case compiled(RegularExpression)

    func expression(_ meter: inout Meter) throws(EvaluationError) -> RegularExpression {
      switch self {
      case .text(let text): try RegularExpression(text, &meter)
      case .compiled(let expression): expression
      }
    }
  }

  private typealias RegexOperation =
    @Sendable (Pattern, [Value], inout Meter) throws(EvaluationError) -> Value

  /// A function whose second argument is a pattern.
  private static func regex(
    _ name: String, _ id: String, _ parameters: [Type], _ result: Type, in dialects: Overload.Dialects = .both,
    _ operation: @escaping RegexOperation
  ) -> Overload {
    let count = parameters.count
    return Overload(
      name, id, parameters, result, partial: true, in: dialects,
      .metered(count: count) { (arguments, meter) throws(EvaluationError) in
        guard case .string(let pattern) = arguments[1] else { throw noOverload(name, arguments) }
        return try operation(.text(pattern), arguments, &meter)
      },
      prepare: { arguments throws(EvaluationError) in
        guard arguments.count == count, case .string(let text)? = arguments[1] else { return nil }
        let pattern: Pattern
        do throws(EvaluationError) {
          pattern = .compiled(try RegularExpression(text))
        } catch {
          // To replace nothing the pattern is not looked at.
          if count == 4, mayBeZero(arguments[3]) { return nil }
          throw error
        }
        return .metered(count: count) { (arguments, meter) throws(EvaluationError) in
          try operation(pattern, arguments, &meter)
        }
      })
  }

  private static func mayBeZero(_ count: Value?) -> Bool {
    if let count { count == .int(0) } else { true }
  }

  private static func noOverload(_ name: String, _ arguments: [Value]) -> EvaluationError {
    EvaluationError(.decode, "`\(name)` does not take \(arguments.map(\.summary).joined(separator: ", "))")
  }

  /// All matches, or the first so many; a negative count means all.
  private static func replace(
    _ pattern: Pattern, _ arguments: [Value], _ meter: inout Meter
  ) throws(EvaluationError) -> Value {
    guard case .string(let text) = arguments[0], case .string(let replacement) = arguments[2] else {
      throw noOverload("regex.replace", arguments)
    }
    var limit = Int.max
    if arguments.count == 4 {
      guard case .int(let count) = arguments[3] else { throw noOverload("regex.replace", arguments) }
      if count >= 0 { limit = Int(count) }
    }
    guard limit > 0 else { return arguments[0] }
    let expression = try pattern.expression(&meter)
    let groups = min(expression.groupCount, 9)
    var matches = try RegularExpression.Matches(of: expression, in: text.utf8, groups: groups, &meter)
    var pieces: [RewritePiece] = []
    var result = MeteredText()
    var end = 0
    while limit > 0, let match = try matches.next(&meter) {
      // A malformed replacement fails only when something is replaced.
      if pieces.isEmpty { pieces = try rewrite(replacement, groups: expression.groupCount) }
      try result.append(text.utf8[end..<match.range.lowerBound], &meter)
      for piece in pieces {
        switch piece {
        case .literal(let bytes): try result.append(bytes, &meter)
        case .group(0): try result.append(text.utf8[match.range], &meter)
        case .group(let number):
          if let range = match.groups[number - 1] { try result.append(text.utf8[range], &meter) }
        }
      }
      end = match.range.upperBound
      limit -= 1
    }
    try result.append(text.utf8[end...], &meter)
    return result.value
  }

  private enum RewritePiece {
    case literal(ArraySlice<UInt8>)
    /// A group of the pattern; 0 is the whole match.
    case group(Int)
  }

  /// `\0` to `\9` are the groups, `\\` is a backslash.
  private static func rewrite(_ replacement: Text, groups: Int) throws(EvaluationError) -> [RewritePiece] {
    func malformed(_ reason: String) -> EvaluationError {
      EvaluationError(.decode, "the replacement \(Value.string(replacement).summary) is malformed: \(reason)")
    }
    var rest = replacement.utf8[...]
    var pieces: [RewritePiece] = []
    while let backslash = rest.firstIndex(of: 0x5C) {
      if backslash > rest.startIndex { pieces.append(.literal(rest[..<backslash])) }
      guard backslash + 1 < rest.endIndex else { throw malformed("it ends in \\") }
      switch rest[backslash + 1] {
      case 0x5C: pieces.append(.literal(rest[backslash...backslash]))
      case let digit where digit &- 0x30 < 10:
        let group = Int(digit - 0x30)
        guard group <= groups else { throw malformed("there is no group \(group), the pattern has \(groups)") }
        pieces.append(.group(group))
      default: throw malformed("behind \\ stands a digit or \\")
      }
      rest = rest[(backslash + 2)...]
    }
    if !rest.isEmpty { pieces.append(.literal(rest)) }
    return pieces
  }

  /// What the pattern's group matched, or the whole pattern if it has none; none when there is no match or the group
  /// matched nothing.
  private static func extract(
    _ pattern: Pattern, _ arguments: [Value], _ meter: inout Meter
  ) throws(EvaluationError) -> Value {
    guard case .string(let text) = arguments[0] else { throw noOverload("regex.extract", arguments) }
    let expression = try oneGroup(pattern, &meter)
    try meter.charge(expression.searchCost(of: text.utf8.count))
    guard let match = try expression.firstMatch(in: text.utf8, groups: expression.groupCount, &meter) else {
      return .none
    }
    guard let range = extracted(match) else { return .none }
    try meter.charge(moving: range.count)
    return .string(Text(validUTF8: Array(text.utf8[range])))
  }

  private static func extractAll(
    _ pattern: Pattern, _ arguments: [Value], _ meter: inout Meter
  ) throws(EvaluationError) -> Value {
    guard case .string(let text) = arguments[0] else { throw noOverload("regex.extractAll", arguments) }
    let expression = try oneGroup(pattern, &meter)
    var matches = try RegularExpression.Matches(of: expression, in: text.utf8, groups: expression.groupCount, &meter)
    var found = MeteredTexts()
    while let match = try matches.next(&meter) {
      if let range = extracted(match) { try found.append(text.utf8[range], &meter) }
    }
    return found.value
  }

  private static func oneGroup(
    _ pattern: Pattern, _ meter: inout Meter
  ) throws(EvaluationError) -> RegularExpression {
    let expression = try pattern.expression(&meter)
    guard expression.groupCount <= 1 else {
      throw EvaluationError(.decode, "the pattern has \(expression.groupCount) groups that capture, not one or none")
    }
    return expression
  }

  private static func extracted(_ match: RegularExpression.Match) -> Range<Int>? {
    guard let group = match.groups.first else { return match.range }
    return group.flatMap { $0.isEmpty ? nil : $0 }
  }
}
