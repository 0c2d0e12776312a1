import DxshSyntax
import Testing

/// One mistake gives one diagnostic, and what stands around it is kept.
@Suite struct RecoveryTests {
  @Test func namesAndMarksThatAreMissing() {
    expectProblem("let = 1\nlet y = 1", "E0001 2:5", "(let <missing> 1) (let y 1)")
    expectProblem("let x 1\nlet y = 1", "E0001 2:7", "(let x 1) (let y 1)")
    expectProblem("let x == 1\nlet y = 1", "E0001 2:7", "(let x 1) (let y 1)")
    expectProblem("let x =\nlet y = 1", "E0001 2:8", "(let x <missing>) (let y 1)")
    expectProblem("let x\nlet y = 1", "E0001 2:6", "(let x <missing>) (let y 1)")
    expectProblem("let\nlet y = 1", "E0001 2:4", "(let <missing> <missing>) (let y 1)")
    expectProblem("step a b c = f()\nlet y = 1", "E0001 2:8", "(step a (<missing>)) (let y 1)")
    expectProblem("step x = f\nlet y = 1", "E0001 2:10", "(step x (f)) (let y 1)")
    expectProblem("step x = f after a\nlet y = 1", "E0001 2:10", "(step x (f) (after a)) (let y 1)")
    expectProblem("step x = 1 + 2\nlet y = 1", "E0001 2:10", "(step x (<missing>)) (let y 1)")
    expectProblem("step x = f() + 1\nlet y = 1", "E0001 2:14", "(step x (f)) (let y 1)")
    expectProblem("assert a\nlet y = 1", "E0001 2:9", "(assert a <missing>) (let y 1)")
    expectProblem("let x = 1 let y = 1", "E0001 2:11", "(let x 1) (let y 1)")
    expectProblem("let x = a b\nlet y = 1", "E0001 2:11", "(let x a) (let y 1)")
    expectProblem("step x = f() timeout(30s)\nlet y = 1", "E0001 2:14", "(step x (f)) (let y 1)")
    expectProblem("let x = 1;\nlet y = 1", "E0001 2:10", "(let x 1) (let y 1)")
    expectProblem("let x = 1 # one\nlet y = 1", "E0001 2:11", "(let x 1) (let y 1)")
    expectProblem("/* one\n two */ let x = 1", "E0001 2:1", "(let x 1)")
    expectProblem("let x = $y + 1\nlet y = 1", "E0001 2:9", "(let x (+ y 1)) (let y 1)")
    expectProblem("let x = “a”\nlet y = 1", "E0003 2:9", "(let x <missing>) (let y 1)")
  }

  @Test func insideBrackets() {
    expectProblem("step x = f(a: , b: 2)", "E0001 2:15", "(step x (f a: <missing> b: 2))")
    expectProblem("step x = f(a: 1 +, b: 2)", "E0001 2:18", "(step x (f a: (+ 1 <missing>) b: 2))")
    expectProblem("step x = f(a: 1 b: 2)", "E0001 2:17", "(step x (f a: 1 b: 2))")
    expectProblem("step x = f(a: 1,, b: 2)", "E0001 2:17", "(step x (f a: 1 <missing> b: 2))")
    expectProblem("step x = f(\n  a: 1\n  b: 2\n  c: 3\n)", "E0001 4:3", "(step x (f a: 1 b: 2 c: 3))")
    expectProblem("let x = [1, *, 3]", "E0001 2:13", "(let x (list 1 <missing> 3))")
    expectProblem("let x = [(1 +), 3]", "E0001 2:14", "(let x (list (paren (+ 1 <missing>)) 3))")
    expectProblem("let x = { a 1, b: 2 }", "E0001 2:13", "(let x (record a: 1 b: 2))")
    expectProblem("let x = { a = 1, b: 2 }", "E0001 2:13", "(let x (record a: 1 b: 2))")
    expectProblem("let x = ()", "E0001 2:10", "(let x (paren <missing>))")
    expectProblem("let x = (a, b)", "E0001 2:11", "(let x (paren a))")
    expectProblem("let x = a[1, 2]", "E0001 2:14", "(let x ([] a 1))")
    expectProblem("let x = a[]", "E0001 2:11", "(let x ([] a <missing>))")
    expectProblem("let x = a.\nlet y = 1", "E0001 2:11", "(let x (. a <missing>)) (let y 1)")
  }

  @Test func bracketsThatAreNotClosed() {
    expectProblem("step x = f(a: 1\nlet y = 1", "E0002 2:16", "(step x (f a: 1)) (let y 1)")
    expectProblem("step x = f(a: 1,\nstep y = g()", "E0002 2:17", "(step x (f a: 1)) (step y (g))")
    expectProblem(
      "step x = f(a: (1 + 2, b: 3)\nlet y = 1", "E0002 2:21", "(step x (f a: (paren (+ 1 2)) b: 3)) (let y 1)")
    expectProblem("let x = [1, 2\nlet y = 1", "E0002 2:14", "(let x (list 1 2)) (let y 1)")
    expectProblem("let x = { a: 1\nlet y = 1", "E0002 2:15", "(let x (record a: 1)) (let y 1)")
    expectProblem("let x = f(a: [1, 2)\nlet y = 1", "E0002 2:19", "(let x (call f a: (list 1 2))) (let y 1)")
    expectProblem("let x = f(1]\nlet y = 1", "E0002 2:12", "(let x (call f 1)) (let y 1)")
    expectProblem("let x = f([1, 2))\nlet y = 1", "E0002 2:16", "(let x (call f (list 1 2))) (let y 1)")
    expectProblem("let x = f(1))\nlet y = 1", "E0001 2:13", "(let x (call f 1)) (let y 1)")
  }

