import DxshSyntax
import DxshTestSupport
import Testing

@Suite struct RobustnessTests {
  @Test func validSourcesHaveNoDiagnostics() {
    for source in ValidSources.all { #expect(read(source).problems == []) }
  }

  /// Tokens, comments and white space between them cover every byte, in order.
  private func expectFullCover(_ file: SourceFile, _ location: Testing.SourceLocation = #_sourceLocation) {
    let stream = tokenize(file)
    var pieces = stream.tokens.map { ($0.start, $0.end) } + stream.comments.map { ($0.start, $0.end) }
    pieces.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    var offset: UInt32 = file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var problem: String?
    for (start, end) in pieces {
      if start < offset || end < start { problem = "overlap at \(start)" }
      for byte in file.bytes[Int(min(offset, start))..<Int(start)] where !" \t\r\n\u{0C}".utf8.contains(byte) {
        problem = "byte \(byte) before \(start) in no token"
      }
      offset = max(offset, end)
    }
    #expect(problem == nil && Int(offset) == file.bytes.count, "\(file.bytes)", sourceLocation: location)
    #expect(stream.tokens.last?.kind == .endOfFile, sourceLocation: location)
  }

  @Test func tokensCoverEveryByteOfAnyText() async {
    var generator = SeededGenerator(1)
    let alphabet = Array("ab1 \t\n\r\"'`${}()[]<>=!&|?.:,@#/\\*-+%;éx\u{202E}\u{FEFF}".utf8) + [0, 0xFF, 0xC3]
    for _ in 0..<3_000 {
      await Task.yield()
      let count = Int.random(in: 0...60, using: &generator)
      let bytes: [UInt8] = (0..<count).map { _ in
        Bool.random(using: &generator)
          ? alphabet.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
      }
      let file = SourceFile(id: FileID(0), name: "random", bytes: bytes)
      expectFullCover(file)
      _ = parse(file)
    }
    for source in ValidSources.all { expectFullCover(sourceFile(source)) }
  }

  /// Every text one token away from a valid one parses, with a diagnostic or as another valid text, and no
  /// diagnostic lies outside the text.
  @Test(arguments: ValidSources.all) func everyDeletionOfATokenIsSurvived(_ source: String) async {
    let bytes = Array(source.utf8)
    for token in tokenize(sourceFile(source)).tokens where token.start < token.end {
      await Task.yield()
      let rest = Array(bytes[..<Int(token.start)] + bytes[Int(token.end)...])
      let file = SourceFile(id: FileID(0), name: "deletion", bytes: rest)
      let parsed = parse(file)
      let deleted = String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
      #expect(
        parsed.diagnostics.count <= 4,
        "without `\(deleted)` at \(token.start): \(problems(parsed.diagnostics, in: file))")
      #expect(parsed.diagnostics.allSatisfy { $0.range.start <= $0.range.end && Int($0.range.end) <= rest.count })
      expectFullCover(file)
    }
  }

  /// One mistake gives one diagnostic: of all deletions, nearly all are one mistake.
  @Test func aDeletionGivesOneDiagnostic() async {
    var counts: [Int: Int] = [:]
    for source in ValidSources.all {
      let bytes = Array(source.utf8)
      for token in tokenize(sourceFile(source)).tokens where token.start < token.end {
        await Task.yield()
        let rest = Array(bytes[..<Int(token.start)] + bytes[Int(token.end)...])
        counts[parse(SourceFile(id: FileID(0), name: "deletion", bytes: rest)).diagnostics.count, default: 0] += 1
      }
    }
    let single = (counts[0] ?? 0) + (counts[1] ?? 0)
    #expect(single * 100 >= counts.values.reduce(0, +) * 95, "\(counts)")
  }

  /// The same token twice.
  @Test(arguments: ValidSources.all) func everyRepetitionOfATokenIsSurvived(_ source: String) async {
    let bytes = Array(source.utf8)
    for token in tokenize(sourceFile(source)).tokens where token.start < token.end {
      await Task.yield()
      let range = Int(token.start)..<Int(token.end)
      let text = Array(bytes[..<range.upperBound]) + [0x20] + Array(bytes[range]) + Array(bytes[range.upperBound...])
      let file = SourceFile(id: FileID(0), name: "repetition", bytes: text)
      let parsed = parse(file)
      #expect(parsed.diagnostics.count <= 4, "at \(token.start): \(problems(parsed.diagnostics, in: file))")
    }
  }

  @Test(arguments: ValidSources.all) func everyPrefixIsSurvived(_ source: String) async {
    let bytes = Array(source.utf8)
    for count in 0...bytes.count {
      await Task.yield()
      let file = SourceFile(id: FileID(0), name: "prefix", bytes: Array(bytes[..<count]))
      let parsed = parse(file)
      #expect(parsed.diagnostics.count <= 4, "\(count): \(problems(parsed.diagnostics, in: file))")
      #expect(parsed.diagnostics.allSatisfy { Int($0.range.end) <= count })
    }
  }

  @Test func randomTokensAreSurvived() async {
    var generator = SeededGenerator(2)
    let words = ValidSources.all.flatMap { source in
      let file = sourceFile(source)
      return tokenize(file).tokens.map { file.text(SourceRange(file: file.id, start: $0.start, end: $0.end)) }
    }
    for _ in 0..<2_000 {
      await Task.yield()
      let count = Int.random(in: 1...80, using: &generator)
      let parts = (0..<count).map { _ in
        (words.randomElement(using: &generator) ?? "") + (Int.random(in: 0..<4, using: &generator) == 0 ? "\n" : " ")
      }
      let parsed = parse(sourceFile(parts.joined()))
      #expect(parsed.diagnostics.map(\.range.start) == parsed.diagnostics.map(\.range.start).sorted())
    }
  }
}
