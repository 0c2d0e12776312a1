import DxshSyntax
import DxshTestSupport
import Testing

/// The files that people and tests read derive from the grammar of record, and leave no part of it out.
struct GrammarCoverageTests {
  private static let grammar = GrammarSentences(Repository.read("grammar/dxsh.ebnf") ?? "")

  /// The samples, the standard library, the fixtures without mistakes of syntax and the examples of the reference.
  private static func files(_ ending: String, _ language: String) -> [SourceFile] {
    let folders = ["samples", "stdlib", "Tests/Fixtures/run", "Tests/Fixtures/check", "Tests/Fixtures/notations"]
    let paths = folders.flatMap { Repository.files(below: $0, withEnding: ending) }
    let blocks = (Repository.read("docs/language.md") ?? "").components(between: "```")
    let examples = blocks.filter { $0.hasPrefix(language + "\n") }.map { $0.dropFirst(language.utf8.count + 1) }
    var files = paths.map { SourceFile(id: FileID(0), name: $0, text: Repository.read($0) ?? "") }
    files += examples.map { SourceFile(id: FileID(0), name: "docs/language.md" + ending, text: String($0)) }
    return files.filter { file in parse(file).diagnostics.allSatisfy { $0.severity != .error } }
  }

  @Test func filesDeriveFromTheGrammarAndUseAllOfIt() async {
    var coverage = GrammarCoverage(Self.grammar)
    for file in Self.files(".dxsh", "dxsh") {
      let rest = coverage.derive(file)
      #expect(rest == nil, "\(file.name)")
      await Task.yield()
    }
    #expect(coverage.missing.isEmpty, "\(coverage.missing)")
  }

  @Test func yamlFilesSayAllOfTheGrammar() async {
    var coverage = GrammarCoverage(Self.grammar)
    for file in Self.files(".yaml", "yaml") {
      let text = printDxsh(parse(file).tree, of: file)
      let rest = coverage.derive(SourceFile(id: FileID(0), name: file.name, text: text))
      #expect(rest == nil, "\(file.name)")
      await Task.yield()
    }
    // What is written from YAML has one of the separators that the grammar allows.
    let missing = coverage.missing.filter { !$0.hasSuffix(": SEP") && !$0.hasSuffix(": \",\"") }
    #expect(missing.isEmpty, "\(missing)")
  }
}
