import DxshSyntax
import DxshTestSupport
import Testing

/// Files with mistakes: nothing is lost, and what is right is formatted.
@Suite struct BrokenFileTests {
  /// Every token and comment of a text, sorted, without commas.
  private func pieces(_ bytes: [UInt8]) -> [String] {
    let file = SourceFile(id: FileID(0), name: "pieces", bytes: bytes)
    let stream = tokenize(file)
    var pieces: [String] = []
    for token in stream.tokens where token.kind != .comma && token.start < token.end {
      pieces.append(file.text(SourceRange(file: file.id, start: token.start, end: token.end)))
    }
    for comment in stream.comments {
      pieces.append(file.text(SourceRange(file: file.id, start: comment.start, end: comment.end)))
    }
    return pieces.map { piece in
      piece == ">=" ? ">=" : piece.filter { !$0.isWhitespace && $0 != "`" }
    }.flatMap { $0 == ">=" ? [">", "="] : [$0] }.sorted()
  }

  private func expectNothingLost(_ bytes: [UInt8], _ what: String) {
    let formatted = format(SourceFile(id: FileID(0), name: "broken", bytes: bytes))
    #expect(pieces(formatted.bytes) == pieces(bytes), "\(what)\n\(String(decoding: formatted.bytes, as: UTF8.self))")
    #expect(formatted.unproven.isEmpty, "\(what)")
  }

  @Test(arguments: ValidSources.all + [FormatTests.page]) func everyDeletionOfAToken(_ source: String) async {
    let bytes = Array(source.utf8)
    for token in tokenize(sourceFile(source)).tokens where token.start < token.end {
      await Task.yield()
      let rest = Array(bytes[..<Int(token.start)] + bytes[Int(token.end)...])
      expectNothingLost(rest, "without the token at \(token.start)")
    }
  }

  @Test(arguments: ValidSources.all) func everyRepetitionOfAToken(_ source: String) async {
    let bytes = Array(source.utf8)
    for token in tokenize(sourceFile(source)).tokens where token.start < token.end {
      await Task.yield()
      let range = Int(token.start)..<Int(token.end)
      let text = Array(bytes[..<range.upperBound]) + [0x20] + Array(bytes[range]) + Array(bytes[range.upperBound...])
      expectNothingLost(text, "with the token at \(token.start) twice")
    }
  }

  @Test func prefixes() {
    let bytes = Array(FormatTests.page.utf8)
    for count in stride(from: 0, through: bytes.count, by: 7) { expectNothingLost(Array(bytes[..<count]), "\(count)") }
  }

  @Test func anItemWithAMistakeStays() {
    let text = """
      workflow w() {
        let  a = 1

        /// What it is.
        let  b = (1 + // why
            2

        // Before.
        let  c = 3
        if  a > 1 { let d =  = 2 }
      }
      """
    #expect(
      String(decoding: format(sourceFile(text)).bytes, as: UTF8.self) == """
        workflow w() {
          let a = 1

          /// What it is.
          let  b = (1 + // why
              2

          // Before.
          let c = 3
          if a > 1 {
            let d =  = 2
          }
        }

        """)
  }
}
