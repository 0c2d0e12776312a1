/// What stands where something else was expected: for messages.
struct Found {
  /// "`x`", "a string", "the end of the line".
  var text: String
  var range: SourceRange
}

extension Parser {
  /// What stands at the token. A line that ends here hides the token.
  var found: Found {
    if token.kind == .endOfFile { return Found(text: "the end of the \(whole)", range: gap) }
    return isOnNewLine ? Found(text: "the end of the line", range: gap) : foundToken
  }

  /// The token itself, where a line may end before it.
  var foundToken: Found {
    if token.kind == .endOfFile { return Found(text: "the end of the \(whole)", range: gap) }
    return Found(text: description(of: token), range: range(token))
  }

  private func description(of token: Token) -> String {
    if let spelling = token.kind.spelling { return "`\(spelling)`" }
    if token.kind == .stringMiddle || token.kind == .stringTail { return "`}`" }
    if token.kind == .string || token.kind == .stringHead { return "a string" }
    if token.kind == .bytes { return "a bytes literal" }
    let text = text(token)
    return text.utf8.count <= 40 ? "`\(text)`" : "`\(text.prefix(40))…`"
  }
}
