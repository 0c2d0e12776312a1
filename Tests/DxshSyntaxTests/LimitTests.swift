import DxshSyntax
import Testing

@Suite struct LimitTests {
  private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  @Test func bracketsNestTwoHundredDeep() {
    for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("{ a: ", "}"), ("\"${", "}\""), ("x[", "]")] {
      let text = { (count: Int) in self.repeated(open, count) + "1" + self.repeated(close, count) }
      #expect(readExpression(text(199)).problems == [], "\(open)")
      let problems = readItems("let x = \(text(300))\nlet y = 1").problems.map { $0.prefix(5) }
      #expect(problems == ["E0005"], "\(open)")
      #expect(readItems("let x = \(text(300))\nlet y = 1").tree.hasSuffix("(let y 1)"), "\(open)")
    }
  }

  @Test func blocksAndTypesNestTwoHundredDeep() {
    let blocks = { (count: Int) in self.repeated("sequence {\n", count) + self.repeated("}\n", count) }
    #expect(readItems(blocks(199)).problems == [])
    #expect(readItems(blocks(300) + "let y = 1").problems.map { $0.prefix(5) } == ["E0005"])
    #expect(readItems(blocks(300) + "let y = 1").tree.hasSuffix("(let y 1)"))
    let types = { (count: Int) in "type T = " + self.repeated("list<", count) + "int" + self.repeated(">", count) }
    #expect(read(types(198)).problems == [])
    #expect(read(types(300) + "\ntype U = int").problems.map { $0.prefix(5) } == ["E0005"])
    #expect(read(types(300) + "\ntype U = int").tree.hasSuffix("(type U int)"))
    let chain = repeated("if a { } else ", 300) + "{ }"
    #expect(readItems(chain).problems.map { $0.prefix(5) } == ["E0005"])
  }

  @Test func chainsHaveAThousandLinks() {
    let chains = [("a", " + a"), ("a", ".b"), ("a", "[0]"), ("a", ".f()"), ("a", " ? b : c")]
    for (head, link) in chains {
      #expect(readExpression(head + repeated(link, 1_000)).problems == [], "\(link)")
      let problems = readItems("let x = \(head)\(repeated(link, 1_001))\nlet y = 1").problems.map { $0.prefix(5) }
      #expect(problems == ["E0005"], "\(link)")
    }
    #expect(readExpression(repeated("!", 1_000) + "a").problems == [])
    #expect(readExpression(repeated("-", 1_001) + "a").problems.map { $0.prefix(5) } == ["E0005"])
  }

  @Test func theHeightOfATreeIsLimitedWhateverItIsMadeOf() {
    let text = repeated("(", 100) + "a" + repeated(repeated(" + a", 20) + ")", 100)
    #expect(readExpression(text).problems.map { $0.prefix(5) } == ["E0005"])
  }

  @Test(arguments: [
    "(", "[", "{", "f(", "a.", "\"${", "{ a: ", "if x {\n", "!", "-", "? ", "a ? ", "list<", "\"", "'''", "`", "}", ")",
    "let x = (", "type T = {a: ", "workflow w() {", "a?.b ", "x, ", "$", "/*", "///\n", "step\n", "as ", "(a, ", "a b ",
  ])
  func aTextOfOneThingAreSurvivedQuickly(_ piece: String) {
    let count = 20_000 / piece.utf8.count
    for prefix in ["", "workflow w() {\n  let x = ", "type T = ", "workflow w() {\n  step a = f("] {
      let parsed = parse(sourceFile(prefix + repeated(piece, count)))
      #expect(parsed.diagnostics.count <= 100)
    }
  }

  @Test func aMillionBracketsAreOneMistake() {
    let reading = readItems("let x = " + repeated("(", 1_000_000) + "\nlet y = 1")
    #expect(reading.problems.map { $0.prefix(5) } == ["E0005"])
    #expect(reading.tree.hasSuffix("(let y 1)"))
  }

  @Test func aFileHasAtMostAHundredDiagnostics() {
    #expect(parse(sourceFile(repeated("let\n", 500))).diagnostics.count <= 100)
    #expect(parse(sourceFile("workflow w() {\n" + repeated("let = 1\n", 500) + "}")).diagnostics.count == 100)
    #expect(tokenize(sourceFile(repeated("; ", 500))).diagnostics.count == 100)
  }

  @Test func badEncodingIsReportedOncePerFile() {
    let file = SourceFile(
      id: FileID(0), name: "bad", bytes: Array("let \u{FF}".utf8) + [0xFF, 0x20, 0xC0, 0x80, 0xED, 0xA0, 0x80])
    #expect(tokenize(file).diagnostics.map(\.code).filter { $0 == .badEncoding }.count == 1)
    let bytes = Array("type T = int // ".utf8) + [0xE2, 0x82, 0x0A] + Array("type U = int".utf8)
    let parsed = parse(SourceFile(id: FileID(0), name: "bad", bytes: bytes))
    #expect(parsed.diagnostics.map(\.code) == [.badEncoding])
    #expect(parsed.tree.declarations.count == 2)
  }

  @Test(arguments: ["\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{0}", "\u{200F}"])
  func invisibleCharactersAreReported(_ character: String) {
    expectProblem("let x = \"a\(character)b\"", "E0006 2:11", "(let x \("a\(character)b".debugDescription))")
    expectProblem("let x = 1 // a\(character)b", "E0006 2:15", "(let x 1)")
    expectProblem("let x = \(character)1", "E0006 2:9", "(let x 1)")
  }

  @Test func aByteOrderMarkAtTheStartIsSkipped() {
    #expect(read("\u{FEFF}type T = int") == Reading(tree: "(type T int)", problems: []))
  }
}
