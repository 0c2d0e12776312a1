import DxshExpressions
import DxshPlan
import Testing

@Suite("Plan validation")
struct PlanValidationTests {
  typealias Build = PlanBuilding

  @Test("The tables of a valid plan")
  func tables() throws {
    let inner = Build.loop([Build.node("y"), Build.node("z", after: [0])])
    let plan = Build.plan([
      Build.node("a"), Build.node("for(1)", Build.loop([Build.node("for(1)", inner)]), after: [0]),
      Build.node("for(2)", Build.loop(), after: [0, 1]), Build.node("b"),
    ])
    let scopes = try plan.validated().scopes
    #expect(scopes.map { $0.nodes.map(\.path) } == [["a", "for(1)", "for(2)", "b"], ["for(1)"], ["y", "z"], []])
    #expect(scopes.map(\.firstNode) == [0, 4, 5, 7])
    #expect(scopes.map(\.bodies) == [[-1, 1, 3, -1], [2], [-1, -1], []])
    #expect(scopes.map(\.slotCount) == [4, 2, 2, 2])
    #expect(scopes[0].dependencyCounts == [0, 1, 2, 0])
    #expect(scopes[0].roots == [3, 0])
    #expect((0..<4).map { Array(scopes[0].successors(of: $0)) } == [[1, 2], [2], [], []])
  }

  @Test("Orders come from the dependencies, not from the text")
  func order() throws {
    let plan = Build.plan([Build.node("a", after: [2]), Build.node("b", after: [0]), Build.node("c")])
    #expect(DependencyGraph(plan.body.nodes).order == [2, 0, 1])
    _ = try plan.validated()
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let nodes: [PlanNode]
    let path: String
    let message: String

    var testDescription: String { message }

    init(_ nodes: PlanNode..., path: String, _ message: String) {
      self.nodes = nodes
      self.path = "/body/nodes\(path)"
      self.message = message
    }
  }

  static let graphMistakes = [
    Mistake(Build.node("x"), Build.node("x"), path: "/1/path", "two nodes have the path `x`"),
    Mistake(Build.node("x", after: [1]), path: "/0/after/0", "there is no node 1"),
    Mistake(Build.node("x", after: [-1]), path: "/0/after/0", "there is no node -1"),
    Mistake(
      Build.node("x"), Build.node("y"), Build.node("z", after: [1, 0]), path: "/2/after/1",
      "the numbers of dependencies must ascend"),
    Mistake(
      Build.node("x"), Build.node("y", after: [0, 0]), path: "/1/after/1", "the numbers of dependencies must ascend"),
    Mistake(Build.node("x", after: [0]), path: "/0/after", "the node `x` waits for itself"),
    Mistake(
      Build.node("x"), Build.node("y", after: [0, 3]), Build.node("z", after: [1]), Build.node("u", after: [2]),
      path: "/1/after", "the node `y` waits for itself by way of `u`, `z`"),
    Mistake(
      Build.node("x", .condition(Build.int(1))), Build.node("y", if: (0, true)), path: "/1/if/0",
      "the condition 0 is not among the dependencies"),
    Mistake(
      Build.node("x"), Build.node("y", after: [0], if: (0, true)), path: "/1/if/0", "the node `x` is no condition"),
  ]

  static let slotMistakes = [
    Mistake(Build.node("x", .value(slot: 4, Build.int(1))), path: "/0/value/0", "there is no slot 4"),
    Mistake(Build.node("x", .call(Build.call(-1))), path: "/0/call/slot", "there is no slot -1"),
    Mistake(Build.node("x", .output(Build.slot(4))), path: "/0/output", "the scope has no slot 4"),
    Mistake(
      Build.node("x", .output(Build.slot(0, out: 1))), path: "/0/output", "there is no scope 1 further out"),
    Mistake(
      Build.node("x", .call(Build.call(arguments: [Build.int(1), Build.slot(9)]))), path: "/0/call/arguments/1/1",
      "the scope has no slot 9"),
    Mistake(
      Build.node("x", Build.loop([Build.node("y", .output(Build.slot(4, out: 1)))])),
      path: "/0/loop/body/nodes/0/output", "the scope 1 further out has no slot 4"),
    Mistake(
      Build.node("x", Build.loop([Build.node("y", .value(slot: 0, Build.int(1)))])),
      path: "/0/loop/body/nodes/0/value/0", "the slot 0 already has a value when the scope begins"),
    Mistake(Build.node("x", Build.loop(element: 2)), path: "/0/loop/element", "the body has no slot 2"),
    Mistake(
      Build.node("x", Build.loop(index: 0)), path: "/0/loop/index", "the body has no slot 0 beside the element's"),
    Mistake(
      Build.node("x", Build.loop(exports: [(0, 0), (2, 0)])), path: "/0/loop/exports/1/0", "the body has no slot 2"),
    Mistake(Build.node("x", Build.loop(exports: [(1, 4)])), path: "/0/loop/exports/0/1", "there is no slot 4"),
    Mistake(Build.node("x", Build.loop(collect: 4)), path: "/0/loop/collect", "there is no slot 4"),
  ]