  @Test func headersWithMistakesKeepTheirBlock() {
    expectProblem("if a b { let x = 1 }\nlet y = 1", "E0001 2:6", "(if a {(let x 1)}) (let y 1)")
    expectProblem("if {\nlet x = 1\n}\nlet y = 1", "E0001 2:4", "(if <missing> {(let x 1)}) (let y 1)")
    expectProblem("for in xs { let x = 1 }", "E0001 2:5", "(for <missing> in xs {(let x 1)})")
    expectProblem("for v of xs { let x = 1 }", "E0001 2:7", "(for v in <missing> {(let x 1)})")
    expectProblem("if a\nlet y = 1", "E0001 2:5", "(if a {}) (let y 1)")
    expectProblem("if a { } else\nlet y = 1", "E0001 2:14", "(if a {} else {}) (let y 1)")
  }

  private func expectFile(
    _ text: String, _ problem: String, _ tree: String, _ location: Testing.SourceLocation = #_sourceLocation
  ) {
    #expect(read(text) == Reading(tree: tree, problems: [problem]), sourceLocation: location)
  }

  @Test func indentationSaysWhereABraceIsMissing() {
    expectFile(
      "workflow a() {\n  if x {\n    let b = 1\n  let c = 2\n}\nworkflow d() { }", "E0002 3:14",
      "(workflow a {(if x {(let b 1)}) (let c 2)})\n(workflow d {})")
    expectFile(
      "workflow a() {\n  if x {\n    let b = 1\n}\nworkflow d() { }", "E0002 3:14",
      "(workflow a {(if x {(let b 1)})})\n(workflow d {})")
    expectFile(
      "workflow a() {\n  if x {\n    let b = 1\n  }\nworkflow d() { }", "E0002 4:4",
      "(workflow a {(if x {(let b 1)})})\n(workflow d {})")
    expectFile(
      "workflow a()\n  -> T {\n  let b = 1\n\ntype T = int", "E0002 3:12",
      "(workflow a -> T {(let b 1)})\n(type T int)")
    expectFile(
      "workflow a() {\n  output { a: 1\n}\ntype T = int", "E0002 2:16",
      "(workflow a {(output (record a: 1))})\n(type T int)")
    expectFile(
      "workflow a() {\nif x {\nlet b = 1\n}\ntype T = int", "E0002 4:2",
      "(workflow a {(if x {(let b 1)})})\n(type T int)")
    expectFile("workflow a() {", "E0002 1:15", "(workflow a {})")
    expectFile(
      "workflow a() {\n  step b = f(\n}\ntype T = int", "E0002 2:14", "(workflow a {(step b (f))})\n(type T int)")
  }

  @Test func openersAreRelatedRanges() {
    let file = sourceFile("workflow a() {\n  if x {\n    let b = 1\n}\n")
    let related = parse(file).diagnostics.flatMap(\.related).map { Int($0.range.start) }
    #expect(related == [22])
  }

  @Test func fixesMendTheText() {
    #expect(mended("workflow w() { let x = a?.b }") == "workflow w() { let x = a.?b }")
    #expect(mended("workflow w() { let x = Order{ a: 1 } }") == "workflow w() { let x: Order = { a: 1 } }")
    #expect(mended("workflow w() { let x = f([1, 2) }") == "workflow w() { let x = f([1, 2]) }")
    #expect(mended("workflow w() { step x = f(a = 1) }") == "workflow w() { step x = f(a: 1) }")
    #expect(mended("workflow w() { let x = not a and b }") == "workflow w() { let x = !a && b }")
    #expect(mended("workflow w() { if a = 1 { } }") == "workflow w() { if a == 1 { } }")
    #expect(mended("workflow w() { stpe x = f() }") == "workflow w() { step x = f() }")
    #expect(mended("type T = int??") == "type T = int?")
    #expect(mended("type T = [int]") == "type T = list<int>")
    #expect(mended("type T = int[]") == "type T = list<int>")
    #expect(mended("type T = { a: int b: int }") == "type T = { a: int, b: int }")
    #expect(mended("workflow w() {\n  let x = \"a\n}") == "workflow w() {\n  let x = \"a\"\n}")
    #expect(mended("workflow w() {\n  let x = \"a${b\n}") == "workflow w() {\n  let x = \"a${b}\"\n}")
    #expect(mended("workflow w() { let for = 1 }") == "workflow w() { let for_ = 1 }")
    #expect(mended("workflow w()\n{ }") == "workflow w() {\n }")
    #expect(mended("workflow w() { output a.in }") == "workflow w() { output a.`in` }")
    #expect(mended("// x\n# y\ntype T = int;") == "// x\n// y\ntype T = int")
    #expect(mended(#"workflow w() { output "a\q" }"#) == #"workflow w() { output "a\\q" }"#)
  }
}
