/// Hands out the `///` comments of a file to what they document.
struct DocumentationReader {
  private let comments: [TokenStream.Comment]
  /// The first comment that no token has passed.
  private var next = 0
  private var isTaken: [Bool]

  init(comments: [TokenStream.Comment]) {
    self.comments = comments
    isTaken = Array(repeating: false, count: comments.count)
  }

  /// The text of the `///` lines between two offsets, without the slashes and one space after them.
  mutating func take(from start: UInt32, to end: UInt32, of bytes: [UInt8]) -> String? {
    while next < comments.count, comments[next].start < start { next += 1 }
    var text: String?
    while next < comments.count, comments[next].end <= end {
      let comment = comments[next]
      if comment.isDocumentation, comment.ownLine {
        isTaken[next] = true
        let line = content(of: comment, in: bytes)
        text = text.map { $0 + "\n" + line } ?? line
      }
      next += 1
    }
    return text
  }

  private func content(of comment: TokenStream.Comment, in bytes: [UInt8]) -> String {
    var start = Int(comment.start) + 3
    if start < Int(comment.end), bytes[start] == UInt8(ascii: " ") { start += 1 }
    return String(decoding: bytes[start..<Int(comment.end)], as: UTF8.self)
  }

  /// The comments that document nothing.
  func remaining(in file: FileID) -> [Comment] {
    zip(comments, isTaken).filter { !$0.1 }.map { comment, _ in
      Comment(
        range: SourceRange(file: file, start: comment.start, end: comment.end), ownLine: comment.ownLine)
    }
  }

  /// The `///` comments that document nothing, one range for each run of lines.
  func misplaced(in file: FileID) -> [SourceRange] {
    var ranges: [SourceRange] = []
    var last = -2
    for (index, comment) in comments.enumerated() where comment.isDocumentation && !isTaken[index] {
      let range = SourceRange(file: file, start: comment.start, end: comment.end)
      if last == index - 1, comment.ownLine, comments[last].ownLine {
        ranges[ranges.count - 1].end = range.end
      } else {
        ranges.append(range)
      }
      last = index
    }
    return ranges
  }
}
