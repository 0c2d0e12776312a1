/// One token of a source text: what it is and which bytes it covers.
///
/// A name's text is read from the source only when it enters the tree, so a token is 12 bytes.
package struct Token: Sendable, Hashable {
  package enum Kind: UInt8, Sendable, Hashable, CaseIterable {
    case endOfFile
    /// A byte that no token starts with; `Diagnostic` says which.
    case invalid

    case identifier
    /// A field name in backticks.
    case quotedName

    case int, uint, double, duration, size
    /// A malformed number; it stands where a literal can stand.
    case invalidLiteral
    case string, bytes
    /// `"text ${`, `} text ${` and `} text"` of an interpolated string.
    case stringHead, stringMiddle, stringTail

    case leftParen, rightParen
    case leftBracket, rightBracket
    case leftBrace, rightBrace

    case comma, colon, dot, dotQuestion, question, at
    /// `->`
    case arrow
    /// `=>`
    case doubleArrow
    case assign
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case not, plus, minus, star, slash, percent
    case andAnd, orOr
    /// `&` alone, which means nothing yet.
    case ampersand
    case pipe
  }

  package struct Flags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A line ends between the token before and this one; the first token has it too.
    package static let newlineBefore = Flags(rawValue: 1)
    /// A `///` comment stands between the token before and this one.
    package static let documented = Flags(rawValue: 2)
    /// The lexer has reported this token; a string with it is not closed.
    package static let reported = Flags(rawValue: 4)
    package static let raw = Flags(rawValue: 8)
    /// The text has escapes or carriage returns, so the value is not the bytes.
    package static let escaped = Flags(rawValue: 16)
    package static let tripleQuoted = Flags(rawValue: 32)
    /// Invalid tokens stood before this one and were left out.
    package static let afterInvalid = Flags(rawValue: 64)
    /// A part of a text that is a scalar of the YAML form: it has no quotes, and only `$${` is an escape.
    package static let scalar = Flags(rawValue: 128)
  }

  package var kind: Kind
  /// Which known word an identifier is.
  package var word: Word
  package var flags: Flags
  package var start: UInt32
  package var end: UInt32

  package init(_ kind: Kind, word: Word = .none, flags: Flags = [], start: Int, end: Int) {
    self.kind = kind
    self.word = word
    self.flags = flags
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
  }

  package var isOnNewLine: Bool { flags.contains(.newlineBefore) }
}

extension Token.Kind {
  var isOpener: Bool { self == .leftParen || self == .leftBracket || self == .leftBrace }
  var isCloser: Bool { self == .rightParen || self == .rightBracket || self == .rightBrace }

  /// How a bracket or mark is written; nil for kinds with text of their own.
  var spelling: String? {
    switch self {
    case .endOfFile, .invalid, .identifier, .quotedName, .int, .uint, .double, .duration, .size, .invalidLiteral,
      .string, .bytes, .stringHead, .stringMiddle, .stringTail:
      nil
    case .leftParen: "("
    case .rightParen: ")"
    case .leftBracket: "["
    case .rightBracket: "]"
    case .leftBrace: "{"
    case .rightBrace: "}"
    case .comma: ","
    case .colon: ":"
    case .dot: "."
    case .dotQuestion: ".?"
    case .question: "?"
    case .at: "@"
    case .arrow: "->"
    case .doubleArrow: "=>"
    case .assign: "="
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .not: "!"
    case .plus: "+"
    case .minus: "-"
    case .star: "*"
    case .slash: "/"
    case .percent: "%"
    case .andAnd: "&&"
    case .orOr: "||"
    case .ampersand: "&"
    case .pipe: "|"
    }
  }
}
