/// The tokens of a source text and its comments. Tokens, comments and the white space between them cover
/// every byte; the last token is `endOfFile`.
package struct TokenStream: Sendable {
  package struct Comment: Sendable, Hashable {
    /// From the first `/` to the end of the line.
    package var start: UInt32
    package var end: UInt32
    /// Only white space stands before it on its line.
    package var ownLine: Bool
    /// It starts with exactly three slashes.
    package var isDocumentation: Bool
  }

  package var tokens: [Token]
  package var comments: [Comment]
  package var diagnostics: [Diagnostic]
}

/// Splits a source text into tokens. Survives any bytes.
package func tokenize(_ file: SourceFile, dialect: Dialect = .dxsh) -> TokenStream {
  var lexer = Lexer(file, dialect)
  return lexer.run()
}
