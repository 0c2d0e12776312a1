import DxshSyntax
import Testing

/// Every node's range covers exactly its text.
@Suite struct RangeTests {
  @Test func itemsEndWithTheirLastToken() {
    let source = """
      workflow w() {
        let x = 1 // one
        /// documentation
        step s = a.b(c: 1)
          after x, y.z
          with p(2) // two
        if x > 1 { } else if y { }
        for i, v in xs with p() { }
      }
      """
    let file = sourceFile(source)
    guard case .workflow(let workflow) = parse(file).tree.declarations[0] else {
      Issue.record("no workflow")
      return
    }
    #expect(file.text(workflow.range) == source)
    #expect(file.text(workflow.body.range).hasPrefix("{") && file.text(workflow.body.range).hasSuffix("}"))
    #expect(
      workflow.body.items.map { file.text($0.range) } == [
        "let x = 1", "step s = a.b(c: 1)\n    after x, y.z\n    with p(2)", "if x > 1 { } else if y { }",
        "for i, v in xs with p() { }",
      ])
    guard case .step(let step) = workflow.body.items[1] else { return }
    #expect(file.text(step.call.range) == "a.b(c: 1)")
    #expect(step.after.map { file.text($0.range) } == ["x", "y.z"])
    #expect(step.policies.map { file.text($0.range) } == ["p(2)"])
    #expect(step.call.arguments.map { file.text($0.range) } == ["c: 1"])
  }

  @Test func expressionsStartAndEndWithTheirTokens() {
    let source = "(a.b + -c[0]) * f(x) ? \"p ${q} r\" : { k: [1] } as list<int?>"
    let file = sourceFile(source)
    var texts: [String] = []
    collect(parseExpression(file).tree, &texts, file)
    #expect(
      texts == [
        source, "(a.b + -c[0]) * f(x) ? \"p ${q} r\" : { k: [1] }", "(a.b + -c[0]) * f(x)", "(a.b + -c[0])",
        "a.b + -c[0]", "a.b", "a", "-c[0]", "c[0]", "c", "0", "f(x)", "x", "\"p ${q} r\"", "q", "{ k: [1] }", "[1]",
        "1",
      ])
  }

  private func collect(_ expression: ExpressionSyntax, _ texts: inout [String], _ file: SourceFile) {
    texts.append(file.text(expression.range))
    for child in children(of: expression) { collect(child, &texts, file) }
  }

  private func children(of expression: ExpressionSyntax) -> [ExpressionSyntax] {
    switch expression.kind {
    case .missing, .literal, .name, .emptyBraces: []
    case .select(let base, _, _), .cast(let base, _), .parenthesized(let base), .unary(_, let base): [base]
    case .index(let base, let index, _): [base, index]
    case .call(_, let arguments): arguments.map(\.value)
    case .method(let base, _, let arguments): [base] + arguments.map(\.value)
    case .binary(_, let left, let right): [left, right]
    case .conditional(let condition, let then, let other): [condition, then, other]
    case .list(let elements): elements.map(\.value)
    case .record(let fields): fields.map(\.value)
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .match(let subject, let arms): [subject] + arms.map(\.value)
    case .interpolation(let segments):
      segments.compactMap { if case .expression(let inner) = $0 { inner } else { nil } }
    }
  }

  @Test func aMissingNameIsEmptyAndStandsAfterTheTokenBefore() {
    let file = sourceFile("type = int")
    guard case .type(let type) = parse(file).tree.declarations[0] else { return }
    #expect(type.name.isMissing && type.name.range.isEmpty && type.name.range.start == 4)
  }
}
