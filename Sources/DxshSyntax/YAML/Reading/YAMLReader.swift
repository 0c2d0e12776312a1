/// Makes the tree of a YAML document. What cannot be read is a missing part of the tree and a diagnostic.
struct YAMLReader: ~Copyable {
  /// Something to be said, and whether it was found where an alias repeats it.
  private struct Finding {
    var diagnostic: Diagnostic
    /// Where the text stands.
    var place: SourceRange
    var isRepeated: Bool
  }

  let file: SourceFile
  let document: YAMLDocument
  var comments: YAMLComments
  /// Comments inside of expressions.
  var inner: [Comment] = []
  /// `///` comments in expressions that document nothing.
  var misplaced: [SourceRange] = []
  private var findings: [Finding] = []
  /// The alias whose target is read; everything has its range then.
  var use: SourceRange?
  /// How many blocks and values are open, as the parser counts.
  var nesting = 0

  init(_ document: YAMLDocument) {
    file = document.file
    self.document = document
    comments = YAMLComments(of: document)
  }

  // MARK: Reporting

  /// Reports a mistake; its range is that of the text, also where an alias repeats it.
  mutating func report(_ diagnostic: Diagnostic) {
    if findings.count >= 2 * DiagnosticList.limit { return }
    var finding = Finding(diagnostic: diagnostic, place: diagnostic.range, isRepeated: use != nil)
    if let use {
      finding.diagnostic.range = use
      finding.diagnostic.related.insert(Diagnostic.Related(diagnostic.range, "the alias stands for this"), at: 0)
    }
    findings.append(finding)
  }

  /// A mistake that is also found where it is written is said once, there.
  var diagnostics: [Diagnostic] {
    struct Key: Hashable {
      var code: DiagnosticCode
      var place: SourceRange
    }
    var seen: Set<Key> = []
    for finding in findings where !finding.isRepeated {
      seen.insert(Key(code: finding.diagnostic.code, place: finding.place))
    }
    return findings.filter { finding in
      !finding.isRepeated || seen.insert(Key(code: finding.diagnostic.code, place: finding.place)).inserted
    }.map(\.diagnostic)
  }

  var findingsAreEmpty: Bool { findings.isEmpty }

  // MARK: Parts

  /// A node where it is used: below a merge, everything has the range of the merge.
  struct Part {
    var node: Int32
    var use: SourceRange?

    init(_ node: Int32, use: SourceRange? = nil) {
      self.node = node
      self.use = use
    }
  }

  /// Goes into a node, or into what it is an alias of.
  mutating func enter<Result>(_ part: Part, _ body: (inout YAMLReader, Int32) -> Result) -> Result {
    if part.use == nil, document[part.node].kind != .alias { return body(&self, part.node) }
    let saved = use
    defer { use = saved }
    if use == nil { use = part.use ?? document.range(part.node) }
    var node = part.node
    while document[node].kind == .alias { node = document[node].first }
    return body(&self, node)
  }

  /// The range that a node has in the tree.
  func range(_ node: Int32) -> SourceRange { use ?? document.range(node) }

  func range(_ part: Part) -> SourceRange { use ?? part.use ?? document.range(part.node) }

  /// Where a node stands in the text: for diagnostics.
  func place(_ node: Int32) -> SourceRange { document.range(node) }

  func gap(after node: Int32) -> SourceRange { range(node).atEnd }

  func missing(_ node: Int32) -> ExpressionSyntax { ExpressionSyntax(.missing, at: range(node)) }

  /// Goes one block or value deeper; says no at the parser's limit.
  mutating func deeper<Result>(_ node: Int32, _ body: (inout YAMLReader) -> Result) -> Result? {
    guard nesting < Parser.nestingLimit else {
      var place = place(node)
      place.end = min(place.end, place.start + 1)
      report(.nestedTooDeeply(at: place))
      return nil
    }
    nesting += 1
    defer { nesting -= 1 }
    return body(&self)
  }

  /// The `##` text before an element.
  mutating func documentation(before part: Part) -> String? {
    comments.documentation(before: document[part.node].start)
  }

  // MARK: Embedded texts

  /// Reads the text of a scalar with the parser.
  /// - asScalar: it is text with placeholders
  mutating func parse<Tree: RangeRewritable>(
    _ node: Int32, asScalar: Bool = false, _ body: (inout Parser) -> Tree
  ) -> Tree {
    let scalar = document[node]
    var rewriter: RangeRewriter?
    var source = file
    var bytes = 0..<0
    if scalar.flags.contains(.verbatim) {
      bytes = Int(scalar.first)..<Int(scalar.count)
    } else {
      let text = document.decoded[Int(scalar.first)]
      rewriter = .offsets(OffsetMap(text, of: scalar, in: file.bytes))
      source = SourceFile(id: file.id, name: file.name, bytes: text)
      bytes = 0..<text.count
    }
    var parser = Parser(source, in: bytes, asScalar: asScalar, nesting: nesting)
    var tree = body(&parser)
    finish(&tree, parser, scalar, rewriter)
    return tree
  }

  /// Moves the ranges of a tree that a scalar was read as to where they are in the file, and reports its mistakes.
  mutating func finish<Tree: RangeRewritable>(
    _ tree: inout Tree, _ parser: borrowing Parser, _ scalar: YAMLNode, _ rewriter: RangeRewriter?
  ) {
    if let rewriter { tree.rewriteRanges(rewriter) }
    for diagnostic in parser.sortedDiagnostics {
      var diagnostic = diagnostic
      rewriter?.rewrite(&diagnostic)
      diagnostic.fix = diagnostic.fix.flatMap { adapted($0, to: scalar) }
      report(diagnostic)
    }
    if let use {
      tree.rewriteRanges(.fixed(use))
    } else {
      keepComments(of: parser, rewriter)
    }
  }

  private mutating func keepComments(of parser: borrowing Parser, _ rewriter: RangeRewriter?) {
    for comment in parser.documentation.remaining(in: file.id) {
      var comment = comment
      if let rewriter { comment.range = rewriter.range(comment.range) }
      inner.append(comment)
    }
    misplaced += parser.documentation.misplaced(in: file.id).map { rewriter?.range($0) ?? $0 }
  }

  /// A fix whose text is written as the scalar's style wants it; nil where it cannot be.
  private func adapted(_ fix: Diagnostic.Fix, to scalar: YAMLNode) -> Diagnostic.Fix? {
    var fix = fix
    for index in fix.edits.indices {
      let text = fix.edits[index].replacement
      if text.contains("\n") { return nil }
      switch scalar.style {
      case .doubleQuoted:
        fix.edits[index].replacement = String(text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] })
      case .singleQuoted: fix.edits[index].replacement = String(text.flatMap { $0 == "'" ? ["'", $0] : [$0] })
      case .plain:
        if text.contains(": ") || text.contains("#") || text.hasSuffix(":") { return nil }
        if scalar.flags.contains(.flow), text.contains(where: { ",[]{}?".contains($0) }) { return nil }
      case .literal, .folded: break
      }
    }
    return fix
  }
}
