extension JSONReader {
  /// A string; the position is at its quote.
  mutating func readString() throws(JSONError) -> Text {
    let (end, isPlain) = scanString()
    guard isPlain else { return try readUnusualString() }
    let text = texts.text(UnsafeBufferPointer(rebasing: bytes[position + 1..<end]))
    position = end + 1
    return text
  }

  /// The position of the closing quote of a string without escapes; the position is at its quote. Anything else, what
  /// is wrong included, is left to `readUnusualString`.
  mutating func scanString() -> (end: Int, isPlain: Bool) {
    let start = position + 1
    var end = start
    var high: UInt64 = 0
    while end + 8 <= bytes.count {
      let word = JSONWord.load(bytes, at: end)
      let special = JSONWord.specialBytes(of: word)
      if special != 0 {
        let count = UInt64(special.trailingZeroBitCount & 56)
        high |= word & ((1 << count) - 1)
        end += Int(count / 8)
        return (end, bytes[end] == 0x22 && isUTF8(start..<end, high))
      }
      high |= word
      end += 8
    }
    while end < bytes.count {
      let byte = bytes[end]
      if byte == 0x22 { return (end, isUTF8(start..<end, high)) }
      if byte < 0x20 || byte == 0x5C { return (end, false) }
      high |= UInt64(byte)
      end += 1
    }
    return (end, false)
  }

  /// `high` is the bytes of the range, laid over each other.
  private mutating func isUTF8(_ range: Range<Int>, _ high: UInt64) -> Bool {
    high & JSONWord.highBits == 0 || UTF8Check.firstInvalid(in: UnsafeBufferPointer(rebasing: bytes[range])) == nil
  }

  /// A string with escapes or with something wrong.
  mutating func readUnusualString() throws(JSONError) -> Text {
    let start = position
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let run = position
      position = JSONWord.endOfRun(in: bytes, from: position)
      if let offset = UTF8Check.firstInvalid(in: UnsafeBufferPointer(rebasing: bytes[run..<position])) {
        throw error("the text is not UTF-8", at: run + offset)
      }
      text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[run..<position]))
      guard position < bytes.count else { break }
      switch bytes[position] {
      case 0x22:
        position += 1
        return Text(validUTF8: text)
      case 0x5C: try readEscape(&text)
      default: throw error("a string may not hold \(found) without an escape")
      }
    }
    throw error("the string does not end", at: start)
  }

  /// An escape; the position is at its backslash and then behind it.
  private mutating func readEscape(_ text: inout [UInt8]) throws(JSONError) {
    let start = position
    guard position + 1 < bytes.count else { throw error("the string does not end") }
    position += 2
    switch bytes[position - 1] {
    case 0x22: text.append(0x22)
    case 0x5C: text.append(0x5C)
    case 0x2F: text.append(0x2F)
    case 0x62: text.append(0x08)
    case 0x66: text.append(0x0C)
    case 0x6E: text.append(0x0A)
    case 0x72: text.append(0x0D)
    case 0x74: text.append(0x09)
    case 0x75: text.append(contentsOf: UTF8.encode(try readScalar(escapedAt: start)) ?? .init())
    default: throw error("unknown escape", at: start)
    }
  }

  /// The rest of `\uXXXX`, and of a second one when the first is half of a pair.
  private mutating func readScalar(escapedAt start: Int) throws(JSONError) -> Unicode.Scalar {
    guard let first = readHex() else { throw error("an escape \\u needs four hexadecimal digits", at: start) }
    var code = first
    if first & 0xFC00 == 0xD800 {
      guard position + 1 < bytes.count, bytes[position] == 0x5C, bytes[position + 1] == 0x75 else {
        throw error("half of a surrogate pair", at: start)
      }
      position += 2
      guard let second = readHex(), second & 0xFC00 == 0xDC00 else {
        throw error("half of a surrogate pair", at: start)
      }
      code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair", at: start) }
    return scalar
  }

  private mutating func readHex() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    var code: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      switch byte {
      case 0x30...0x39: code = code << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: code = code << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: code = code << 4 | UInt32(byte - 0x57)
      default: return nil
      }
    }
    position += 4
    return code
  }
}
