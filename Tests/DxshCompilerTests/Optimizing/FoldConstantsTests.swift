import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTestSupport
import Testing

@Suite("Fold constants")
struct FoldConstantsTests {
  private static let x = Expression.binding(depth: 0, slot: 0)
  private static let failing = Expression.apply("divide_int64", .int(1), .int(0))

  private static func macro(_ range: Expression, local: Int = 0, _ body: Expression) -> Expression {
    .comprehension(Comprehension(.map, range: range, local: local, body: body))
  }

  private static let three = Expression.constant(Constant(.list([.int(1), .int(2), .int(3)])))

  static let cases: [(Expression, Expression)] = [
    (.sum(.int(1), .sum(.int(2), .int(3))), .int(6)),
    (.sum(.sum(.int(1), .int(2)), x), .sum(.int(3), x)),
    (.interpolation([.text("a"), .int(1)]), .text("a1")),
    (.interpolation([.text("a"), x]), .interpolation([.text("a"), x])),
    (.list([]), .constant(Constant(.list([])))),
    (.record(["a"], [.int(1)]), .constant(Constant(.record(RecordValue(RecordShape(["a"]), [.int(1)]))))),
    (.field(.record(["a"], [.int(1)]), "a", slot: 7), .int(1)),
    (.conditional(.bool(true), x, failing), x),
    (.conditional(.bool(false), failing, x), x),
    (.conditional(x, .sum(.int(1), .int(1)), failing), .conditional(x, .int(2), failing)),
    (.and(.bool(true), x), x),
    (.or(.bool(false), x), x),
    (.and(x, .bool(false)), .bool(false)),
    (.or(failing, .bool(true)), .bool(true)),
    (.and(x, .bool(true)), .and(x, .bool(true))),
    (failing, failing),
    (.sum(failing, .sum(.int(1), .int(1))), .sum(failing, .int(2))),
    (.attempt(.int(1)), .int(1)),
    (.attempt(failing), .attempt(failing)),
    (.conform(.int(1), .double), .constant(Constant(.double(1)))),
    (macro(three, .sum(.local(0), .int(1))), .constant(Constant(.list([.int(2), .int(3), .int(4)])))),
    (macro(three, .sum(.local(0), x)), macro(three, .sum(.local(0), x))),
    (macro(x, .sum(.int(1), .int(1))), macro(x, .int(2))),
    (macro(x, macro(three, local: 1, .local(0))), macro(x, macro(three, local: 1, .local(0)))),
  ]

  @Test("An expression is folded as far as it is known", arguments: cases)
  func fold(before: Expression, after: Expression) throws {
    var builder = PlanBuilder()
    _ = builder.slot("x")
    builder.node("out", .output(before))
    let plan = builder.plan(parameters: 1)
    let result = FoldConstants().run(plan)
    builder = PlanBuilder()
    _ = builder.slot("x")
    builder.node("out", .output(after))
    #expect(result.plan == builder.plan(parameters: 1))
    #expect(result.notes.isEmpty == (before == after))
    #expect(FoldConstants().run(result.plan).notes.isEmpty)
  }

  @Test("Every expression of every node is folded")
  func everywhere() {
    let two = Expression.sum(.int(1), .int(1))
    func plan(_ two: Expression) -> Plan {
      var builder = PlanBuilder()
      _ = builder.slot("p")
      builder.condition("if(1)", two)
      builder.node("assert(1)", .assertion(two, message: two))
      builder.node("fail(1)", .failure(kind: "k", message: two))
      let retry = PlanCall.Retry(
        attempts: two, backoff: .exponential(two, max: two, factor: two), jitter: two, only: nil)
      builder.call("x", two, two, retry: retry, timeout: two)
      builder.loop("for(1)", over: two, parallel: two) { body in
        body.value("y", two)
        body.call("z", two, retry: .init(attempts: two, backoff: .fixed(two), jitter: nil, only: nil))
        body.call("u", two, retry: .init(attempts: two, backoff: .linear(two), jitter: nil, only: nil))
      }
      var plan = builder.plan(parameters: 1)
      plan.parameters[0].defaultValue = two
      return plan
    }
    let result = FoldConstants().run(plan(two))
    #expect(result.plan == plan(.int(2)))
    #expect(
      result.notes == [
        "p: one part computed", "if(1): one part computed", "assert(1): 2 parts computed",
        "fail(1): one part computed", "x: 8 parts computed", "for(1): 2 parts computed",
        "for(1)/y: one part computed", "for(1)/z: 3 parts computed", "for(1)/u: 3 parts computed",
      ])
  }

  @Test("A deep expression is folded")
  func deep() {
    let sum = (1..<Expression.depthLimit).reduce(Expression.int(1)) { sum, _ in .sum(sum, .int(1)) }
    var builder = PlanBuilder()
    builder.node("out", .output(sum))
    let kind = FoldConstants().run(builder.plan()).plan.body.nodes[0].kind
    #expect(kind == .output(.int(2_000)))
  }

  @Test(
    "What is large, or costs much, is left to the run",
    arguments: [
      "text.pad_start(\"\", 100000)", "text.pad_start(\"\", 30000000)", "lists.range(20000)",
      "lists.range(900).map(i, text.repeat(\"ab\", 9)).join(\"\")",
    ])
  func large(_ expression: String) throws {
    let text = "workflow w() -> int {\n  let a = \(expression)\n  output a.size()\n}\n"
    let compiled = compile(SourceFile(id: FileID(0), name: "test", text: text), library: NodeLibrary([:]))
    #expect(compiled.mistakes.map(\.message) == [])
    #expect(FoldConstants().run(try #require(compiled.plans.first)).plan.encoded().count < 11_000)
  }

  /// A file may have thousands of constants.
  @Test func aConstantThatCostsMuchIsRefused() {
    let text = "const a = text.pad_start(\"\", 30000000)\nworkflow w() {\n}\n"
    let compiled = compile(SourceFile(id: FileID(0), name: "test", text: text), library: NodeLibrary([:]))
    #expect(compiled.mistakes.map(\.code) == [.partialOperation])
  }
}