  static let expressionMistakes = [
    Mistake(Build.node("x", .condition(.local(0))), path: "/0/condition", "there is no macro variable 0"),
    Mistake(
      Build.node("x", .output(.record(["a"], []))), path: "/0/output", "a record of 1 names has 0 values"),
    Mistake(
      Build.node("x", .output(.record(["a", "a"], [Build.int(1), Build.int(1)]))), path: "/0/output",
      "a record has a name twice"),
    Mistake(
      Build.node("x", .output(.map([Build.int(1)]))), path: "/0/output", "the last key of a map has no value"),
    Mistake(
      Build.node("x", .failure(kind: "k", message: Build.sum(depth: 2_001))), path: "/0/failure/1",
      "the expression nests more than 2000 deep"),
    Mistake(
      Build.node("x", .assertion(Build.int(1), message: .comprehension(nested(local: 0)))), path: "/0/assertion/1",
      "the variable of the macro has the number 0 instead of 1"),
  ]

  private static func nested(local: Int) -> Comprehension {
    let inner = Comprehension(.all, range: .local(0), local: local, body: .local(local))
    return Comprehension(.all, range: .list([]), local: 0, body: .comprehension(inner))
  }

  @Test("A mistake is refused with its place", arguments: graphMistakes + slotMistakes + expressionMistakes)
  func refusal(mistake: Mistake) {
    let error = #expect(throws: PlanError.self) { try Build.plan(mistake.nodes).validated() }
    #expect(error == PlanError(mistake.message, path: mistake.path))
  }

  @Test("The number of arguments must be what the function takes")
  func arity() throws {
    let add = try #require(FunctionLibrary.function(withID: "add_int64"))
    let plan = Build.plan([Build.node("x", .output(.attempt(.call(add, [Build.int(1)]))))])
    let error = #expect(throws: PlanError.self) { try plan.validated() }
    #expect(error?.message == "the function \"add_int64\" takes 2 arguments, not 1")
  }

  @Test("Parameters come first, and their defaults see those before them")
  func parameters() throws {
    let first = Plan.Parameter(name: "p", type: .int, defaultValue: nil)
    var second = Plan.Parameter(name: "q", type: .int, defaultValue: Build.slot(0))
    _ = try Build.plan([], parameters: [first, second]).validated()
    second.defaultValue = Build.slot(1)
    let error = #expect(throws: PlanError.self) { try Build.plan([], parameters: [first, second]).validated() }
    #expect(error == PlanError("the scope has no slot 1", path: "/parameters/1/default"))
    var plan = Build.plan([], parameters: [first])
    plan.body.slots[0].name = "other"
    #expect(throws: PlanError.self) { try plan.validated() }
    plan.body.slots = []
    #expect(throws: PlanError.self) { try plan.validated() }
    let overwriting = Build.plan([Build.node("x", .call(Build.call(0)))], parameters: [first])
    #expect(throws: PlanError.self) { try overwriting.validated() }
  }

  @Test("Secrets come after the parameters, and nothing overwrites them")
  func secrets() throws {
    let parameter = Plan.Parameter(name: "p", type: .int, defaultValue: nil)
    let secret = Plan.Secret(name: "s", type: .string, source: .environment("S"))
    let read = Build.node("x", .value(slot: 2, Build.slot(1)))
    var plan = Build.plan([read], parameters: [parameter], secrets: [secret])
    _ = try plan.validated()
    plan.body.nodes[0].kind = .value(slot: 1, Build.int(1))
    #expect(throws: PlanError.self) { try plan.validated() }
    plan.body.nodes = []
    plan.body.slots[1].name = "other"
    let error = #expect(throws: PlanError.self) { try plan.validated() }
    #expect(error == PlanError("expected the slot of the secret `s`", path: "/body/slots/1"))
    plan.body.slots.removeLast(5 - 1)
    #expect(throws: PlanError.self) { try plan.validated() }
    let defaulted = Plan.Parameter(name: "p", type: .string, defaultValue: Build.slot(1))
    #expect(throws: PlanError.self) { try Build.plan([], parameters: [defaulted], secrets: [secret]).validated() }
  }

  @Test("Loops nest 64 deep at most, the body included")
  func nesting() throws {
    var kind = Build.loop()
    for _ in 1..<63 { kind = Build.loop([Build.node("x", kind)]) }
    #expect(try Build.plan([Build.node("x", kind)]).validated().scopes.count == 64)
    let deeper = Build.plan([Build.node("x", Build.loop([Build.node("x", kind)]))])
    #expect(throws: PlanError.self) { try deeper.validated() }
    #expect(throws: PlanError.self) { try Plan.decode(deeper.encoded()) }
  }

  @Test("A hundred thousand nodes in a row or in a ring need no recursion")
  func long() throws {
    let count = 100_000
    var nodes = (0..<count).map { Build.node("n\($0)", after: $0 > 0 ? [$0 - 1] : []) }
    #expect(try Build.plan(nodes).validated().scopes[0].nodes.count == count)
    nodes[0].dependencies = [count - 1]
    let error = #expect(throws: PlanError.self) { try Build.plan(nodes).validated() }
    #expect(error?.message.hasSuffix("`n99991`, 99990 more") == true)
  }
}
