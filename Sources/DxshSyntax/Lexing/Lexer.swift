/// Splits UTF-8 bytes into tokens. It knows words, literals and marks, and nothing of what they form;
/// only a `${` in a string makes it count braces.
struct Lexer: ~Copyable {
  /// A string whose `${…}` is being read.
  struct OpenString {
    /// Of the `${`.
    var placeholder: Int
    /// Of `{` inside the placeholder.
    var openBraces: Int
    var isTripleQuoted: Bool
    /// It is a scalar of the YAML form: it has no quotes of its own and ends where the lexer's range does.
    var isScalar = false
  }

  let file: SourceFile
  let dialect: Dialect
  let bytes: [UInt8]
  /// Where the text ends that is read.
  let limit: Int
  private let words = WordTable.shared
  var offset: Int
  var tokens: [Token] = []
  private var comments: [TokenStream.Comment] = []
  var diagnostics = DiagnosticList()
  /// What the next token gets.
  private var flags: Token.Flags = .newlineBefore
  var openStrings: [OpenString] = []
  /// How many of `openStrings` must end on their line.
  var openLineStrings = 0
  private let badBytes: [UInt32]

  init(_ file: SourceFile, _ dialect: Dialect) {
    self.file = file
    self.dialect = dialect
    self.bytes = file.bytes
    limit = file.bytes.count
    offset = 0
    let encoding = EncodingCheck.diagnostics(of: file, dialect)
    badBytes = encoding.map(\.range.start)
    diagnostics.append(contentsOf: encoding)
    if bytes.starts(with: EncodingCheck.byteOrderMark) { offset = EncodingCheck.byteOrderMark.count }
  }

  /// A part of a file whose encoding has been checked.
  init(_ file: SourceFile, in range: Range<Int>) {
    self.file = file
    dialect = .dxsh
    bytes = file.bytes
    limit = range.upperBound
    offset = range.lowerBound
    badBytes = []
  }

  mutating func run(asScalar: Bool = false) -> TokenStream {
    tokens.reserveCapacity((limit - offset) / 3 + 8)
    if asScalar { lexScalar() }
    skipTrivia()
    while offset < limit {
      lexToken()
      skipTrivia()
    }
    closeStrings(all: true)
    add(.endOfFile, from: limit)
    return TokenStream(tokens: tokens, comments: comments, diagnostics: diagnostics.all)
  }

  /// The byte at an offset; 0 after the end.
  func byte(_ index: Int) -> UInt8 { index < limit ? bytes[index] : 0 }

  func range(_ start: Int, _ end: Int) -> SourceRange {
    SourceRange(file: file.id, start: UInt32(start), end: UInt32(end))
  }

  /// Adds the token that ends at `offset`.
  mutating func add(_ kind: Token.Kind, from start: Int, word: Word = .none, flags extra: Token.Flags = []) {
    tokens.append(Token(kind, word: word, flags: flags.union(extra), start: start, end: offset))
    flags = []
  }

  // MARK: Trivia

