extension Lexer {
  private enum StringEnd {
    case closed
    /// After a `${`.
    case placeholder
    /// Before the end of the line or of the file.
    case missing
  }

  mutating func lexPrefixedString() {
    let start = offset
    var raw = false
    var isBytes = false
    while !isQuote(bytes[offset]) {
      if bytes[offset] | 0x20 == UInt8(ascii: "r") { raw = true } else { isBytes = true }
      offset += 1
    }
    lexString(from: start, raw: raw, bytes: isBytes)
  }

  /// Reads a literal from its opening quote at `offset`; `start` is where its prefix begins.
  mutating func lexString(from start: Int, raw: Bool, bytes isBytes: Bool) {
    let quote = bytes[offset]
    let isTriple = byte(offset + 1) == quote && byte(offset + 2) == quote
    offset += isTriple ? 3 : 1
    var flags: Token.Flags = raw ? .raw : []
    if isTriple { flags.insert(.tripleQuoted) }
    let interpolates = dialect == .dxsh && quote == UInt8(ascii: "\"") && !raw && !isBytes
    switch scanText(quote: quote, isTriple: isTriple, interpolates: interpolates, flags: &flags) {
    case .closed:
      add(isBytes ? .bytes : .string, from: start, flags: flags)
    case .placeholder:
      open(OpenString(placeholder: offset - 2, openBraces: 0, isTripleQuoted: isTriple))
      add(.stringHead, from: start, flags: flags)
    case .missing:
      diagnostics.append(.unclosedString(from: range(start, offset), quote: quote, isTriple: isTriple))
      add(isBytes ? .bytes : .string, from: start, flags: flags.union(.reported))
      closeStrings(all: offset == limit, reporting: false)
    }
  }

  /// Reads the text of a scalar up to its first placeholder or its end.
  mutating func lexScalar() {
    let start = offset
    var flags: Token.Flags = .scalar
    guard scanScalar(flags: &flags) == .placeholder else { return add(.string, from: start, flags: flags) }
    open(OpenString(placeholder: offset - 2, openBraces: 0, isTripleQuoted: true, isScalar: true))
    add(.stringHead, from: start, flags: flags)
  }

  private mutating func continueScalar() {
    let start = offset
    offset += 1
    var flags: Token.Flags = .scalar
    if scanScalar(flags: &flags) == .placeholder {
      openStrings[openStrings.count - 1].placeholder = offset - 2
      add(.stringMiddle, from: start, flags: flags)
    } else {
      close()
      add(.stringTail, from: start, flags: flags)
    }
  }

  /// Goes to the next `${` or the end; `$${` is no placeholder (rule 54).
  private mutating func scanScalar(flags: inout Token.Flags) -> StringEnd {
    while offset < limit {
      if bytes[offset] == UInt8(ascii: "$") {
        if byte(offset + 1) == UInt8(ascii: "$"), byte(offset + 2) == UInt8(ascii: "{") {
          flags.insert(.escaped)
          offset += 2
        } else if byte(offset + 1) == UInt8(ascii: "{") {
          offset += 2
          return .placeholder
        }
      }
      offset += 1
    }
    return .closed
  }

  /// Goes on with the innermost open string after the `}` at `offset`.
  mutating func continueString() {
    let start = offset
    let open = openStrings[openStrings.count - 1]
    if open.isScalar { return continueScalar() }
    offset += 1
    var flags: Token.Flags = open.isTripleQuoted ? .tripleQuoted : []
    let quote = UInt8(ascii: "\"")
    switch scanText(
      quote: quote, isTriple: open.isTripleQuoted, interpolates: true, allowsLines: allowsLines(below: 1),
      flags: &flags)
    {
    case .closed:
      close()
      add(.stringTail, from: start, flags: flags)
    case .placeholder:
      openStrings[openStrings.count - 1].placeholder = offset - 2
      add(.stringMiddle, from: start, flags: flags)
    case .missing:
      diagnostics.append(.unclosedString(from: range(start, offset), quote: quote, isTriple: open.isTripleQuoted))
      close()
      add(.stringTail, from: start, flags: flags.union(.reported))
      closeStrings(all: offset == limit, reporting: false)
    }
  }

  /// Ends the strings whose placeholder is open where the line ends (or all of them, where the file ends)
  /// with empty tails, so that the parser finds every string closed.
  mutating func closeStrings(all: Bool, reporting: Bool = true) {
    if openStrings.isEmpty || !all && openLineStrings == 0 { return }
    if reporting, let innermost = openStrings.last {
      diagnostics.append(
        .unclosedPlaceholder(
          at: range(innermost.placeholder, innermost.placeholder + 2), end: range(offset, offset),
          closers: innermost.isScalar ? "}" : innermost.isTripleQuoted ? "}\"\"\"" : "}\""))
    }
    while let string = openStrings.last, all || openLineStrings > 0 {
      close()
      add(.stringTail, from: offset, flags: string.isScalar ? [.reported, .scalar] : .reported)
    }
  }

  private mutating func open(_ string: OpenString) {
    openStrings.append(string)
    if !string.isTripleQuoted { openLineStrings += 1 }
  }

  private mutating func close() {
    let string = openStrings.removeLast()
    if !string.isTripleQuoted { openLineStrings -= 1 }
  }

  /// Whether no open string outside the innermost `count` has to end on this line.
  private func allowsLines(below count: Int) -> Bool {
    let inner = openStrings.suffix(count).reduce(0) { $0 + ($1.isTripleQuoted ? 0 : 1) }
    return openLineStrings == inner
  }

  private mutating func scanText(
    quote: UInt8, isTriple: Bool, interpolates: Bool, allowsLines: Bool? = nil, flags: inout Token.Flags
  ) -> StringEnd {
    let allowsLines = isTriple && (allowsLines ?? (openLineStrings == 0))
    let isRaw = flags.contains(.raw)
    while offset < limit {
      let next = bytes[offset]
      if next == quote {
        if !isTriple {
          offset += 1
          return .closed
        }
        if byte(offset + 1) == quote, byte(offset + 2) == quote {
          offset += 3
          return .closed
        }
      } else if next == UInt8(ascii: "\\"), !isRaw {
        flags.insert(.escaped)
        let escaped = byte(offset + 1)
        if offset + 1 < limit, escaped != UInt8(ascii: "\n"), escaped != UInt8(ascii: "\r") { offset += 1 }
      } else if next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r") {
        if !allowsLines { return .missing }
        if next == UInt8(ascii: "\r") { flags.insert(.escaped) }
      } else if next == UInt8(ascii: "$"), interpolates, byte(offset + 1) == UInt8(ascii: "{") {
        offset += 2
        return .placeholder
      }
      offset += 1
    }
    return .missing
  }
}

func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

/// Whether three bytes, of which the first starts an identifier, begin a literal with the prefix `r`, `b` or `br`.
func isPrefixedString(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
  switch first {
  case UInt8(ascii: "r"), UInt8(ascii: "R"): isQuote(second)
  case UInt8(ascii: "b"), UInt8(ascii: "B"): isQuote(second) || second | 0x20 == UInt8(ascii: "r") && isQuote(third)
  default: false
  }
}
