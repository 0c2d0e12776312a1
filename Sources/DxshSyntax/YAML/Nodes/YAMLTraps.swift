/// A text that has to stand in quotes to be read: its bytes are hidden from libyaml behind quotes of the same length.
struct YAMLMend: Sendable {
  enum Trap: Sendable {
    /// `${…}` in brackets, or with `: ` or ` #` in it.
    case placeholder
    /// `map<string, int>` in brackets.
    case typeArguments
    /// A text with `: ` in it.
    case colon
    /// A text that starts with a character that YAML keeps for itself.
    case indicator(UInt8)
    /// Quotes inside of quotes: `"${m["k"]}"`.
    case quotes
    /// A text in quotes that is not closed on its line, and so swallows the lines below.
    case openQuote
    case tabs
  }

  var trap: Trap
  var start: UInt32
  var end: UInt32

  var isTabs: Bool {
    if case .tabs = trap { true } else { false }
  }

  /// The text inside of the quotes that there are.
  var content: Range<Int32> {
    switch trap {
    case .quotes: Int32(start) + 1..<Int32(end) - 1
    case .openQuote: Int32(start) + 1..<Int32(end)
    case .placeholder, .typeArguments, .colon, .indicator, .tabs: Int32(start)..<Int32(end)
    }
  }

  /// Hides the text. Tabs become spaces wherever they indent a line.
  func apply(to bytes: inout [UInt8]) {
    if isTabs {
      bytes[Int(start)] = UInt8(ascii: " ")
      var isIndentation = true
      for index in bytes.indices {
        if bytes[index] == UInt8(ascii: "\t"), isIndentation { bytes[index] = UInt8(ascii: " ") }
        isIndentation = bytes[index] == UInt8(ascii: "\n") || isIndentation && bytes[index] == UInt8(ascii: " ")
      }
      return
    }
    for index in Int(start)..<Int(end) where bytes[index] < 0x80 { bytes[index] = UInt8(ascii: "x") }
    if end - start > 1 {
      bytes[Int(start)] = UInt8(ascii: "\"")
      bytes[Int(end) - 1] = UInt8(ascii: "\"")
    }
  }
}

/// What libyaml has against a text.
struct YAMLTrouble {
  var problem: String
  var context: String
  /// In bytes.
  var place: UInt32
  var contextPlace: UInt32
  var isEncoding: Bool
}

/// Finds the texts that an author has forgotten to put in quotes (rule 53).
struct YAMLTraps {
  let bytes: [UInt8]

  // MARK: Scalars

  /// What is wrong with a scalar that libyaml has read otherwise than it is meant.
  func mend(of node: YAMLNode) -> YAMLMend? {
    let (first, last) = (Int(node.first), Int(node.count))
    for index in first..<max(first, last) {
      let byte = bytes[index]
      if byte == UInt8(ascii: "$") {
        if node.style == .plain, node.flags.contains(.flow), index == last - 1, isAt("{", last) {
          return mend(.placeholder, from: first, through: index, isFlow: true)
        }
        if index + 1 < last, bytes[index + 1] == UInt8(ascii: "{"), !(index > first && bytes[index - 1] == byte) {
          if endOfPlaceholder(index, before: last) == nil { return mend(unclosed: index, in: node) }
        }
      } else if byte == UInt8(ascii: "<"), node.style == .plain, node.flags.contains(.flow) {
        if isTypeArgument(index, from: first), !closesAngles(first, last) {
          return mend(.typeArguments, from: first, through: first, isFlow: true)
        }
      }
    }
    return nil
  }

