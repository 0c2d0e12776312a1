import Glibc

/// Doubles as decimal text (cel-spec, `doc/extensions/strings.md`).
enum NumberText {
  /// Digits behind the point; more are refused.
  static let precisionLimit = 1000

  /// So many digits behind the point, rounded exactly, half to even: `-12.50`.
  static func fixed(_ value: Double, precision: Int) -> [UInt8] {
    special(value) ?? printed("%.*f", value, precision)
  }

  /// One digit before the point, so many behind it, and an exponent of two digits or more: `1.25e+03`.
  static func scientific(_ value: Double, precision: Int) -> [UInt8] {
    special(value) ?? printed("%.*e", value, precision)
  }

  /// The shortest digits that read back as the same double, without an exponent: `0.000000002`, `3`.
  static func plain(_ value: Double) -> [UInt8] {
    if let special = special(value) { return special }
    var text = Array(value.description.utf8)[...]
    var result: [UInt8] = []
    if text.first == 0x2D {
      result.append(0x2D)
      text.removeFirst()
    }
    var exponent = 0
    if let mark = text.firstIndex(of: 0x65) {
      exponent = Int(String(decoding: text[(mark + 1)...], as: UTF8.self)) ?? 0
      text = text[..<mark]
    }
    let whole = text.prefix { $0 != 0x2E }
    var digits = Array(whole) + text.dropFirst(whole.count + 1)
    // The point stands before the digit of this index.
    var point = whole.count + exponent
    if point <= 0 {
      digits = [UInt8](repeating: 0x30, count: 1 - point) + digits
      point = 1
    } else if point > digits.count {
      digits += [UInt8](repeating: 0x30, count: point - digits.count)
    }
    result += digits[..<point]
    let fraction = digits[point...]
    if let last = fraction.lastIndex(where: { $0 != 0x30 }) {
      result.append(0x2E)
      result += fraction[...last]
    }
    return result
  }

  private static func special(_ value: Double) -> [UInt8]? {
    guard !value.isFinite else { return nil }
    return Array((value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity").utf8)
  }

  private static func printed(_ format: String, _ value: Double, _ precision: Int) -> [UInt8] {
    let precision = Int32(clamping: min(precision, precisionLimit))
    // A sign, 309 digits, the point, and the zero byte that ends a text of C.
    return [UInt8](unsafeUninitializedCapacity: 320 + Int(precision)) { buffer, count in
      count = withVaList([precision, value]) { arguments in
        buffer.withMemoryRebound(to: CChar.self) { text in
          let written = vsnprintf(text.baseAddress, text.count, format, arguments)
          return min(max(0, Int(written)), text.count - 1)
        }
      }
    }
  }
}
