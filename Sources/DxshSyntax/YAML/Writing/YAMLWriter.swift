/// Writes a tree as YAML: block style, one spelling for each tree (rules 53–57), comments where they belong (rule 58).
struct YAMLWriter {
  var output = YAMLOutput()
  var comments: SourceComments
  /// Where the element that is written begins, or the one before it ends: comments from there belong to what follows.
  var lower: UInt32 = 0
  /// Of elements that may be written in another order: where the one before ends in the text.
  private var bounds: [UInt32: UInt32] = [:]
  /// What the tree was read from, for comments and empty lines.
  let source: SourceFile
  /// What the YAML form cannot say.
  var refusals: [Diagnostic] = []

  init(_ source: SourceFile, comments: SourceComments) {
    self.source = source
    self.comments = comments
  }

  // MARK: Elements

  /// Writes an element with the comments that belong to it; those that have no place in it stand before it.
  /// - isFirst: nothing stands before it in its mapping
  /// - isApart: an empty line stands before it, also where the source has none
  mutating func element(
    _ range: SourceRange, isFirst: Bool = true, isApart: Bool = false, _ body: (inout YAMLWriter) -> Void
  ) {
    if !isFirst, isApart || hasEmptyLine(before: range.start) { output.empty() }
    if let bound = bounds[range.start] { lower = bound }
    writeComments(before: range.start)
    let saved = lower
    lower = max(lower, range.start)
    let first = output.count
    let trailing = comments.take(after: range.end)
    body(&self)
    output.insert(comments.take(from: range.start, to: range.end).map { text(of: $0) }, at: first)
    write(trailing, from: first)
    lower = max(saved, range.end)
  }

  /// Says that these elements stand beside each other in the text and may be written in another order.
  mutating func arrange(_ ranges: [SourceRange], after start: UInt32) {
    if comments.isEmpty { return }
    var bound = start
    for range in ranges.sorted(by: { $0.start < $1.start }) {
      bounds[range.start] = bound
      bound = max(bound, range.end)
    }
  }

  /// The comments between what has been written and an element.
  mutating func writeComments(before start: UInt32) {
    if comments.isEmpty { return }
    for comment in comments.take(from: lower, to: start) { output.comment(text(of: comment)) }
  }

  /// The comments that are left in a collection, after its last element.
  mutating func writeClosing(of range: SourceRange) {
    writeComments(in: range)
    if comments.isEmpty || !isYAML(source.name) { return }
    for comment in comments.take(afterYAML: range) { output.comment(text(of: comment)) }
  }

  /// The comments that are left in a range.
  mutating func writeComments(in range: SourceRange) {
    if comments.isEmpty { return }
    for comment in comments.take(from: range.start, to: range.end) { output.comment(text(of: comment)) }
  }

  /// Comments at the end of the last line, or before the first where that cannot be.
  mutating func write(_ trailing: [Comment], from first: Int) {
    for comment in trailing {
      let text = text(of: comment)
      if output.takesComment { output.append(comment: text) } else { output.insert([text], at: first) }
    }
  }

  /// A comment as YAML has it.
  func text(of comment: Comment) -> String {
    var text = source.text(comment.range)[...]
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    if text.hasPrefix("#") { return String(text) }
    text = text.dropFirst(2)
    // `///` that documents nothing stays what it is.
    if text.hasPrefix("/"), !text.hasPrefix("//") { return "##" + text.dropFirst() }
    return text.hasPrefix("#") ? "# " + text : "#" + text
  }

  mutating func documentation(_ text: String?) {
    guard let text else { return }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      output.comment(line.isEmpty ? "##" : "## " + line)
    }
  }

  /// Whether an empty line stands before an element and the comments directly above it.
  func hasEmptyLine(before offset: UInt32) -> Bool {
    let bytes = source.bytes
    var start = Int(offset)
    guard start <= bytes.count else { return false }
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") {
      let byte = bytes[start - 1]
      if byte > UInt8(ascii: " "), byte != UInt8(ascii: "-") { return false }
      start -= 1
    }
    while start > 0 {
      let end = start - 1
      start = end
      while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
      let line = bytes[start..<end].drop { $0 <= UInt8(ascii: " ") }
      if line.isEmpty { return true }
      if !line.starts(with: "//".utf8), line.first != UInt8(ascii: "#") { return false }
    }
    return false
  }

  // MARK: Parts

  /// `key:` and a scalar on one line.
  mutating func entry(_ key: String, _ scalar: String) { output.line(key + ": " + scalar) }

  /// `key:` and what is written two further in.
  mutating func nested(_ key: String, _ body: (inout YAMLWriter) -> Void) {
    output.line(key + ":")
    output.indent()
    body(&self)
    output.outdent()
  }

  /// A list below a key that has been written.
  mutating func element(_ body: (inout YAMLWriter) -> Void) {
    output.dash()
    body(&self)
    output.outdent()
  }

  /// `key: [a, b]`; nothing where there are none.
  mutating func names(_ key: String, _ names: [Name]) {
    if !names.isEmpty { entry(key, "[" + names.map { YAMLScalar.text($0.text) }.joined(separator: ", ") + "]") }
  }

  mutating func refuse(_ what: String, at range: SourceRange) {
    refusals.append(.notInYAML(what, at: range))
  }

  /// Refuses what stands twice where YAML has keys.
  mutating func expectUnique(_ names: [Name]) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name.text).inserted {
      refuse("`\(name.text)` stands twice, which a mapping cannot", at: name.range)
    }
  }
}

extension Diagnostic {
  static func notInYAML(_ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.unsupportedYAML, "this has no YAML form: \(what)", at: range)
  }
}
