/// Writes the tree of a YAML file as `.dxsh` text, with its comments. Reading the text gives the same tree.
package func printDxsh(_ module: Module, of file: SourceFile, width: Int = 100) -> String {
  var text = ""
  var comments = module.comments[...]
  var last: UInt32 = 0
  // The comments above all keys are those of the file.
  let header = headerEnd(of: file)
  let ofFile = comments.prefix { $0.range.start < header }
  comments = comments.dropFirst(ofFile.count)
  text += ofFile.map { Printer(source: file).commentText($0) + "\n" }.joined()
  for declaration in module.declarations.sorted(by: { $0.range.start < $1.range.start }) {
    let end = max(last, declaration.range.end)
    let own = comments.prefix { $0.range.start < end || !$0.ownLine && isOnLine($0.range.start, of: end, in: file) }
    comments = comments.dropFirst(own.count)
    if !text.isEmpty { text += "\n" }
    text += printed(declaration, own, of: file, width: width)
    last = end
  }
  if !comments.isEmpty, !text.isEmpty { text += "\n" }
  return text + comments.map { Printer(source: file).commentText($0) + "\n" }.joined()
}

private func headerEnd(of file: SourceFile) -> UInt32 {
  let bytes = file.bytes
  var end = 0
  while end < bytes.count, bytes[end] <= UInt8(ascii: " ") || bytes[end] == UInt8(ascii: "#") {
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    end = min(end + 1, bytes.count)
  }
  return UInt32(end)
}

private func isOnLine(_ place: UInt32, of end: UInt32, in file: SourceFile) -> Bool {
  place >= end && !file.bytes[Int(end)..<Int(place)].contains(UInt8(ascii: "\n"))
}

/// A declaration with its comments where they belong; before it where they would change what the text says.
private func printed(
  _ declaration: Declaration, _ comments: ArraySlice<Comment>, of file: SourceFile, width: Int
) -> String {
  var printer = Printer(source: file)
  printer.comments = CommentMap(ofYAML: declaration, comments, in: file)
  let printsAll = printer.comments.count == comments.count
  printer.element(declaration.range) { $0.print(declaration) }
  let text = LayoutRenderer.text(of: printer.layout, width: width)
  if printsAll, printer.comments.isEmpty, comments.isEmpty || isProven(text, declaration, comments.count) {
    return text + "\n"
  }
  printer = Printer(source: file)
  printer.print(declaration)
  return comments.map { printer.commentText($0) + "\n" }.joined()
    + LayoutRenderer.text(of: printer.layout, width: width) + "\n"
}

/// Whether a text reads as a declaration with so many comments.
private func isProven(_ text: String, _ declaration: Declaration, _ count: Int) -> Bool {
  let file = SourceFile(id: FileID(0), name: "", text: text)
  return parse(file).tree.comments.count == count && FormatProof.isSame(declaration, file)
}

extension CommentMap {
  /// The comments of one declaration of the YAML form, which has no tokens: those of a line belong to what ends on it,
  /// the others to what comes next around them.
  fileprivate init(ofYAML declaration: Declaration, _ comments: ArraySlice<Comment>, in file: SourceFile) {
    self.init()
    if comments.isEmpty { return }
    let elements = CommentElements([declaration])
    for comment in comments where !elements.isInText(comment.range.start) {
      let place = comment.range.start
      if !comment.ownLine, let end = elements.lastEnd(upTo: place), elements.canTrail(end),
        isOnLine(place, of: end, in: file)
      {
        attach(comment, after: end)
        continue
      }
      let around = elements.innermost(around: place)
      if let start = elements.firstStart(from: place), start < around?.end ?? .max {
        attach(comment, before: start)
      } else if let around {
        attach(comment, after: around.end)
      } else {
        attach(comment, before: declaration.range.start)
      }
    }
  }
}
