/// How literals and names are written where no source text shows how the author wrote them.
enum LiteralText {
  static func text(of literal: ExpressionSyntax.Literal) -> String {
    switch literal {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .uint(let value): "\(value)u"
    case .double(let value): "\(value)"
    case .string(let value): quoted(value)
    case .bytes(let value): "b\"" + escaped(value) + "\""
    case .duration(let value): duration(value)
    case .size(let value): size(value)
    }
  }

  static func quoted(_ text: String) -> String { "\"" + escaped(text) + "\"" }

  /// A text as it stands between double quotes on one line.
  static func escaped(_ text: String) -> String {
    var result = ""
    var isAfterDollar = false
    for scalar in text.unicodeScalars {
      if let escape = escape(of: scalar) {
        result += escape
      } else if scalar == "{", isAfterDollar {
        result.unicodeScalars.removeLast()
        result += "\\${"
      } else if scalar.value < 0x20 || scalar.value == 0x7F || EncodingCheck.isForbidden(scalar.value)
        || scalar.value == 0x85 || scalar.value == 0x2028 || scalar.value == 0x2029
      {
        result += "\\u" + hexadecimal(scalar.value, digits: 4)
      } else {
        result.unicodeScalars.append(scalar)
      }
      isAfterDollar = scalar == "$"
    }
    return result
  }

  private static func escape(of scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: nil
    }
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    var result = ""
    for byte in bytes {
      let scalar = Unicode.Scalar(byte)
      if byte < 0x80, let escape = escape(of: scalar) {
        result += escape
      } else if byte < 0x20 || byte >= 0x7F {
        result += "\\x" + hexadecimal(UInt32(byte), digits: 2)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  // MARK: Quantities

  /// Whole weeks as weeks, everything else in days, hours, minutes, seconds and milliseconds.
  static func duration(_ milliseconds: Int64) -> String {
    let week: Int64 = 604_800_000
    if milliseconds == 0 { return "0s" }
    if milliseconds % week == 0 { return "\(milliseconds / week)w" }
    var rest = milliseconds
    var text = ""
    let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)]
    for (unit, factor) in units where rest >= factor {
      text += "\(rest / factor)\(unit)"
      rest %= factor
    }
    return text
  }

  /// In the unit that needs the smallest number, a binary one before a decimal one.
  static func size(_ bytes: Int64) -> String {
    var best = "\(bytes)B"
    var count = bytes
    let units: [(String, Int64)] = [
      ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
      ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ]
    for (unit, factor) in units where bytes > 0 && bytes % factor == 0 && bytes / factor < count {
      count = bytes / factor
      best = "\(count)\(unit)"
    }
    return best
  }

  // MARK: Names

  /// A field name, in backticks where it is no word or one of the four that are literals.
  static func fieldName(_ text: String) -> String {
    let isWord = text.utf8.first.map(isNameStart) ?? true && text.utf8.allSatisfy(isNamePart)
    let isLiteral = text == "true" || text == "false" || text == "null" || text == "in"
    return isWord && !isLiteral ? text : "`" + text + "`"
  }
}
