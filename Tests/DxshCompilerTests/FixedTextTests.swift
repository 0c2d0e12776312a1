import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// Fixes that are made.
struct FixedTextTests {
  static let id = FileID(0)

  private static func check(_ bytes: [UInt8], _ name: String) -> FixedText.Found {
    let found = compile(SourceFile(id: id, name: name, bytes: bytes), library: CheckFixtureTests.library).diagnostics
    return FixedText.Found(all: found, wanted: found)
  }

  private static func fixed(_ text: String, name: String = "a.dxsh") -> FixedText {
    FixedText(Array(text.utf8), file: id) { check($0, name) }
  }

  @Test(arguments: [
    (
      "workflow w(a: int) {\n  step x = debug.echo(value: [aa 1])\n}\n",
      "workflow w(a: int) {\n  step x = debug.echo(value: [a, 1])\n}\n", 2
    ),
    // A line of which nothing is left goes; what is seen only then is fixed too.
    (
      "workflow w() {\n  step x = json.format(value: 1)\n  step y = json.format(value: x)\n  let z = 1\n}\n",
      "workflow w() {\n  let z = 1\n}\n", 2
    ),
    ("const a = 1;\n", "const a = 1\n", 1),
    ("const a = 1\n;\nconst b = 2\n", "const a = 1\nconst b = 2\n", 1),
    ("const a = 1\n", "const a = 1\n", 0),
  ])
  func makes(_ text: String, _ expected: String, _ count: Int) {
    let fixed = Self.fixed(text)
    #expect(String(decoding: fixed.bytes, as: UTF8.self) == expected)
    #expect(fixed.count == count)
  }

  static let texts: [(name: String, text: String)] =
    // Reading that one takes seconds.
    DiagnosticCode.allCases.filter { $0 != .expansionLimit }.map { ($0.explanation.fileName, $0.explanation.wrong) }
    + (Repository.files(below: "Tests/Fixtures/check", withEnding: ".dxsh")
    + Repository.files(below: "Tests/Fixtures/run", withEnding: ".dxsh")).map { ("a.dxsh", Repository.read($0) ?? "") }

  /// Made again, fixes change nothing, and no file has more errors than before; also where words are missing.
  @Test(arguments: texts.indices)
  func holds(_ index: Int) {
    let (name, text) = Self.texts[index]
    var generator = SeededGenerator(UInt64(index))
    for round in 0..<12 {
      var words = text.split(separator: " ", omittingEmptySubsequences: false)
      if round > 0, words.count > 1 { words.remove(at: Int.random(in: words.indices, using: &generator)) }
      if round % 2 == 1, words.count > 1 { words.swapAt(0, Int.random(in: words.indices, using: &generator)) }
      let broken = words.joined(separator: " ")
      let once = Self.fixed(broken, name: name)
      let twice = FixedText(once.bytes, file: Self.id) { Self.check($0, name) }
      #expect(twice.bytes == once.bytes, "\(broken)")
      let before = Self.check(Array(broken.utf8), name).all.count { $0.severity == .error }
      let after = Self.check(once.bytes, name).all.count { $0.severity == .error }
      #expect(after <= before, "\(broken)")
    }
  }

  @Test func editsThatTouchAreNotMadeTogether() {
    func fix(_ start: UInt32, _ end: UInt32, _ text: String) -> Diagnostic.Fix {
      .init("x", [.init(SourceRange(file: Self.id, start: start, end: end), text)])
    }
    let selection = FixSelection([fix(4, 5, "E"), fix(5, 5, "!"), fix(0, 1, "A"), fix(2, 3, ""), fix(1, 3, "?")])
    #expect(selection.count == 3)
    #expect(String(decoding: selection.applied(to: Array("abcdef".utf8)), as: UTF8.self) == "AbdEf")
  }
}
