import DxshTestSupport
import Testing

/// The examples of `docs/expressions.md` are true.
struct ExpressionDocumentationTests {
  static let examples = CodeBlock.all(in: Repository.read("docs/expressions.md") ?? "").flatMap(Example.all)

  @Test func thereAreExamples() {
    #expect(Self.examples.count > 100)
  }

  @Test(arguments: examples)
  func examplesAreTrue(_ example: Example) {
    if let problem = example.evaluate().problem {
      Issue.record("\(example.block.language): \(example.expression): \(problem)")
    }
  }
}
