/// Recursive descent over the tokens of one file, with at most two tokens of look-ahead.
///
/// The first mistake in a piece of text is reported and starts *recovering*: everything else is kept quiet
/// until the parser has found the next element, item or declaration (`Parser+Recovery`).
struct Parser: ~Copyable {
  /// How deep brackets, blocks and types may nest.
  static let nestingLimit = 200
  /// How high an expression's tree may be: an operator, a selection or a bracket adds one.
  static let heightLimit = 1_000

  let file: SourceFile
  let dialect: Dialect
  let bytes: [UInt8]
  /// What ends where the tokens do, for messages.
  let whole: String
  var cursor: Cursor
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
  /// Whether an expression is read that a block follows on the line.
  var isInHeader = false
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
    cursor = Cursor(stream.tokens)
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
    cursor = Cursor(stream.tokens, after: UInt32(range.lowerBound))
    documentation = DocumentationReader(comments: stream.comments)
    cursor.newlinesMatter = false
    self.nesting = nesting
    diagnostics.append(contentsOf: stream.diagnostics)
  }

  var sortedDiagnostics: [Diagnostic] { diagnostics.sorted }

  var hasErrors: Bool { !diagnostics.all.isEmpty }

  var mistakeCount: Int { diagnostics.all.count }

  // MARK: Cursor

  var token: Token { cursor.token }
  var position: Int { cursor.position }
  var previousEnd: UInt32 { cursor.previousEnd }
  var previousFlags: Token.Flags { cursor.previousFlags }
  /// Whether a line ends before the token, where that matters.
  var isOnNewLine: Bool { cursor.isOnNewLine }

  var newlinesMatter: Bool {
    get { cursor.newlinesMatter }
    set { cursor.newlinesMatter = newValue }
  }

  func peek(_ distance: Int = 1) -> Token { cursor.peek(distance) }

  /// Whether the token is this word and not the name before a `:`.
  func isAt(_ word: Word) -> Bool { cursor.isAt(word) }

  mutating func advance() { cursor.advance() }

  mutating func consume(_ kind: Token.Kind) -> Bool {
    if token.kind != kind { return false }
    advance()
    return true
  }

  // MARK: Text and ranges

  func text(_ token: Token) -> String { source(range(token)) }

  /// The text of a range. Most are short names, which take half as long to read into a string's own storage.
  func source(_ range: SourceRange) -> String {
    let text = bytes[Int(range.start)..<Int(range.end)]
    return String(unsafeUninitializedCapacity: text.count) { $0.initialize(fromContentsOf: text) }
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
