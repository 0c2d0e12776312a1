/// Texts in the quotes of YAML.
enum YAMLQuotes {
  /// In double quotes, or in single ones where that needs no escapes.
  static func quoted(_ text: String) -> String {
    let isSimple = text.utf8.allSatisfy {
      $0 >= UInt8(ascii: " ") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != 0x7F
    }
    if isSimple { return "\"\(text)\"" }
    if text.utf8.allSatisfy({ $0 >= UInt8(ascii: " ") && $0 != 0x7F }) {
      return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    return doubleQuoted(text)
  }

  /// With escapes for everything that is invisible.
  static func doubleQuoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if isVisible(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          let digits = String(scalar.value, radix: 16, uppercase: true)
          let (kind, width) = scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
          result += "\\" + kind + String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
      }
    }
    return result + "\""
  }

  /// Whether a character may stand in YAML text as it is.
  static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFFFE, 0xFFFF: false
    default: !EncodingCheck.isForbidden(scalar.value)
    }
  }
}
