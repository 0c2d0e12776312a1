/// Formats a file region by region: a declaration with the comments before it and at the end of its last line.
struct Formatter {
  private struct Region {
    /// Nil for what stands after the last declaration.
    var declaration: Declaration?
    /// From the line after the region before.
    var start: Int
    var end: Int
    var comments: ArraySlice<Comment>
  }

  private let file: SourceFile
  private let tree: Module
  private let tokens: [Token]
  private let errors: [Diagnostic]
  private let width: Int
  private let lines: ClosedRange<Int>?
  private let index: LineIndex
  private var result: Formatted

  init(_ file: SourceFile, _ parsed: Parsed<Module>, width: Int, lines: ClosedRange<Int>?) {
    self.file = file
    tree = parsed.tree
    tokens = tokenize(file).tokens
    errors = parsed.diagnostics.filter { $0.severity == .error }
    self.width = width
    self.lines = lines
    index = LineIndex(file)
    result = Formatted(bytes: [], diagnostics: parsed.diagnostics)
  }

  mutating func run() -> Formatted {
    let regions = regions()
    if lines != nil {
      replaceLines(regions)
    } else {
      var last: (kind: Word, isOneLine: Bool)?
      for region in regions {
        let text = text(of: region)
        if text.isEmpty { continue }
        let kind = region.declaration?.lineKind ?? .none
        let isOneLine = !text.utf8.contains(UInt8(ascii: "\n"))
        if let last {
          let isTogether =
            region.declaration == nil || kind != .none && kind == last.kind && isOneLine && last.isOneLine
          if !isTogether || hasEmptyLine(in: region) { result.bytes.append(UInt8(ascii: "\n")) }
        }
        result.bytes += text.utf8
        result.bytes.append(UInt8(ascii: "\n"))
        last = (kind, isOneLine)
      }
    }
    return result
  }

  /// Puts the formatted text of the regions that overlap the lines in the place of theirs.
  private mutating func replaceLines(_ regions: [Region]) {
    var offset = 0
    for region in regions {
      let content = content(of: region)
      guard !content.isEmpty, overlaps(content) else { continue }
      result.bytes += file.bytes[offset..<content.lowerBound]
      result.bytes += text(of: region).utf8
      offset = content.upperBound
    }
    result.bytes += file.bytes[offset...]
  }

  private func overlaps(_ range: Range<Int>) -> Bool {
    guard let lines else { return true }
    return index.position(of: range.lowerBound).line <= lines.upperBound
      && index.position(of: max(range.lowerBound, range.upperBound - 1)).line >= lines.lowerBound
  }

  // MARK: Regions

  private func regions() -> [Region] {
    var regions: [Region] = []
    var start = file.bytes.starts(with: EncodingCheck.byteOrderMark) ? EncodingCheck.byteOrderMark.count : 0
    var comment = tree.comments.startIndex
    for (number, declaration) in tree.declarations.enumerated() {
      let next = number + 1 < tree.declarations.count ? tree.declarations[number + 1].range.start : nil
      let end = next.map { max(start, endOfRegion(before: $0)) } ?? endOfLastDeclaration(declaration)
      let first = comment
      while comment < tree.comments.endIndex, tree.comments[comment].range.start < end { comment += 1 }
      regions.append(
        Region(declaration: declaration, start: start, end: end, comments: tree.comments[first..<comment]))
      start = end
    }
    regions.append(Region(start: start, end: file.bytes.count, comments: tree.comments[comment...]))
    return regions
  }

  /// The end of the line of the last token before a declaration; the declaration itself when it starts on that line.
  private func endOfRegion(before start: UInt32) -> Int {
    let position = tokens.firstIndex(from: start)
    guard position > 0 else { return 0 }
    return min(endOfLine(Int(tokens[position - 1].end)), Int(start))
  }

  private func endOfLastDeclaration(_ declaration: Declaration) -> Int {
    guard tokens.count > 1 else { return Int(declaration.range.end) }
    return endOfLine(max(Int(tokens[tokens.count - 2].end), Int(declaration.range.end)))
  }

  private func endOfLine(_ offset: Int) -> Int {
    var end = offset
    while end < file.bytes.count, file.bytes[end] != UInt8(ascii: "\n") { end += 1 }
    return end
  }

  /// A region without the white space around it.
  private func content(of region: Region) -> Range<Int> {
    var (start, end) = (region.start, region.end)
    while start < end, isSpace(file.bytes[start]) { start += 1 }
    while end > start, isSpace(file.bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
      || byte == 0x0C
  }

  private func hasEmptyLine(in region: Region) -> Bool {
    Printer(source: file).hasEmptyLine(before: UInt32(content(of: region).lowerBound))
  }

  // MARK: Text

  private mutating func text(of region: Region) -> String {
    let content = content(of: region)
    let source = String(decoding: file.bytes[content], as: UTF8.self)
    guard let declaration = region.declaration else {
      return FormatProof.hasTokens(source) ? source : comments(region)
    }
    let errors = errors.filter { region.start <= Int($0.range.start) && Int($0.range.start) <= region.end }
    let units = FormatUnits(declaration, in: file, tokens: tokens, end: content.upperBound)
    let verbatim = units.verbatim(errors: errors) { overlaps($0) }
    if verbatim[declaration.range.start] != nil { return source }
    var printer = Printer(source: file)
    printer.verbatim = verbatim
    let comments = region.comments.filter { comment in
      !verbatim.contains { $0.key <= comment.range.start && comment.range.start < $0.value }
    }
    printer.comments = CommentMap([declaration], comments[...], tokens: tokens)
    printer.element(declaration.range, lastEnd: declaration.lastEnd) { $0.print(declaration) }
    let text = LayoutRenderer.text(of: printer.layout, width: width)
    let formatted = SourceFile(id: FileID(0), name: "", text: text)
    let isProven =
      printer.comments.isEmpty
      && FormatProof.haveSameTokens(SourceFile(id: FileID(0), name: "", text: source), formatted)
      && (!errors.isEmpty || FormatProof.isSame(declaration, formatted))
    if isProven { return text }
    if errors.isEmpty { result.unproven.append(declaration.range) }
    return source
  }

  /// What stands after the last declaration.
  private func comments(_ region: Region) -> String {
    var printer = Printer(source: file)
    for (index, comment) in region.comments.enumerated() {
      if index > 0 { printer.layout.hardLine(isApart: printer.hasEmptyLine(before: comment.range.start)) }
      printer.text(printer.commentText(comment))
    }
    return LayoutRenderer.text(of: printer.layout, width: width)
  }
}

extension Declaration {
  /// Its kind, when declarations of this kind can stand together without empty lines.
  fileprivate var lineKind: Word {
    switch self {
    case .importing: .import
    case .type: .type
    case .secret: .secret
    case .connection, .connectionKind: .connection
    case .constant: .const
    case .enumeration, .node, .workflow, .function, .defaults, .test, .unreadable: .none
    }
  }
}
