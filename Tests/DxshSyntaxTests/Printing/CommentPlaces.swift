import DxshSyntax
import DxshTestSupport

/// What a formatted text has to keep.
enum CommentPlaces {
  /// Each comment with the token after it, and whether it ends its line; in the order of the text.
  static func text(_ source: String) -> [String] {
    let file = sourceFile(source)
    let stream = tokenize(file)
    return stream.comments.filter { !$0.isDocumentation }.map { comment in
      file.text(SourceRange(file: file.id, start: comment.start, end: comment.end)).trimmed
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
