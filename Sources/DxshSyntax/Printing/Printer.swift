/// Lays a tree out as `.dxsh` text. Literals keep the spelling of the source where there is one; parentheses are those
/// of the tree, and more only where a tree that no text gave needs them.
///
/// One extension for each part of the language; comments are printed where `CommentMap` says that they belong.
struct Printer {
  var layout = Layout()
  var comments: CommentMap
  /// The text that the tree was read from, for spellings and empty lines; nil for a tree that has none.
  let source: SourceFile?
  /// Whether that text is the YAML form.
  let isFromYAML: Bool
  /// Whether what the author put on several lines stays on several.
  var keepsLines = true
  /// Items and declarations that are printed as they stand in the source, by where they start: up to where.
  var verbatim: [UInt32: UInt32] = [:]
  /// What the further lines of an operator chain are indented by.
  var continuation: Int32 = 2

  init(source: SourceFile? = nil, comments: CommentMap = CommentMap()) {
    self.source = source
    isFromYAML = source.map { isYAML($0.name) } ?? false
    self.comments = comments
  }

  // MARK: Layout

  mutating func text(_ text: String) { layout.text(text) }

  mutating func group(_ style: Layout.Style = .fitting, _ body: (inout Printer) -> Void) {
    layout.begin(style)
    body(&self)
    layout.end()
  }

  mutating func indented(_ count: Int32 = 2, _ body: (inout Printer) -> Void) {
    layout.add(.indent(count))
    body(&self)
    layout.add(.indent(-count))
  }

  /// Where a group may break: a space, or nothing.
  mutating func line(isSpace: Bool = true, isApart: Bool = false) {
    layout.add(.line(isSpace: isSpace, isApart: isApart))
  }

  // MARK: Comments

  /// Prints an element with the comments that belong to it.
  /// - lastEnd: the end of what is printed last in it, when that may not be what the author wrote last
  mutating func element(_ range: SourceRange, lastEnd: UInt32? = nil, _ body: (inout Printer) -> Void) {
    if comments.isEmpty { return body(&self) }
    let trailing = comments.takeTrailing(lastEnd ?? range.end)
    printLeading(range.start)
    body(&self)
    printAtEnd(trailing)
  }

  /// The comments on lines of their own before an element, and the line of the element.
  /// - word: whether they stand before a word or mark that the element follows
  mutating func printLeading(_ start: UInt32, before word: Bool = false) {
    let comments = comments.takeLeading(start)
    for (index, comment) in comments.enumerated() {
      layout.add(.gap)
      text(commentText(comment))
      let isLast = index == comments.count - 1
      let next = isLast ? documentedStart(of: start, after: comment.range.end) : comments[index + 1].range.start
      layout.hardLine(isApart: !(isLast && word) && hasEmptyLine(before: next))
    }
  }

  mutating func printTrailing(_ end: UInt32) { printAtEnd(comments.takeTrailing(end)) }

  private mutating func printAtEnd(_ comments: [Comment]) {
    for comment in comments { layout.comment(commentText(comment)) }
  }

  /// The comments before a closing bracket, each on a line; `isFirst` when nothing stands in the brackets before them.
  mutating func printClosing(_ comments: [Comment], isFirst: Bool) {
    for (index, comment) in comments.enumerated() {
      layout.hardLine(isApart: (index > 0 || !isFirst) && hasEmptyLine(before: comment.range.start))
      text(commentText(comment))
    }
  }

  func commentText(_ comment: Comment) -> String {
    guard let source else { return "//" }
    var bytes = source.bytes[Int(comment.range.start)..<Int(comment.range.end)]
    while let last = bytes.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") || last == UInt8(ascii: "\r") {
      bytes.removeLast()
    }
    if bytes.first == UInt8(ascii: "#") {
      // In YAML, where `#` is `//`; `##` that documents nothing stays that.
      let text = bytes.dropFirst()
      let isDocumentation = text.first == UInt8(ascii: "#") && text.dropFirst().first != UInt8(ascii: "#")
      let rest = isDocumentation ? text.dropFirst() : text
      let gap = isDocumentation ? "/" : text.first == UInt8(ascii: "/") ? " " : ""
      return "//" + gap + String(decoding: rest, as: UTF8.self)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `///` lines, each with its line end; empty lines between them stay.
  /// - start: of what they document
  mutating func printDocumentation(_ documentation: String?, before start: UInt32) {
    guard let documentation else { return }
    let lines = documentation.split(separator: "\n", omittingEmptySubsequences: false)
    let starts = Array(documentedLines(before: start).reversed())
    let isKnown = starts.count == lines.count
    for (index, line) in lines.enumerated() {
      layout.add(.gap)
      text(line.isEmpty ? "///" : "/// " + line)
      let next = index + 1 < starts.count ? starts[index + 1] : start
      layout.hardLine(isApart: isKnown && hasEmptyLine(before: next))
    }
  }
}
