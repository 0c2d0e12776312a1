/// Plain words that YAML 1.1, which most tools read, takes for something else than their text.
enum YAMLTrapWords {
  private static let words: Set<String> = [
    "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "~", ".inf", ".Inf", ".INF", "-.inf",
    "+.inf", ".nan", ".NaN", ".NAN", "True", "TRUE", "False", "FALSE", "Null", "NULL",
  ]

  static func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first, text.count <= 32 else { return false }
    if isDigit(first) { return isSexagesimal(text) || isOctal(text) }
    guard text.count <= 5 else { return false }
    switch first | 0x20 {
    case UInt8(ascii: "y"), UInt8(ascii: "n"), UInt8(ascii: "o"), UInt8(ascii: "t"), UInt8(ascii: "f"),
      UInt8(ascii: "~") | 0x20, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"):
      return words.contains(String(decoding: text, as: UTF8.self))
    default: return false
    }
  }

  /// What another reader makes of a word.
  static func meaning(of text: String) -> String {
    if let first = text.utf8.first, isDigit(first) {
      return text.contains(":") ? "a number to base 60" : "an octal number"
    }
    switch text.lowercased() {
    case "yes", "on", "true": return "the same as `true`"
    case "no", "off", "false": return "the same as `false`"
    case "~", "null": return "the same as `null`"
    default: return "a number"
    }
  }

  /// How what is meant can be written, beside in quotes.
  static func replacement(for text: String) -> String? {
    switch text.lowercased() {
    case "yes", "on", "true": "true"
    case "no", "off", "false": "false"
    case "~", "null": "null"
    default: nil
    }
  }

  /// `1:30`
  private static func isSexagesimal(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var hasColon = false
    for (index, byte) in text.enumerated() {
      if byte == UInt8(ascii: ":") {
        guard index + 1 < text.count, isDigit(text[index + 1]), text[index + 1] < UInt8(ascii: "6") else {
          return false
        }
        hasColon = true
      } else if !isDigit(byte) {
        return false
      }
    }
    return hasColon
  }

  /// `0o7`
  private static func isOctal(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.count > 2 && text[0] == UInt8(ascii: "0") && text[1] == UInt8(ascii: "o")
      && text.dropFirst(2).allSatisfy(isDigit)
  }
}
