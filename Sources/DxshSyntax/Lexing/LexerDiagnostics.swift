/// What the lexer says.
extension Diagnostic {
  static func invalidCharacter(_ byte: UInt8, at range: SourceRange) -> Diagnostic {
    let character = String(Unicode.Scalar(byte))
    switch byte {
    case UInt8(ascii: ";"):
      return Diagnostic(
        .unexpectedToken, "`;` is not needed: an item ends with its line", at: range, help: "remove it",
        fix: Fix("Remove `;`", [Edit(range, "")]))
    case UInt8(ascii: "$"):
      return Diagnostic(
        .unexpectedToken, "`$` means something only in a string", at: range,
        help: "write the bare name, or `\"${name}\"` inside a string")
    case UInt8(ascii: "\\"):
      return Diagnostic(
        .unexpectedToken, "`\\` means something only in a string", at: range,
        help: "a line continues by itself after an operator, a comma or inside brackets")
    case 0x21...0x7E:
      return Diagnostic(.unexpectedToken, "`\(character)` has no meaning here", at: range, help: "remove it")
    default:
      return Diagnostic(
        .unexpectedToken, "a control character (\(hex(UInt32(byte)))) has no meaning here", at: range, help: "remove it"
      )
    }
  }

  static func invalidCharacters(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "`\(text)` has no meaning outside strings and comments", at: range,
      help: "names are made of the letters A–Z and a–z, digits and `_`")
  }

  static func typographicQuotes(at range: SourceRange) -> Diagnostic {
    var (first, last) = (range, range)
    first.end = range.start + 3
    last.start = range.end - 3
    return Diagnostic(
      .badString, "a string stands in straight quotes", at: range, help: "write \"…\"",
      fix: Fix("Write straight quotes", [Edit(first, "\""), Edit(last, "\"")]))
  }

  static func hashComment(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "a comment starts with `//`, not with `#`", at: range, help: "write `//`",
      fix: Fix("Write `//`", [Edit(range, "//")]))
  }

  static func blockComment(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "there are no `/* … */` comments", at: range, help: "start every line of the comment with `//`")
  }

  static func unclosedBackticks(at range: SourceRange) -> Diagnostic {
    let length = range.end - range.start
    return Diagnostic(
      .badString, "this name in backticks is not closed", at: range,
      help: "backticks hold a field name: `` r.`in` ``",
      fix: length > 1 ? Fix("Add the closing backtick", [Edit(range.atEnd, "`")]) : nil)
  }

  static func unclosedString(from range: SourceRange, quote: UInt8, isTriple: Bool) -> Diagnostic {
    let quotes = String(repeating: String(Unicode.Scalar(quote)), count: isTriple ? 3 : 1)
    return Diagnostic(
      .badString, isTriple ? "this string is not closed" : "this string is not closed on its line", at: range,
      help: isTriple
        ? "end it with \(quotes)"
        : "end it with \(quotes), or use three quotes for a text of several lines",
      fix: Fix("Add \(quotes)", [Edit(range.atEnd, quotes)]))
  }

  static func unclosedPlaceholder(at range: SourceRange, end: SourceRange, closers: String) -> Diagnostic {
    Diagnostic(
      .badString, "this `${` is not closed", at: range,
      help: closers == "}" ? "end the placeholder with }" : "end the placeholder and its string with \(closers)",
      fix: Fix("Add \(closers)", [Edit(end, closers)]))
  }

  /// A number with letters or digits that belong to no number: `30min`, `1_000`, `1.5h`.
  static func malformedNumber(_ text: String, at range: SourceRange) -> Diagnostic {
    let better = mended(number: text)
    var help = better.map { "write `\($0)`" } ?? "the units are ms s m h d w, and B KB MB GB TB KiB MiB GiB TiB"
    if text.contains("."), better == nil { help = "a duration or size has a whole number before its unit" }
    return Diagnostic(
      .badLiteral, "`\(text)` is not a number, duration or size", at: range, help: help,
      fix: better.map { Fix("Write `\($0)`", [Edit(range, $0)]) })
  }

  /// What the author of a malformed number meant, where that is clear.
  private static func mended(number text: String) -> String? {
    let letters = text.drop { !isNameStart($0.utf8.first ?? 0) || $0 == "_" }
    let digits = text[..<letters.startIndex]
    if digits.isEmpty || letters.contains(where: { isDigit($0.utf8.first ?? 0) }) { return nil }
    if digits.contains("_") { return digits.contains(".") ? nil : digits.filter { $0 != "_" } + letters }
    if digits.contains(".") {
      guard let unit = Unit(letters.utf8), case .duration(let size) = unit else { return nil }
      return milliseconds(digits, of: size).map { "\($0)ms" }
    }
    return Unit.intended(by: String(letters)).map { digits + $0 }
  }

  /// `1.5` units of so many milliseconds, when that is a whole number of them.
  private static func milliseconds(_ decimal: Substring, of unit: Int64) -> Int64? {
    let parts = decimal.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count < 7, parts[1].count < 7 else { return nil }
    let scale = (0..<parts[1].count).reduce(Int64(1)) { value, _ in value * 10 }
    guard let whole = Int64(parts[0]), let fraction = Int64(parts[1]) else { return nil }
    let scaled = (whole * scale + fraction) * unit
    return scaled % scale == 0 ? scaled / scale : nil
  }

  static func invalidUTF8(_ byte: UInt8, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badEncoding, "this byte (\(hex(UInt32(byte)))) is not UTF-8 text", at: range, help: "save the file as UTF-8")
  }

  static func forbiddenCharacter(_ scalar: UInt32, at range: SourceRange) -> Diagnostic {
    let code = "U+" + padded(scalar, to: 4).uppercased()
    return Diagnostic(
      .badEncoding, "the invisible character \(code) can make text read differently from what it says", at: range,
      help: "remove it; in a string write `\\u\(padded(scalar, to: 4))`",
      fix: Fix("Remove \(code)", [Edit(range, "")]))
  }

  /// In YAML, which refuses control characters everywhere.
  static func controlCharacter(_ scalar: UInt32, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badEncoding, "the control character U+\(padded(scalar, to: 4).uppercased()) cannot stand in YAML", at: range,
      help: "remove it; in a text in double quotes write `\\u\(padded(scalar, to: 4))`",
      fix: Fix("Remove it", [Edit(range, "")]))
  }

  private static func hex(_ number: UInt32) -> String { "0x" + padded(number, to: 2) }

  private static func padded(_ number: UInt32, to width: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
