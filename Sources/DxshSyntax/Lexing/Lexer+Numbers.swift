extension Lexer {
  /// Reads a number, a duration or a size at `offset`, with every letter and digit that touches it.
  mutating func lexNumber() {
    let start = offset
    let kind = scanNumber()
    if !isNamePart(byte(offset)) { return add(kind, from: start) }
    while isNamePart(byte(offset)) { offset += 1 }
    diagnostics.append(.malformedNumber(file.text(range(start, offset)), at: range(start, offset)))
    add(.invalidLiteral, from: start, flags: .reported)
  }

  /// Consumes the longest number and says what it is; letters or digits that are left over are a mistake.
  private mutating func scanNumber() -> Token.Kind {
    if bytes[offset] == UInt8(ascii: "0"), byte(offset + 1) | 0x20 == UInt8(ascii: "x"), isHexDigit(byte(offset + 2)) {
      offset += 2
      while isHexDigit(byte(offset)) { offset += 1 }
      return scanUnsignedSuffix() ? .uint : .int
    }
    skipDigits()
    var isDouble = false
    if byte(offset) == UInt8(ascii: "."), isDigit(byte(offset + 1)) {
      offset += 1
      skipDigits()
      isDouble = true
    }
    if byte(offset) | 0x20 == UInt8(ascii: "e") {
      let sign = byte(offset + 1)
      let digits = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? offset + 2 : offset + 1
      if isDigit(byte(digits)) {
        offset = digits
        skipDigits()
        isDouble = true
      }
    }
    if isDouble { return .double }
    if scanUnsignedSuffix() { return .uint }
    return (dialect == .dxsh ? scanUnits() : nil) ?? .int
  }

  private mutating func scanUnsignedSuffix() -> Bool {
    guard byte(offset) | 0x20 == UInt8(ascii: "u"), !isNamePart(byte(offset + 1)) else { return false }
    offset += 1
    return true
  }

  /// Consumes units after digits: `KiB`, or `h30m` of `1h30m`.
  private mutating func scanUnits() -> Token.Kind? {
    guard let first = scanUnit() else { return nil }
    if case .size = first { return .size }
    while isDigit(byte(offset)) {
      let digits = offset
      skipDigits()
      guard let unit = scanUnit(), case .duration = unit else {
        offset = digits
        break
      }
    }
    return .duration
  }

  /// Consumes the letters at `offset` when they are exactly one unit.
  private mutating func scanUnit() -> Unit? {
    var end = offset
    while isNameStart(byte(end)), end - offset < 4 { end += 1 }
    guard let unit = Unit(bytes[offset..<end]) else { return nil }
    offset = end
    return unit
  }

  private mutating func skipDigits() {
    while isDigit(byte(offset)) { offset += 1 }
  }
}

func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6 }
