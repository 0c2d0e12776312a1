extension RegularExpression {
  /// All matches in a text from left to right that do not overlap, as Go's `regexp` finds them: an empty match directly
  /// behind another match is none.
  package struct Matches {
    private let expression: RegularExpression
    private let text: [UInt8]
    private let groups: Int
    private var position = 0
    private var previousEnd = -1

    /// The matches tell the ranges of the first `groups` groups. Charges for one pass over the text.
    package init(
      of expression: RegularExpression, in text: [UInt8], groups: Int, _ meter: inout Meter
    ) throws(EvaluationError) {
      try meter.charge(expression.searchCost(of: text.count))
      self.expression = expression
      self.text = text
      self.groups = groups
    }

    /// Nil behind the last one.
    package mutating func next(_ meter: inout Meter) throws(EvaluationError) -> Match? {
      while position <= text.count {
        guard let match = try expression.firstMatch(in: text, from: position, groups: groups, &meter) else {
          position = text.count + 1
          return nil
        }
        let isRepeated = match.range.isEmpty && match.range.lowerBound == previousEnd
        previousEnd = match.range.upperBound
        if match.range.upperBound == position {
          position += max(1, position < text.count ? UTF8Check.length(of: text, at: position) : 1)
        } else {
          position = match.range.upperBound
        }
        if !isRepeated { return match }
      }
      return nil
    }
  }
}