  /// A scalar that ends in the middle of a placeholder.
  private func mend(unclosed placeholder: Int, in node: YAMLNode) -> YAMLMend? {
    guard let end = endOfPlaceholder(placeholder, before: bytes.count) else { return nil }
    switch node.style {
    case .plain:
      return mend(.placeholder, from: Int(node.first), through: placeholder, isFlow: node.flags.contains(.flow))
    case .singleQuoted, .doubleQuoted:
      let quote = bytes[Int(node.start)]
      var last = end
      while last < bytes.count, bytes[last] != quote, bytes[last] != UInt8(ascii: "\n") { last += 1 }
      guard last < bytes.count, bytes[last] == quote, endsText(last + 1) else { return nil }
      return YAMLMend(trap: .quotes, start: node.start, end: UInt32(last + 1))
    case .literal, .folded: return nil
    }
  }

  private func endsText(_ index: Int) -> Bool {
    guard index < bytes.count else { return true }
    let byte = bytes[index]
    return byte <= UInt8(ascii: " ") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}")
      || byte == UInt8(ascii: "]")
  }

  func hasQuestionMark(_ node: YAMLNode) -> Bool {
    bytes[Int(node.first)..<max(Int(node.first), Int(node.count))].contains(UInt8(ascii: "?"))
  }

  // MARK: Refusals

  /// The text whose quotes are missing where libyaml refuses to go on.
  func mend(for trouble: YAMLTrouble, isInFlow: Bool) -> YAMLMend? {
    if trouble.isEncoding { return nil }
    let place = Int(trouble.place)
    let isFlow = isInFlow || opensBrackets(before: place)
    if trouble.problem == "found unexpected end of stream", isQuote(byte(Int(trouble.contextPlace))),
      let newline = bytes[Int(trouble.contextPlace)...].firstIndex(of: UInt8(ascii: "\n"))
    {
      return openQuote(Int(trouble.contextPlace), newline)
    }
    if trouble.context.hasSuffix("scanning an alias") || trouble.context.hasSuffix("scanning an anchor") {
      let start = Int(trouble.contextPlace)
      return mend(.indicator(byte(start)), from: start, through: start, isFlow: isFlow)
    }
    switch byte(place) {
    case UInt8(ascii: "\t"): return tabs(at: place)
    case UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "%"):
      guard trouble.problem.contains("cannot start any token") else { return nil }
      return mend(.indicator(byte(place)), from: place, through: place, isFlow: isFlow)
    case UInt8(ascii: ":") where trouble.problem.contains("mapping values are not allowed"):
      return textWithColon(at: place, isFlow: isFlow)
    case UInt8(ascii: "{") where place > 0 && bytes[place - 1] == UInt8(ascii: "$"):
      var start = place - 1
      while start > 0, !endsText(start - 1), !isAt("{", start - 1), !isAt("[", start - 1) { start -= 1 }
      return mend(.placeholder, from: start, through: place - 1, isFlow: isFlow)
    default: return nil
    }
  }

  /// A text in quotes that ends on a later line, where something follows that is no YAML.
  func mend(open node: YAMLNode, for trouble: YAMLTrouble) -> YAMLMend? {
    let start = Int(node.start)
    guard node.style == .singleQuoted || node.style == .doubleQuoted, Int(node.end) <= Int(trouble.place),
      let newline = bytes[start..<Int(node.end)].firstIndex(of: UInt8(ascii: "\n")),
      !bytes[Int(node.end)..<min(Int(trouble.place), bytes.count)].contains(UInt8(ascii: "\n"))
    else { return nil }
    return openQuote(start, newline)
  }

  private func openQuote(_ start: Int, _ newline: Int) -> YAMLMend? {
    var end = newline
    while end > start + 1, bytes[end - 1] <= UInt8(ascii: " ") { end -= 1 }
    guard end > start + 1 else { return nil }
    return YAMLMend(trap: .openQuote, start: UInt32(start), end: UInt32(end))
  }

  private func tabs(at place: Int) -> YAMLMend? {
    YAMLMend(trap: .tabs, start: UInt32(place), end: UInt32(place + 1))
  }

  /// The value on the line that has a `: ` in it, from after the first key.
  private func textWithColon(at place: Int, isFlow: Bool) -> YAMLMend? {
    var start = startOfLine(place)
    while start < place, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "-") { start += 1 }
    while start < place, !(bytes[start] == UInt8(ascii: ":") && bytes[start + 1] == UInt8(ascii: " ")) { start += 1 }
    start += 1
    while start < place, bytes[start] == UInt8(ascii: " ") { start += 1 }
    guard start < place, !isQuote(bytes[start]), !isAt("|", start), !isAt(">", start) else { return nil }
    var trap = YAMLMend.Trap.colon
    for index in start..<place where bytes[index] == UInt8(ascii: "$") && isAt("{", index + 1) { trap = .placeholder }
    return mend(trap, from: start, through: start, isFlow: isFlow)
  }

  // MARK: Where texts end

  private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  private func isAt(_ character: Unicode.Scalar, _ index: Int) -> Bool { byte(index) == UInt8(ascii: character) }

  /// A text from `start`, whose end is looked for from `through`: the end of the line, or in brackets what ends it
  /// there.
  private func mend(_ trap: YAMLMend.Trap, from start: Int, through: Int, isFlow: Bool) -> YAMLMend? {
    var index = through
    var depth = 0
    scan: while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): break scan
      case UInt8(ascii: "$") where isAt("{", index + 1):
        if let end = endOfPlaceholder(index, before: bytes.count) {
          index = end
          continue
        }
      case UInt8(ascii: "#") where index > start && bytes[index - 1] <= UInt8(ascii: " "): break scan
      case UInt8(ascii: "<") where isFlow && isTypeArgument(index, from: start): depth += 1
      case UInt8(ascii: "{") where depth > 0, UInt8(ascii: "[") where depth > 0: depth += 1
      case UInt8(ascii: ">") where depth > 0: depth -= 1
      case UInt8(ascii: ",") where isFlow && depth == 0: break scan
      case UInt8(ascii: "}") where isFlow, UInt8(ascii: "]") where isFlow:
        if depth == 0 { break scan }
        depth -= 1
      default: break
      }
      index += 1
    }
    while index > start, bytes[index - 1] <= UInt8(ascii: " ") { index -= 1 }
    guard index > start, depth == 0 else { return nil }
    return YAMLMend(trap: trap, start: UInt32(start), end: UInt32(index))
  }

  /// The offset after the `}` of a `${` on its line; texts in quotes are read over.
  private func endOfPlaceholder(_ start: Int, before limit: Int) -> Int? {
    var index = start + 2
    var depth = 1
    var quote: UInt8 = 0
    while index < limit, bytes[index] != UInt8(ascii: "\n") {
      let byte = bytes[index]
      if quote != 0 {
        if byte == UInt8(ascii: "\\") { index += 1 }
        if byte == quote { quote = 0 }
      } else if isQuote(byte) {
        quote = byte
      } else if byte == UInt8(ascii: "{") {
        depth += 1
      } else if byte == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
      index += 1
    }
    return nil
  }

  /// Whether a `<` is one of a type: `map<string`, not `a < b`.
  private func isTypeArgument(_ index: Int, from start: Int) -> Bool {
    index > start && isNamePart(bytes[index - 1]) && (isNameStart(byte(index + 1)) || isAt("{", index + 1))
  }

  private func closesAngles(_ first: Int, _ last: Int) -> Bool {
    var depth = 0
    for index in first..<last {
      if bytes[index] == UInt8(ascii: "<") { depth += 1 }
      if bytes[index] == UInt8(ascii: ">") { depth -= 1 }
    }
    return depth <= 0
  }

  private func startOfLine(_ place: Int) -> Int {
    var start = place
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return start
  }

  /// Whether brackets are open on the line before a place.
  private func opensBrackets(before place: Int) -> Bool {
    var depth = 0
    var quote: UInt8 = 0
    for index in startOfLine(place)..<place {
      let byte = bytes[index]
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if isQuote(byte) {
        quote = byte
      } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        depth += 1
      } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        depth -= 1
      }
    }
    return depth > 0
  }
}
