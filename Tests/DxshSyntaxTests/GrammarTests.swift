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
    #expect(Self.examples.count >= 40)
    #expect(Set(Self.examples.map(\.place)) == ["file", "item", "expr"])
  }

  @Test(arguments: examples)
  func examplesAreTrue(_ example: Example) {
    let text =
      switch example.place {
      case "item": "workflow w() {\n  \(example.text)\n}\n"
      case "expr": "workflow w() {\n  let x = \(example.text)\n}\n"
      default: example.text + "\n"
      }
    let diagnostics = parse(SourceFile(id: FileID(0), name: "grammar", text: text)).diagnostics
    #expect(diagnostics.isEmpty == example.isAccepted, "\(diagnostics.map(\.message))")
  }
}
