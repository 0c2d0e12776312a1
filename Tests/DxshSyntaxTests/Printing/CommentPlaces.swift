import DxshSyntax
import DxshTestSupport

/// Where the comments of a text are.
enum CommentPlaces {
  /// The texts of all comments that are no documentation.
  static func texts(_ source: String) -> [String] {
    let file = sourceFile(source)
    return tokenize(file).comments.filter { !$0.isDocumentation }.map { comment in
      trimmed(file.text(SourceRange(file: file.id, start: comment.start, end: comment.end)))
    }
  }

  /// The number of the element that each comment belongs to, by the comment's text.
  static func elements(_ source: String) -> [String: Int?] {
    let file = sourceFile(source)
    let module = parse(file).tree
    let places = CommentMap(module, in: file).places(in: module)
    return Dictionary(places.map { (trimmed(file.text($0.comment.range)), $0.element) }) { first, _ in first }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
