/// How a text is written as a scalar: plain where no reader of YAML can take it for something else, else in quotes, and
/// on several lines where it has several (rule 53).
enum YAMLScalar {
  /// On one line.
  static func text(_ text: String) -> String { isPlain(text) ? text : YAMLQuotes.quoted(text) }

  /// A key: plain where it is a name.
  static func key(_ text: String) -> String { self.text(text) }

  /// Letters, digits and `_ . / -` with spaces inside, that start with a letter and mean nothing else.
  static func isPlain(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, isNameStart(first) || first == UInt8(ascii: "/") else {
      return false
    }
    let isSafe = bytes.allSatisfy {
      isNamePart($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-")
        || $0 == UInt8(ascii: " ")
    }
    return isSafe && last != UInt8(ascii: " ") && !isTaken(text)
  }

  /// Whether a plain word is a literal here or elsewhere.
  private static func isTaken(_ text: String) -> Bool {
    if text.utf8.count > 5 { return false }
    if ["true", "false", "null", "y", "Y", "n", "N"].contains(text) { return true }
    return Array(text.utf8).withUnsafeBufferPointer(YAMLTrapWords.contains)
  }

  /// The header and the lines of a block scalar that is this text; nil where it has to stand in quotes.
  static func block(_ text: String) -> (header: String, lines: [Substring])? {
    guard text.utf8.contains(UInt8(ascii: "\n")), let first = text.first(where: { $0 != "\n" }) else { return nil }
    let isVisible = text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || YAMLQuotes.isVisible($0) }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard isVisible, first != " ", first != "\t" else { return nil }
    guard lines.last == "" else { return ("|-", lines) }
    lines.removeLast()
    return lines.last == "" ? nil : ("|", lines)
  }
}
