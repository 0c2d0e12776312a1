/// Why a text is no cron expression.
package struct CronSyntaxError: Error, Hashable, Sendable {
  package enum Problem: Error, Hashable, Sendable {
    /// So many fields instead of five.
    case fieldCount(Int)
    /// What begins with `@` is none of the aliases.
    case unknownAlias(String)
    /// A number is below or above what the field takes.
    case outOfRange(Int)
    /// A range runs backwards.
    case backwards(String)
    /// A step of 0.
    case zeroStep
    /// An item of the list is empty.
    case emptyItem
    /// A number is missing in the item.
    case missingNumber(String)
    /// A word that is no name in this field.
    case unknownName(String)
    /// Other dialects have this, dxsh has not.
    case unsupported(String)
    /// Anything else in the item.
    case malformed(String)
  }

  package let problem: Problem
  /// Nil when it is not the mistake of one field.
  package let field: CronField?
  /// Where in the UTF-8 of the text: the whole field, the fields that are too many, or all of it.
  package let range: Range<Int>

  /// One sentence without a full stop that names the field: `the hour 25 is not in 0-23`.
  package var message: String {
    let name = field?.name ?? "cron expression"
    switch problem {
    case .fieldCount(let count):
      return "a cron expression has 5 fields, this has \(count)"
    case .unknownAlias(let alias): return "there is no alias `\(alias)`"
    case .outOfRange(let number): return "the \(name) \(number) is not in \(limits)"
    case .backwards(let item): return "the range `\(item)` of the \(name) runs backwards"
    case .zeroStep: return "a step of the \(name) is 0"
    case .emptyItem: return "an item in the list of the \(name) is empty"
    case .missingNumber(let item): return "a number is missing in `\(item)` of the \(name)"
    case .unknownName(let word): return "`\(word)` is no \(name)"
    case .unsupported(let mark): return "`\(mark)` has no meaning in the \(name)"
    case .malformed(let item): return "`\(item)` is no item of the \(name)"
    }
  }

  /// What to do about it, as one line.
  package var remedy: String {
    switch problem {
    case .fieldCount(let count):
      return count > 5
        ? "minute, hour, day of month, month, day of week; there are neither seconds nor years"
        : "write minute, hour, day of month, month and day of week: `0 2 * * *` is each day at 02:00"
    case .unknownAlias: return "there are \(CronParser.aliases.map { "`\($0.name)`" }.joined(separator: ", "))"
    case .outOfRange, .malformed, .unknownName: return forms
    case .backwards: return "write two ranges joined by a comma, the second from the field's lowest value"
    case .zeroStep: return "a step is at least 1"
    case .emptyItem: return "take out the comma"
    case .missingNumber: return "write `A-B`, `*/STEP` or `A-B/STEP`"
    case .unsupported: return forms + "; `?`, `W`, `H` and `R` are of other dialects"
    }
  }

  private var limits: String {
    field.map { "\($0.range.lowerBound)-\($0.range.upperBound)" } ?? ""
  }

  /// What the field takes.
  private var forms: String {
    guard let field else { return "" }
    let names = field.names.first.map { " or \($0)-\(field.names.last ?? $0)" } ?? ""
    let more =
      switch field {
      case .dayOfMonth: "`L` for the last day, "
      case .dayOfWeek: "`MON#1` for the first Monday, "
      case .minute, .hour, .month: ""
      }
    return "the \(field.name) takes \(limits)\(names), `*`, \(more)ranges, steps and lists of these"
  }
}
