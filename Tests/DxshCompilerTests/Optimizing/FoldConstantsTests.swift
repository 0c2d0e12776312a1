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
    (macro(x, macro(three, local: 1, .local(1))), macro(x, three)),
    (.letting(0, .sum(.int(1), .int(1)), in: .sum(.local(0), .int(1))), .int(3)),
    (.letting(0, .int(1), in: .letting(1, .int(2), in: .sum(.local(0), .local(1)))), .int(3)),
    (
      .letting(0, .int(1), in: macro(three, local: 1, .sum(.local(0), .local(1)))),
      .constant(Constant(.list([.int(2), .int(3), .int(4)])))
    ),
    (.letting(0, .int(1), in: .sum(.local(0), x)), .letting(0, .int(1), in: .sum(.int(1), x))),
    (.letting(0, x, in: .sum(.int(1), .int(1))), .letting(0, x, in: .int(2))),
    (.letting(0, failing, in: .int(1)), .letting(0, failing, in: .int(1))),
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
        "p: one part", "if(1): one part", "assert(1): 2 parts", "fail(1): one part", "x: 8 parts", "for(1): 2 parts",
      ].map { "\($0) computed, once instead of in each run" }
        + ["y: one part", "z: 3 parts", "u: 3 parts"].map {
          "for(1)/\($0) computed, once instead of for each item of for(1)"
        })
  }

  @Test("A name that is a constant is one wherever it is read")
  func names() {
    var builder = PlanBuilder()
    _ = builder.slot("p")
    builder.value("a", .sum(.int(1), .int(1)))
    builder.value("b", .sum(builder.read("a"), .int(1)), after: "a")
    builder.value("c", .sum(builder.read("b"), builder.read("p")), after: "b")
    builder.loop("for(1)", over: builder.read("p"), after: ["b"]) { body in
      body.call("d", .binding(depth: 1, slot: 2))
    }
    let plan = FoldConstants().run(builder.plan(parameters: 1)).plan
    #expect(plan.body.nodes[1].kind == .value(slot: 2, .int(3)))
    #expect(plan.body.nodes[2].kind == .value(slot: 3, .sum(.int(3), .binding(depth: 0, slot: 0))))
    guard case .call(let call)? = plan.body.nodes[3].kind.scopes.first?.nodes.first?.kind else {
      Issue.record("the loop has no call")
      return
    }
    #expect(call.arguments.map(\.value) == [.int(3)])
  }

  @Test("A name that a branch binds is a constant in that branch alone, and one of a branch that is taken everywhere")
  func branches() {
    func outputs(_ condition: Expression) -> [Expression] {
      var builder = PlanBuilder()
      _ = builder.slot("p")
      builder.condition("if(1)", condition)
      builder.branch(of: "if(1)", when: true) { builder in
        builder.value("a", .int(1))
        builder.node("inside", .output(builder.read("a")), after: "a")
      }
      builder.branch(of: "if(1)", when: false) { builder in
        builder.node("a@else", .value(slot: builder.slot("a"), .int(2)))
        builder.node("beside", .output(builder.read("a")), after: "a@else")
      }
      builder.node("outside", .output(builder.read("a")), after: "a", "a@else")
      return FoldConstants().run(builder.plan(parameters: 1)).plan.body.nodes.compactMap { node in
        if case .output(let expression) = node.kind { expression } else { nil }
      }
    }
    let a = Expression.binding(depth: 0, slot: 1)
    #expect(outputs(.binding(depth: 0, slot: 0)) == [.int(1), .int(2), a])
    #expect(outputs(.bool(true)) == [.int(1), a, .int(1)])
    #expect(outputs(.bool(false)) == [a, .int(2), .int(2)])
  }

  @Test("What runs after a failure reads what was bound by then")
  func afterFailures() throws {
    let text = """
      workflow w(n: int) -> int {
        assert n > 0, "no"
        let a = 1
        try {
          assert n > 1, "no"
          let b = 2
          let c = b
        } catch e {
          let c = 3
        }
        output a + c.orValue(0)
        finally {
          step said = log.info(message: "${a.orValue(9)}")
        }
      }
      """
    let library = NodeLibrary(["log": "node log.info(message: string) -> {} effect idempotent timeout(1s)"])
    let compiled = compile(SourceFile(id: FileID(0), name: "test", text: text), library: library)
    #expect(compiled.mistakes.map(\.message) == [])
    let plan = FoldConstants().run(try #require(compiled.plans.first)).plan
    guard case .call(let call)? = plan.finally?.nodes.first?.kind else {
      Issue.record("finally has no call")
      return
    }
    #expect(!call.arguments.map(\.value).contains { if case .constant = $0 { true } else { false } })
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
