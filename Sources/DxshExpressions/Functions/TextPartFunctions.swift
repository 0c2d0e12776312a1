/// `charAt substring trim` (the strings extension of CEL, `ext/strings`). Positions count code points from 0.
extension FunctionLibrary {
  static let textPartOverloads: [Overload] = [
    Overload("charAt", "string_char_at_int", .member, [.string, .int], .string, partial: true, .binary(character)),
    Overload(
      "substring", "string_substring_int", .member, [.string, .int], .string, partial: true, .binary(suffix)),
    Overload(
      "substring", "string_substring_int_int", .member, [.string, .int, .int], .string, partial: true,
      .ternary(substring)),
    Overload("trim", "string_trim", .member, [.string], .string, .unary(trim)),
  ]

  /// The empty text at the position behind the last.
  private static func character(_ text: Value, _ position: Value) throws(EvaluationError) -> Value {
    guard case .string(let whole) = text, case .int(let number) = position else {
      throw EvaluationError.noOverload("charAt", text, position)
    }
    let start = try offset(number, in: whole)
    guard start < whole.utf8.count else { return .text("") }
    return .string(whole.part(start..<(start + max(1, UTF8Check.length(of: whole.utf8, at: start)))))
  }

  private static func suffix(_ text: Value, _ start: Value) throws(EvaluationError) -> Value {
    guard case .string(let whole) = text, case .int(let first) = start else {
      throw EvaluationError.noOverload("substring", text, start)
    }
    return .string(whole.part(try offset(first, in: whole)..<whole.utf8.count))
  }

  /// From `start` to before `end`.
  private static func substring(_ text: Value, _ start: Value, _ end: Value) throws(EvaluationError) -> Value {
    guard case .string(let whole) = text, case .int(let first) = start, case .int(let last) = end else {
      throw EvaluationError.noOverload("substring", text, start, end)
    }
    guard first <= last else { throw EvaluationError(.decode, "a substring cannot go from \(first) to \(last)") }
    let lower = try offset(first, in: whole)
    return .string(whole.part(lower..<(try offset(last, in: whole))))
  }

  private static func offset(_ position: Int64, in text: Text) throws(EvaluationError) -> Int {
    guard position >= 0, let offset = text.offset(ofScalar: Int(position)) else {
      throw outOfRange(position, .string(text))
    }
    return offset
  }

  private static func trim(_ text: Value) throws(EvaluationError) -> Value {
    guard case .string(let whole) = text else { throw EvaluationError.noOverload("trim", text) }
    let bytes = whole.utf8
    var start = 0
    while start < bytes.count, let length = lengthOfSpace(bytes, at: start) { start += length }
    var end = bytes.count
    while end > start {
      var last = end - 1
      while last > start, bytes[last] & 0xC0 == 0x80 { last -= 1 }
      guard lengthOfSpace(bytes, at: last) != nil else { break }
      end = last
    }
    return start == 0 && end == bytes.count ? text : .string(whole.part(start..<end))
  }

  /// The bytes of the white space at an offset; nil when there is none. White space is what Unicode calls so.
  private static func lengthOfSpace(_ bytes: [UInt8], at offset: Int) -> Int? {
    func byte(_ distance: Int) -> UInt8 { offset + distance < bytes.count ? bytes[offset + distance] : 0 }
    switch (bytes[offset], byte(1), byte(2)) {
    case (0x09...0x0D, _, _), (0x20, _, _): return 1
    // U+0085, U+00A0
    case (0xC2, 0x85, _), (0xC2, 0xA0, _): return 2
    // U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return 3
    default: return nil
    }
  }
}
