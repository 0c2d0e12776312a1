/// The tokens of a text, the place that the parser has reached in them, and what stands there.
///
/// It is what most questions need, and small: a question to the whole parser would copy it.
struct Cursor {
  private var tokens: [Token]
  private(set) var position = 0
  private(set) var token: Token
  /// Where the token before ends.
  private(set) var previousEnd: UInt32
  private(set) var previousFlags: Token.Flags = []
  /// False inside brackets and literal braces, where a line's end means nothing.
  var newlinesMatter = true

  /// - start: where the text begins
  init(_ tokens: [Token], after start: UInt32 = 0) {
    self.tokens = Cursor.valid(tokens)
    token = self.tokens[0]
    previousEnd = start
  }

  /// The tokens without the invalid ones; the token after them remembers.
  private static func valid(_ tokens: [Token]) -> [Token] {
    guard tokens.contains(where: { $0.kind == .invalid }) else { return tokens }
    var kept: [Token] = []
    var inherited: Token.Flags = []
    for token in tokens {
      if token.kind == .invalid {
        inherited.formUnion(token.flags.intersection([.newlineBefore, .documented]))
        inherited.insert(.afterInvalid)
      } else {
        var token = token
        token.flags.formUnion(inherited)
        inherited = []
        kept.append(token)
      }
    }
    return kept
  }

  func peek(_ distance: Int = 1) -> Token { tokens[min(position + distance, tokens.count - 1)] }

  /// The token and those after it.
  var rest: ArraySlice<Token> { tokens[position...] }

  mutating func advance() {
    previousEnd = token.end
    previousFlags = token.flags
    if position < tokens.count - 1 {
      position += 1
      token = tokens[position]
    }
  }

  /// Consumes the first half of a two-byte mark: the `>` of `>=` in `list<int>= []`.
  mutating func splitMark(leaving rest: Token.Kind) {
    previousEnd = token.start + 1
    previousFlags = []
    token.kind = rest
    token.start += 1
    tokens[position] = token
  }

  /// Whether a line ends before the token, where that matters.
  var isOnNewLine: Bool { newlinesMatter && token.isOnNewLine }

  /// Whether the token is this word and not the name before a `:`.
  func isAt(_ word: Word) -> Bool { token.word == word && peek().kind != .colon }
}
