import DxshSyntax
import DxshTestSupport
import Testing

/// What is written as YAML reads as the same tree.
@Suite struct YAMLRoundTripTests {
  static let files = ["samples", "stdlib", "Tests/Fixtures"].flatMap {
    Repository.files(below: $0, withEnding: ".dxsh")
  }

  @Test(arguments: files)
  func filesKeepTheirTree(_ path: String) throws {
    let file = SourceFile(id: FileID(0), name: path, text: try #require(Repository.read(path)))
    guard parse(file).diagnostics.allSatisfy({ $0.severity == .warning }) else { return }
    #expect(expectRoundTrip(file) == .same)
  }

  @Test(arguments: ValidSources.all)
  func everythingTheParserKnowsKeepsItsTree(_ text: String) {
    #expect(expectRoundTrip(sourceFile(text)) == .same)
  }

  @Test func randomModulesKeepTheirTree() async {
    var count = 0
    var seed: UInt64 = 0
    while count < 5_000, seed < 50_000 {
      await Task.yield()
      let file = sourceFile(RandomModule.text(seed: seed), name: "seed \(seed)")
      seed += 1
      switch expectRoundTrip(file) {
      case .same: count += 1
      case .refused: break
      case .different: return
      }
    }
    #expect(count == 5_000)
  }

  @Test func randomModulesKeepTheirComments() async {
    for seed in 0..<3_000 as Range<UInt64> {
      await Task.yield()
      let file = sourceFile(RandomModule.text(seed: seed, commentRate: 15), name: "seed \(seed)")
      let tree = parse(file).tree
      let written = printYAML(tree, of: file)
      if !written.refusals.isEmpty { continue }
      let yaml = yamlFile(written.text)
      let read = parse(yaml).tree
      let back = sourceFile(printDxsh(read, of: yaml))
      let again = parse(back).tree
      let comments = Self.comments(tree, in: file)
      guard Self.comments(read, in: yaml) == comments, Self.comments(again, in: back) == comments,
        orderedTree(again) == orderedTree(tree)
      else {
        let text = String(decoding: file.bytes + back.bytes, as: UTF8.self)
        Issue.record("seed \(seed):\n\(text)\n---\n\(written.text)")
        return
      }
    }
  }

  /// The words of comments, whatever they start with.
  private static func comments(_ module: Module, in file: SourceFile) -> [String] {
    module.comments.map { comment in
      let words = file.text(comment.range).drop { $0 == "/" || $0 == "#" || $0 == " " }
      return words.split(separator: " ").joined(separator: " ").filter { $0 != "\r" }
    }.sorted()
  }

  /// Samples have twins beside them, and so has the file with every production of the grammar.
  @Test(
    arguments: ["samples", "Tests/Fixtures/notations"].flatMap { Repository.files(below: $0, withEnding: ".yaml") })
  func twinsAreTheSame(_ path: String) throws {
    let twin = String(path.dropLast(5))
    let yaml = SourceFile(id: FileID(0), name: path, text: try #require(Repository.read(path)))
    let file = SourceFile(id: FileID(0), name: twin, text: try #require(Repository.read(twin)))
    #expect(orderedTree(parse(yaml).tree) == orderedTree(parse(file).tree))
    Golden.expect(printYAML(parse(file).tree, of: file).text, toMatch: path)
    #expect(String(decoding: formatYAML(yaml).bytes, as: UTF8.self) == Repository.read(path))
  }

  @Test func commentsAndEmptyLinesKeepTheirPlaces() {
    let file = sourceFile(
      """
      // Of the file.

      // Of the type.
      type A = { a: int } // after
      workflow w(
        // first
        a: int, // of a
      ) {
        // of x
        let x = 1 // after x

        // of z
        let z = a + // why
          1
        // last
      }
      // end
      """)
    let text = """
      # Of the file.

      types:
        # Of the type.
        A:
          a: int  # after

      workflows:
        w:
          params:
            # first
            a: int  # of a
          do:
            # of x
            - let: x
              value: 1  # after x

            # of z
            - let: z
              value: |-
                ${a + // why
                  1}
            # last

      # end

      """
    #expect(printYAML(parse(file).tree, of: file).text == text)
    let yaml = yamlFile(text)
    #expect(String(decoding: formatYAML(yaml).bytes, as: UTF8.self) == text)
  }
}
