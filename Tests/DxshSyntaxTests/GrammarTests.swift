import DxshSyntax
import DxshTestSupport
import Testing

/// The examples in the grammar of record are accepted and refused as it says.
struct GrammarTests {
  struct Example: CustomTestStringConvertible {
    let place: String
    let isAccepted: Bool
    let text: String

    var testDescription: String { "\(isAccepted ? "+" : "-") \(text)" }
  }

  static let examples: [Example] = {
    var place = ""
    var found: [Example] = []
    for line in (Repository.read("grammar/dxsh.ebnf") ?? "").split(separator: "\n") {
      if line.hasPrefix("(* ") { place = String(line.dropFirst(3)) }
      if line.hasPrefix("   + ") {
        found.append(Example(place: place, isAccepted: true, text: String(line.dropFirst(5))))
      }
      if line.hasPrefix("   - ") {
        found.append(Example(place: place, isAccepted: false, text: String(line.dropFirst(5))))
      }
    }
    return found
  }()

  @Test func thereAreExamples() {
    #expect(Self.examples.count >= 130)
    #expect(Set(Self.examples.map(\.place)) == ["file", "header", "item", "test", "type", "expr"])
  }

  @Test(arguments: examples)
  func examplesAreTrue(_ example: Example) {
    let text =
      switch example.place {
      case "header", "item": "workflow w() {\n  \(example.text)\n}\n"
      case "test": "test \"t\" {\n  \(example.text)\n}\n"
      case "type": "type T = \(example.text)\n"
      case "expr": "workflow w() {\n  let x = \(example.text)\n}\n"
      default: example.text + "\n"
      }
    let diagnostics = parse(SourceFile(id: FileID(0), name: "grammar", text: text)).diagnostics
    #expect(diagnostics.isEmpty == example.isAccepted, "\(diagnostics.map(\.message))")
  }

  // MARK: Sentences

  private static let grammar = GrammarSentences(Repository.read("grammar/dxsh.ebnf") ?? "")

  /// The words that the lexer knows are those that stand in the grammar, but for those that no program may use.
  @Test func theGrammarHasTheWordsOfTheLexer() {
    let unused: Set<String> = [
      "", "break", "continue", "function", "loop", "package", "namespace", "return", "var", "void", "self", "error",
      "and", "or", "not",
    ]
    let known = Set(Word.allCases.map(\.rawValue)).subtracting(unused)
    let written = Self.grammar.words.filter { word in word.allSatisfy { $0.isLowercase } && word.count > 1 }
    #expect(written.subtracting(["ms"]) == known)
  }

  @Test func everyProductionIsUsedAndThere() {
    let lexical: Set<String> = ["DIGITS", "UNIT"]
    #expect(Set(Self.grammar.productions.keys).subtracting(Self.grammar.names) == ["module", "clause"])
    let tokens: Set<String> = [
      "name", "Name", "word", "STRING", "BYTES", "INT", "UINT", "DOUBLE", "BACKTICKED", "NL", "SEP", "doc",
      "word-but-true-false-null-in",
    ]
    #expect(Self.grammar.names.subtracting(Self.grammar.productions.keys).subtracting(lexical) == tokens)
  }

  @Test(arguments: 0..<400) func sentencesOfTheGrammarParse(_ seed: Int) {
    var generator = SeededGenerator(UInt64(seed))
    let tokens = Self.grammar.sentence(of: "module", &generator)
    let text = tokens.joined(separator: " ")
    let file = SourceFile(id: FileID(0), name: "sentence", text: text)
    let diagnostics = parse(file).diagnostics.filter { $0.severity == .error }
    #expect(diagnostics.map(\.message) == [], "\(problems(diagnostics, in: file)) in\n\(text)")
  }
}
