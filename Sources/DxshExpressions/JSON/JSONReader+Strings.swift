extension JSONReader {
  /// A string; the position is at its quote.
  mutating func readString() throws(JSONError) -> Text {
    let (end, isPlain) = scanString()
    guard isPlain else { return try readEscapedString() }
    let text = Text(validUTF8: Array(bytes[position + 1..<end]))
    position = end + 1
    return text
  }

  /// As `readString`, but a key that was read lately is shared instead of copied. The hash is the same for the
  /// same text.
  mutating func readKey() throws(JSONError) -> (text: Text, hash: UInt8) {
    let (end, isPlain) = scanString()
    guard isPlain else {
      let text = try readEscapedString()
      return (text, Self.hash(of: text.utf8[...]))
    }
    let key = bytes[position + 1..<end]
    let hash = Self.hash(of: key)
    position = end + 1
    if Self.isEqual(recentKeys[Int(hash)].utf8, key) { return (recentKeys[Int(hash)], hash) }
    let text = Text(validUTF8: Array(key))
    recentKeys[Int(hash)] = text
    return (text, hash)
  }

  private static func hash(of key: ArraySlice<UInt8>) -> UInt8 {
    guard let first = key.first, let last = key.last else { return 0 }
    let middle = key[key.startIndex + key.count / 2]
    return (UInt8(truncatingIfNeeded: key.count) &* 31 ^ first) &* 167 &+ last &* 5 &+ middle &* 13
  }

  private static func isEqual(_ text: [UInt8], _ key: ArraySlice<UInt8>) -> Bool {
    guard text.count == key.count else { return false }
    for index in text.indices where text[index] != key[key.startIndex + index] { return false }
    return true
  }

  /// The position of the closing quote of a string of plain ASCII without escapes. Anything else is left to
  /// `readEscapedString`.
  private func scanString() -> (end: Int, isPlain: Bool) {
    var end = position + 1
    let raw = bytes.span.bytes
    while end + 8 <= bytes.count {
      let special = Self.specialBytes(of: raw.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self))
      if special != 0 {
        end += special.trailingZeroBitCount / 8
        return (end, bytes[end] == 0x22)
      }
      end += 8
    }
    while end < bytes.count {
      let byte = bytes[end]
      if byte == 0x22 { return (end, true) }
      if byte < 0x20 || byte == 0x5C || byte >= 0x80 { return (end, false) }
      end += 1
    }
    return (end, false)
  }

  /// The high bit of the first of eight bytes that is a quote, a backslash, a control character or not ASCII, and
  /// perhaps of later ones. The first byte is the lowest.
  private static func specialBytes(of word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let word = UInt64(littleEndian: word)
    let quote = (word ^ ones &* 0x22) &- ones
    let backslash = (word ^ ones &* 0x5C) &- ones
    let control = word &- ones &* 0x20
    return (quote | backslash | control | word) & (ones &* 0x80)
  }

  private mutating func readEscapedString() throws(JSONError) -> Text {
    let start = position
    position += 1
    var text: [UInt8] = []
    var run = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x22 {
        text.append(contentsOf: bytes[run..<position])
        position += 1
        return Text(validUTF8: text)
      } else if byte == 0x5C {
        text.append(contentsOf: bytes[run..<position])
        text.append(contentsOf: try readEscape())
        run = position
      } else if byte < 0x20 {
        throw error("a string may not hold \(found) without an escape")
      } else if byte < 0x80 {
        position += 1
      } else {
        let length = UTF8Check.length(of: bytes, at: position)
        guard length > 0 else { throw error("the text is not UTF-8") }
        position += length
      }
    }
    throw error("the string does not end", at: start)
  }

  /// The UTF-8 of an escape; the position is at its backslash and then behind it.
  private mutating func readEscape() throws(JSONError) -> [UInt8] {
    let start = position
    guard position + 1 < bytes.count else { throw error("the string does not end") }
    position += 2
    switch bytes[position - 1] {
    case 0x22: return [0x22]
    case 0x5C: return [0x5C]
    case 0x2F: return [0x2F]
    case 0x62: return [0x08]
    case 0x66: return [0x0C]
    case 0x6E: return [0x0A]
    case 0x72: return [0x0D]
    case 0x74: return [0x09]
    case 0x75: return try readCodePoint(escapedAt: start)
    default: throw error("unknown escape", at: start)
    }
  }

  /// The rest of `\uXXXX`, and of a second one when the first is half of a pair.
  private mutating func readCodePoint(escapedAt start: Int) throws(JSONError) -> [UInt8] {
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
    return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
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
