/// Decodes the text of a string or bytes token: its escapes, and line ends as `\n` (cel-spec, "String and
/// Bytes Values"). `\${` is dxsh's own and stands for a plain `${` where strings interpolate.
struct StringLiteral {
  enum Problem: Sendable {
    case unknown(String)
    /// `\x`, `\u`, `\U` or an octal escape with too few digits.
    case digits(String, count: Int)
    case notACharacter(String)
    /// `\u` and `\U` in a bytes literal.
    case characterInBytes
  }

  struct Mistake: Sendable {
    var problem: Problem
    var start: UInt32
    var end: UInt32
  }

  private let bytes: [UInt8]
  private var offset: Int
  private let end: Int
  private let isRaw: Bool
  private let isEscaped: Bool
  private let isBytes: Bool
  private let interpolates: Bool
  private let isScalar: Bool
  private(set) var mistakes: [Mistake] = []

  init(_ token: Token, of source: [UInt8], dialect: Dialect) {
    bytes = source
    isRaw = token.flags.contains(.raw)
    isEscaped = token.flags.contains(.escaped)
    isBytes = token.kind == .bytes
    isScalar = token.flags.contains(.scalar)
    let isOpen = token.flags.contains(.reported)
    let quotes = isScalar ? 0 : token.flags.contains(.tripleQuoted) ? 3 : 1
    var start = Int(token.start)
    var quote = UInt8(ascii: "\"")
    var limit = Int(token.end)
    if token.kind == .stringMiddle {
      (start, limit) = (start + 1, limit - 2)
    } else if token.kind == .stringTail {
      (start, limit) = (start + 1, isOpen ? limit : limit - quotes)
    } else if isScalar {
      limit -= token.kind == .stringHead ? 2 : 0
    } else {
      while !isQuote(source[start]) { start += 1 }
      quote = source[start]
      start += quotes
      limit -= token.kind == .stringHead ? 2 : isOpen ? 0 : quotes
    }
    interpolates = dialect == .dxsh && quote == UInt8(ascii: "\"") && !isRaw && !isBytes
    offset = start
    end = max(start, limit)
  }

  mutating func decodeText() -> String {
    if offset >= end { return "" }
    return String(decoding: isEscaped ? decode()[...] : bytes[offset..<end], as: UTF8.self)
  }

  mutating func decodeBytes() -> [UInt8] {
    if offset >= end { return [] }
    return isEscaped ? decode() : Array(bytes[offset..<end])
  }

  private mutating func decode() -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(end - offset)
    while offset < end {
      let byte = bytes[offset]
      if isScalar {
        let isEscape = byte == UInt8(ascii: "$") && offset + 2 < end && bytes[offset + 1] == byte
        if !isEscape || bytes[offset + 2] != UInt8(ascii: "{") { result.append(byte) }
        offset += 1
      } else if byte == UInt8(ascii: "\\"), !isRaw {
        decodeEscape(into: &result)
      } else if byte == UInt8(ascii: "\r") {
        result.append(UInt8(ascii: "\n"))
        offset += offset + 1 < end && bytes[offset + 1] == UInt8(ascii: "\n") ? 2 : 1
      } else {
        result.append(byte)
        offset += 1
      }
    }
    return result
  }

  private mutating func decodeEscape(into result: inout [UInt8]) {
    let start = offset
    offset += 1
    guard offset < end else { return add(.unknown("\\"), start) }
    let kind = bytes[offset]
    offset += 1
    if let plain = StringLiteral.simpleEscape(kind) { return result.append(plain) }
    switch kind {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): decodeNumber(from: start, digits: 2, radix: 16, into: &result)
    case UInt8(ascii: "u"): decodeNumber(from: start, digits: 4, radix: 16, into: &result)
    case UInt8(ascii: "U"): decodeNumber(from: start, digits: 8, radix: 16, into: &result)
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      offset -= 1
      decodeNumber(from: start, digits: 3, radix: 8, into: &result)
    case UInt8(ascii: "$") where interpolates && offset < end && bytes[offset] == UInt8(ascii: "{"):
      result.append(UInt8(ascii: "$"))
    default:
      while offset < end, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      result.append(contentsOf: bytes[start..<offset])
      add(.unknown(String(decoding: bytes[start..<offset], as: UTF8.self)), start)
    }
  }

  private mutating func decodeNumber(from start: Int, digits: Int, radix: Int, into result: inout [UInt8]) {
    let first = offset
    var value: UInt32 = 0
    while offset < end, offset - first < digits, let digit = hexValue(bytes[offset]), digit < radix {
      value = value &* UInt32(radix) &+ UInt32(digit)
      offset += 1
    }
    let escape = String(decoding: bytes[start..<offset], as: UTF8.self)
    if offset - first < digits { return add(.digits(escape, count: digits), start) }
    if isBytes {
      if digits > 3 { return add(.characterInBytes, start) }
      return result.append(UInt8(truncatingIfNeeded: value))
    }
    guard let scalar = Unicode.Scalar(value) else { return add(.notACharacter(escape), start) }
    result.append(contentsOf: String(scalar).utf8)
  }

  private mutating func add(_ problem: Problem, _ start: Int) {
    mistakes.append(Mistake(problem: problem, start: UInt32(start), end: UInt32(offset)))
  }

  private func hexValue(_ byte: UInt8) -> Int? {
    if isDigit(byte) { return Int(byte - UInt8(ascii: "0")) }
    return isHexDigit(byte) ? Int((byte | 0x20) - UInt8(ascii: "a")) + 10 : nil
  }

  private static func simpleEscape(_ kind: UInt8) -> UInt8? {
    switch kind {
    case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): kind
    case UInt8(ascii: "a"): 0x07
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "v"): 0x0B
    default: nil
    }
  }
}
