/// Recursive descent over the tokens of one file, with at most two tokens of look-ahead.
///
/// The first mistake in a piece of text is reported and starts *recovering*: everything else is kept quiet
/// until the parser has found the next element, item or declaration (`Parser+Recovery`).
struct Parser: ~Copyable {
  /// How deep brackets, blocks and types may nest.
  static let nestingLimit = 200
  /// How high an expression's tree may be: an operator, a selection or a bracket adds one.
  static let heightLimit = 1_000

  /// How far back, in bytes, the start of a line is looked for.
  static let longLine = 4_000

  let file: SourceFile
  let dialect: Dialect
  let bytes: [UInt8]
  /// What ends where the tokens do, for messages.
  let whole: String
  private var tokens: [Token]
  private(set) var position = 0
  private(set) var token: Token
  /// Where the token before ends.
  private(set) var previousEnd: UInt32 = 0
  private(set) var previousFlags: Token.Flags = []

  /// False inside brackets and literal braces, where a line's end means nothing.
  var newlinesMatter = true
  /// A mistake has been reported and what follows is not yet on firm ground.
  var isRecovering = false
  private var nesting = 0
  /// The item has gone past a limit.
  var hasReachedLimit = false
  /// The height of the expression read last.
  var height = 0
  /// How many `?` wait for their `:` in the innermost brackets.
  var openConditionals = 0
  /// How many `}` the declaration lacks; when there are any, indentation says where they belong.
  var missingBraces = 0
  /// How many `}` it has too many.
  var surplusBraces = 0
  /// What the open brackets wait for.
  var closers: [Token.Kind] = []
  /// The `let` whose value is being read, as the place for a type.
  var untypedLet: UInt32?
  var documentation: DocumentationReader
  private var diagnostics = DiagnosticList()

  init(_ file: SourceFile, _ dialect: Dialect = .dxsh) {
    let stream = tokenize(file, dialect: dialect)
    self.file = file
    self.dialect = dialect
    bytes = file.bytes
    whole = "file"
    tokens = Parser.valid(stream.tokens)
    token = tokens[0]
    documentation = DocumentationReader(comments: stream.comments)
    diagnostics.append(contentsOf: stream.diagnostics)
  }

  /// A part of a file: a scalar of the YAML form, or its whole text with placeholders when `asScalar`.
  /// - nesting: how deep it stands
  init(_ file: SourceFile, in range: Range<Int>, asScalar: Bool = false, nesting: Int) {
    var lexer = Lexer(file, in: range)
    let stream = lexer.run(asScalar: asScalar)
    self.file = file
    dialect = .dxsh
    bytes = file.bytes
    whole = "text"
    tokens = Parser.valid(stream.tokens)
    token = tokens[0]
    previousEnd = UInt32(range.lowerBound)
    documentation = DocumentationReader(comments: stream.comments)
    newlinesMatter = false
    self.nesting = nesting
    diagnostics.append(contentsOf: stream.diagnostics)
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

  var sortedDiagnostics: [Diagnostic] { diagnostics.sorted }

  var hasErrors: Bool { !diagnostics.all.isEmpty }

  var mistakeCount: Int { diagnostics.all.count }

  // MARK: Cursor

  func peek(_ distance: Int = 1) -> Token { tokens[min(position + distance, tokens.count - 1)] }

  mutating func advance() {
    previousEnd = token.end
    previousFlags = token.flags
    if position < tokens.count - 1 {
      position += 1
      token = tokens[position]
    }
  }

  mutating func consume(_ kind: Token.Kind) -> Bool {
    if token.kind != kind { return false }
    advance()
    return true
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

  // MARK: Text and ranges

  func text(_ token: Token) -> String {
    String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
  }

  func range(_ token: Token) -> SourceRange { SourceRange(file: file.id, start: token.start, end: token.end) }

  /// From an offset to the end of the token before.
  func range(from start: UInt32) -> SourceRange {
    SourceRange(file: file.id, start: start, end: max(start, previousEnd))
  }

  /// The empty range after the token before.
  var gap: SourceRange { SourceRange(file: file.id, start: previousEnd, end: previousEnd) }

  // MARK: Reporting

  /// Reports a mistake that the parser cannot read past, and starts recovering.
  mutating func fail(_ diagnostic: Diagnostic) {
    if isRecovering { return }
    isRecovering = true
    let isReported = !token.flags.isDisjoint(with: [.reported, .afterInvalid]) || previousFlags.contains(.reported)
    if !isReported { diagnostics.append(diagnostic) }
  }

  /// Reports a mistake that the parser understands and reads past.
  mutating func complain(_ diagnostic: Diagnostic) {
    if !isRecovering { diagnostics.append(diagnostic) }
  }

  mutating func expect(_ kind: Token.Kind, _ what: @autoclosure () -> String) {
    if !consume(kind) { fail(.expected(what(), found: found)) }
  }

  /// Adds a diagnostic whatever the parser is doing.
  mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  mutating func expectEndOfFile(of what: String = "expression") {
    if token.kind != .endOfFile { fail(.expected("the end of the \(what)", found: found)) }
  }

  // MARK: Nesting

  /// Goes one level deeper; says no at the limit.
  mutating func enter() -> Bool {
    if nesting >= Parser.nestingLimit {
      failAtLimit(.nestedTooDeeply(at: range(token)))
      return false
    }
    nesting += 1
    return true
  }

  mutating func leave() { nesting -= 1 }

  /// Puts a node above the expression read last; at the limit it stops the expression instead.
  mutating func grow(
    above other: Int = 0, _ kind: @autoclosure () -> ExpressionSyntax.Kind, from start: UInt32
  ) -> ExpressionSyntax {
    height = max(height, other) + 1
    if height <= Parser.heightLimit { return ExpressionSyntax(kind(), at: range(from: start)) }
    height = 0
    failAtLimit(.expressionTooLong(at: range(token)))
    return ExpressionSyntax(.missing, at: range(from: start))
  }

  /// One item says once that it is too deep.
  private mutating func failAtLimit(_ diagnostic: Diagnostic) {
    if !hasReachedLimit { fail(diagnostic) }
    hasReachedLimit = true
    isRecovering = true
  }
}