  private mutating func skipTrivia() {
    while offset < limit {
      switch bytes[offset] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0C:
        offset += 1
      case UInt8(ascii: "\n"):
        if openLineStrings > 0 { closeStrings(all: false) }
        flags.insert(.newlineBefore)
        offset += 1
      case UInt8(ascii: "/") where byte(offset + 1) == UInt8(ascii: "/"):
        skipComment()
      default:
        return
      }
    }
  }

  private mutating func skipComment() {
    let start = offset
    offset = endOfLine
    let isDocumentation = byte(start + 2) == UInt8(ascii: "/") && byte(start + 3) != UInt8(ascii: "/")
    let ownLine = flags.contains(.newlineBefore)
    if isDocumentation, ownLine { flags.insert(.documented) }
    comments.append(
      TokenStream.Comment(
        start: UInt32(start), end: UInt32(offset), ownLine: ownLine, isDocumentation: isDocumentation))
  }

  /// The end of the line at `offset`, before its line break.
  var endOfLine: Int {
    var end = offset
    while end < limit, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    if end > offset, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return end
  }

  // MARK: Tokens

  private mutating func lexToken() {
    let first = bytes[offset]
    if isNameStart(first) {
      if isPrefixedString(first, byte(offset + 1), byte(offset + 2)) { return lexPrefixedString() }
      return lexName()
    }
    if isDigit(first) { return lexNumber() }
    switch first {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): lexString(from: offset, raw: false, bytes: false)
    case UInt8(ascii: "`"): lexQuotedName()
    case UInt8(ascii: "."):
      if isDigit(byte(offset + 1)) { return lexNumber() }
      mark(.dot, or: .dotQuestion, before: "?")
    case UInt8(ascii: "{"):
      if !openStrings.isEmpty { openStrings[openStrings.count - 1].openBraces += 1 }
      mark(.leftBrace)
    case UInt8(ascii: "}"): lexRightBrace()
    case UInt8(ascii: "/") where byte(offset + 1) == UInt8(ascii: "*"): lexBlockComment()
    default: lexMark(first)
    }
  }

  private mutating func lexName() {
    let start = offset
    var end = start
    var key: UInt64 = 0
    while end < limit, isNamePart(bytes[end]) {
      key = key << 8 | UInt64(bytes[end])
      end += 1
    }
    offset = end
    let word = words.word(bytes, from: start, to: end, key: key)
    add(.identifier, from: start, word: dialect == .dxsh || word.isReservedByCEL ? word : .none)
  }

  private mutating func lexMark(_ first: UInt8) {
    switch first {
    case UInt8(ascii: "("): mark(.leftParen)
    case UInt8(ascii: ")"): mark(.rightParen)
    case UInt8(ascii: "["): mark(.leftBracket)
    case UInt8(ascii: "]"): mark(.rightBracket)
    case UInt8(ascii: ","): mark(.comma)
    case UInt8(ascii: ":"): mark(.colon)
    case UInt8(ascii: "?"): mark(.question)
    case UInt8(ascii: "@"): mark(.at)
    case UInt8(ascii: "+"): mark(.plus)
    case UInt8(ascii: "*"): mark(.star)
    case UInt8(ascii: "/"): mark(.slash)
    case UInt8(ascii: "%"): mark(.percent)
    case UInt8(ascii: "-"): mark(.minus, or: .arrow, before: ">")
    case UInt8(ascii: "<"): mark(.less, or: .lessOrEqual, before: "=")
    case UInt8(ascii: ">"): mark(.greater, or: .greaterOrEqual, before: "=")
    case UInt8(ascii: "!"): mark(.not, or: .notEqual, before: "=")
    case UInt8(ascii: "&"): mark(.ampersand, or: .andAnd, before: "&")
    case UInt8(ascii: "|"): mark(.pipe, or: .orOr, before: "|")
    case UInt8(ascii: "="):
      if byte(offset + 1) == UInt8(ascii: ">") { return mark(.doubleArrow, length: 2) }
      mark(.assign, or: .equal, before: "=")
    default: lexInvalid()
    }
  }

  private mutating func mark(_ kind: Token.Kind, length: Int = 1) {
    offset += length
    add(kind, from: offset - length)
  }

  private mutating func mark(_ kind: Token.Kind, or longer: Token.Kind, before second: Unicode.Scalar) {
    if byte(offset + 1) == UInt8(ascii: second) { mark(longer, length: 2) } else { mark(kind) }
  }

  private mutating func lexRightBrace() {
    guard let open = openStrings.last else { return mark(.rightBrace) }
    if open.openBraces > 0 {
      openStrings[openStrings.count - 1].openBraces -= 1
      return mark(.rightBrace)
    }
    continueString()
  }

  private mutating func lexQuotedName() {
    let start = offset
    offset += 1
    while offset < limit, isQuotedNamePart(bytes[offset]) { offset += 1 }
    let length = offset - start - 1
    if byte(offset) == UInt8(ascii: "`"), length > 0 {
      offset += 1
      return add(.quotedName, from: start)
    }
    diagnostics.append(.unclosedBackticks(at: range(start, max(offset, start + 1))))
    add(length > 0 ? .quotedName : .invalid, from: start, flags: .reported)
  }

  // MARK: What is no token

  private mutating func lexInvalid() {
    let start = offset
    let first = bytes[offset]
    if first == UInt8(ascii: "#") {
      offset = endOfLine
      diagnostics.append(.hashComment(at: range(start, start + 1)))
    } else if let end = endOfQuotedText {
      offset = end
      diagnostics.append(.typographicQuotes(at: range(start, end)))
      return add(.invalidLiteral, from: start, flags: .reported)
    } else if first >= 0x80 {
      while offset < limit, bytes[offset] >= 0x80 { offset += 1 }
      let text = file.text(range(start, offset))
      if !isReportedAsBadEncoding(start, offset) {
        diagnostics.append(.invalidCharacters(text, at: range(start, offset)))
      }
    } else {
      offset += 1
      if !isReportedAsBadEncoding(start, offset) {
        diagnostics.append(.invalidCharacter(first, at: range(start, offset)))
      }
    }
    add(.invalid, from: start, flags: .reported)
  }

  /// The end of a text in typographic quotes at `offset`; nil where there is none on this line.
  private var endOfQuotedText: Int? {
    guard let quotes = TypographicQuotes(at: offset, in: bytes) else { return nil }
    return quotes.end(in: bytes).flatMap { $0 <= limit ? $0 : nil }
  }

  private mutating func lexBlockComment() {
    let start = offset
    offset += 2
    while offset < limit, !(bytes[offset] == UInt8(ascii: "*") && byte(offset + 1) == UInt8(ascii: "/")) {
      if bytes[offset] == UInt8(ascii: "\n"), openLineStrings > 0 { break }
      offset += 1
    }
    if byte(offset) == UInt8(ascii: "*") { offset += 2 }
    diagnostics.append(.blockComment(at: range(start, start + 2)))
    add(.invalid, from: start, flags: .reported)
  }

  private func isReportedAsBadEncoding(_ start: Int, _ end: Int) -> Bool {
    badBytes.contains { start <= Int($0) && Int($0) < end }
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

func isNameStart(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") }

func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }

/// CEL's escaped identifiers: letters, digits, `_ . - /` and space.
func isQuotedNamePart(_ byte: UInt8) -> Bool {
  isNamePart(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/")
    || byte == UInt8(ascii: " ")
}
