/// Reads a cron expression. Fields are parted by spaces or tabs; what each takes is in `docs/cron.md`.
struct CronParser {
  /// The aliases and what they stand for.
  static let aliases: [(name: String, text: String)] = [
    ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"), ("@monthly", "0 0 1 * *"), ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@hourly", "0 * * * *"),
  ]

  /// Larger numbers are read as this one, which is beyond the range of every field.
  private static let largestNumber = 999_999

  private let bytes: [UInt8]

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The items of the five fields, none empty.
  func fields() throws(CronSyntaxError) -> [[CronItem]] {
    let words = words
    if let first = words.first, bytes[first.lowerBound] == UInt8(ascii: "@") { return try alias(words) }
    guard words.count == 5 else {
      let range = words.count > 5 ? words[5].lowerBound..<words[words.count - 1].upperBound : whole(words)
      throw CronSyntaxError(problem: .fieldCount(words.count), field: nil, range: range)
    }
    var fields: [[CronItem]] = []
    for (field, word) in zip(CronField.allCases, words) { fields.append(try items(of: field, in: word)) }
    return fields
  }

  /// The ranges of what spaces and tabs part.
  var words: [Range<Int>] {
    bytes.indices.split { bytes[$0] == 0x20 || bytes[$0] == 0x09 }.map { $0.startIndex..<$0.endIndex }
  }

  private func whole(_ words: [Range<Int>]) -> Range<Int> {
    guard let first = words.first, let last = words.last else { return 0..<bytes.count }
    return first.lowerBound..<last.upperBound
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func alias(_ words: [Range<Int>]) throws(CronSyntaxError) -> [[CronItem]] {
    let range = whole(words)
    guard let known = Self.aliases.first(where: { $0.name == text(range) }) else {
      throw CronSyntaxError(problem: .unknownAlias(text(range)), field: nil, range: range)
    }
    return try CronParser(known.text).fields()
  }

  // MARK: - Items

  private func items(of field: CronField, in word: Range<Int>) throws(CronSyntaxError) -> [CronItem] {
    var items: [CronItem] = []
    for part in bytes[word].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      do {
        items.append(try item(of: field, part.startIndex..<part.endIndex))
      } catch {
        throw CronSyntaxError(problem: error, field: field, range: word)
      }
    }
    return items
  }

  private typealias Problem = CronSyntaxError.Problem

  private func item(of field: CronField, _ range: Range<Int>) throws(CronSyntaxError.Problem) -> CronItem {
    guard !range.isEmpty else { throw .emptyItem }
    if let special = try special(of: field, range) { return special }
    let parts = bytes[range].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= 2 else { throw .malformed(text(range)) }
    var step: Int?
    if parts.count == 2 {
      guard !parts[0].isEmpty, !parts[1].isEmpty else { throw .missingNumber(text(range)) }
      guard let number = number(parts[1]) else { throw .malformed(text(range)) }
      guard number > 0 else { throw .zeroStep }
      step = number
    }
    if parts[0].elementsEqual("*".utf8) { return .all(step: step ?? 1) }
    let ends = parts[0].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard ends.count <= 2 else { throw .malformed(text(range)) }
    guard ends.allSatisfy({ !$0.isEmpty }) else { throw .missingNumber(text(range)) }
    let first = try value(ends[0], of: field, in: range)
    guard ends.count == 2 else { return step.map { .from(first, step: $0) } ?? .value(first) }
    let last = try value(ends[1], of: field, in: range)
    guard first <= last else { throw .backwards(text(range)) }
    return .range(first, last, step: step ?? 1)
  }

  /// `L` and `D#N`; nil for anything else.
  private func special(of field: CronField, _ range: Range<Int>) throws(CronSyntaxError.Problem) -> CronItem? {
    if field == .dayOfMonth, text(range).uppercased() == "L" { return .lastDay }
    guard field == .dayOfWeek, let mark = bytes[range].firstIndex(of: UInt8(ascii: "#")) else { return nil }
    guard mark + 1 < range.upperBound, mark > range.lowerBound else { throw .missingNumber(text(range)) }
    let weekday = try value(bytes[range.lowerBound..<mark], of: field, in: range)
    guard let count = number(bytes[(mark + 1)..<range.upperBound]), (1...5).contains(count) else {
      throw .malformed(text(range))
    }
    return .nth(weekday: weekday % 7, count)
  }

  /// A number or a name.
  private func value(
    _ part: ArraySlice<UInt8>, of field: CronField, in item: Range<Int>
  ) throws(CronSyntaxError.Problem) -> Int {
    if let number = number(part) {
      guard field.range.contains(number) else { throw .outOfRange(number) }
      return number
    }
    let word = String(decoding: part, as: UTF8.self)
    guard part.allSatisfy({ $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }) else {
      if part.contains(UInt8(ascii: "?")) { throw .unsupported("?") }
      throw .malformed(text(item))
    }
    if let number = field.number(ofName: word.uppercased()) { return number }
    if ["W", "H", "R", "L"].contains(word.uppercased()) { throw .unsupported(word) }
    throw .unknownName(word)
  }

  /// Digits and nothing else; nil for anything else.
  private func number(_ part: ArraySlice<UInt8>) -> Int? {
    guard !part.isEmpty else { return nil }
    var value = 0
    for byte in part {
      guard byte &- 0x30 < 10 else { return nil }
      value = min(value * 10 + Int(byte &- 0x30), Self.largestNumber)
    }
    return value
  }
}
