/// Text that comes from outside (messages, reasons, signals, names of files), as it is shown to people: it does nothing
/// to the terminal of who reads it, and cannot pass for what this program says.
package enum PrintableText {
  /// Within a line: what would end it is escaped too.
  package static func line(_ text: String) -> String { escaped(text, isActive) }

  /// Line feeds stay.
  package static func lines(_ text: String) -> String { escaped(text) { $0 != "\n" && isActive($0) } }

  private static func escaped(_ text: String, _ isActive: (Unicode.Scalar) -> Bool) -> String {
    // The bytes that such characters are or begin with in UTF-8; most texts have none of them.
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 || $0 == 0xE2 }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isActive(scalar) {
        result += scalar == "\n" ? "\\n" : "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a terminal acts on a character: control characters but the tab, what separates lines and paragraphs, and
  /// what turns the direction of the text around it (unicode.org/reports/tr9, "Explicit Directional Formatting").
  private static func isActive(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09: false
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
