/// `lowerAscii upperAscii reverse strings.quote` (the strings extension of CEL, `ext/strings`).
extension FunctionLibrary {
  static let textShapeOverloads: [Overload] = [
    Overload(
      "lowerAscii", "string_lower_ascii", .member, [.string], .string,
      .unary { text throws(EvaluationError) in
        try mapBytes("lowerAscii", text) { 0x41...0x5A ~= $0 ? $0 + 0x20 : $0 }
      }),
    Overload(
      "upperAscii", "string_upper_ascii", .member, [.string], .string,
      .unary { text throws(EvaluationError) in
        try mapBytes("upperAscii", text) { 0x61...0x7A ~= $0 ? $0 - 0x20 : $0 }
      }),
    Overload("reverse", "string_reverse", .member, [.string], .string, .unary(reverse)),
    Overload("strings.quote", "strings_quote", [.string], .string, .unary(quote)),
  ]

  private static func mapBytes(
    _ name: String, _ text: Value, _ change: (UInt8) -> UInt8
  ) throws(EvaluationError) -> Value {
    guard case .string(let whole) = text else { throw EvaluationError.noOverload(name, text) }
    return .string(Text(validUTF8: whole.utf8.map(change)))
  }

  /// By code points.
  private static func reverse(_ text: Value) throws(EvaluationError) -> Value {
    guard case .string(let whole) = text else { throw EvaluationError.noOverload("reverse", text) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(whole.utf8.count)
    var end = whole.utf8.count
    while end > 0 {
      var start = end - 1
      while start > 0, whole.utf8[start] & 0xC0 == 0x80 { start -= 1 }
      bytes += whole.utf8[start..<end]
      end = start
    }
    return .string(Text(validUTF8: bytes))
  }

  /// In double quotes, with the escapes of CEL for what would end the text or not be seen.
  private static func quote(_ text: Value) throws(EvaluationError) -> Value {
    guard case .string(let whole) = text else { throw EvaluationError.noOverload("strings.quote", text) }
    var bytes: [UInt8] = [0x22]
    bytes.reserveCapacity(whole.utf8.count + 2)
    for byte in whole.utf8 {
      if let letter = escapeLetter(byte) { bytes.append(0x5C); bytes.append(letter) } else { bytes.append(byte) }
    }
    bytes.append(0x22)
    return .string(Text(validUTF8: bytes))
  }

  private static func escapeLetter(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x07: UInt8(ascii: "a")
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0B: UInt8(ascii: "v")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    case 0x22, 0x5C: byte
    default: nil
    }
  }
}
