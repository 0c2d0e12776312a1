import DxshSyntax
import DxshTestSupport
import Testing

/// Trees that nobody would write.
@Suite struct PrintingTests {
  @Test func randomModulesHaveNoMistakes() async {
    for seed in 0..<RandomModule.count(of: 1_000) {
      await Task.yield()
      let text = RandomModule.text(seed: seed, commentRate: seed % 2 == 0 ? 0 : 15)
      let problems = read(text).problems.filter { !$0.hasPrefix("W") }
      if problems != [] {
        Issue.record("seed \(seed): \(problems)\n\(numbered(text))")
        return
      }
    }
  }

  private func numbered(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { "\($0 + 1) \($1)" }
      .joined(separator: "\n")
  }

  @Test func modulesAreTheSameAfterPrinting() async {
    for seed in 0..<RandomModule.count(of: 1_000) {
      await Task.yield()
      let text = RandomModule.text(seed: seed)
      let file = sourceFile(text)
      let tree = parse(file).tree
      let width = [100, 40, 10][Int(seed % 3)]
      let again = read(printed(tree, width: width))
      if again.tree != TreePrinter.text(tree) || again.problems != [] {
        Issue.record("seed \(seed): \(again.problems)\n\(text)\n---\n\(printed(tree, width: width))")
        return
      }
    }
  }

  @Test func expressionsAreTheSameOnOneLine() async {
    for seed in 0..<RandomModule.count(of: 1_000) {
      await Task.yield()
      let file = sourceFile(RandomModule.expression(seed: seed))
      let parsed = parseExpression(file)
      for text in [printed(parsed.tree), printed(parsed.tree, source: file)] {
        let again = readExpression(text)
        if again.tree != TreePrinter.text(parsed.tree) || again.problems != [] {
          Issue.record("seed \(seed): \(again.problems)\n\(file.text(parsed.tree.range))\n---\n\(text)")
          return
        }
      }
      let text = printed(parsed.tree)
      #expect(!text.contains("\n") || text.contains("///"))
    }
  }
}
