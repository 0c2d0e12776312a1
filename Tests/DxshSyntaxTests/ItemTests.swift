import Testing

@Suite struct ItemTests {
  @Test func items() {
    expectItems("let x: list<T>= []", "(let x : list<T> (list))")
    expectItems("let x = 1", "(let x 1)")
    expectItems(
      "step x = file.read(path: p) as T after a, b.c with p(1), q(k: 2)",
      "(step x (file.read path: p) (as T) (after a b.c) (with (p 1) (q k: 2)))")
    expectItems("if a { } else if b { } else { }", "(if a {} else {(if b {} else {})})")
    expectItems(
      "for i, v in xs after a with parallel(2) collect f { output v }",
      "(for i v in xs (after a) (with (parallel 2)) (collect f) {(output v)})")
    expectItems("sequence { sequence { } }", "(sequence {(sequence {})})")
    expectItems("assert a == b, \"why\"", "(assert (== a b) \"why\")")
    expectItems("fail \"why\"", "(fail \"why\")")
    expectItems("fail broken, \"why ${x}\"", "(fail broken (text \"why \" x))")
    expectItems("output { a: 1 }", "(output (record a: 1))")
  }

  @Test func clausesStandAtMostOnce() {
    expectProblem("step x = f() after a after b", "E0010 2:22", "(step x (f) (after a b))")
    expectProblem("step x = f() collect c", "E0010 2:14", "(step x (f))")
    expectItems("for v in xs as T { }", "(for v in (as xs T) {})")
  }

  @Test(arguments: [
    "wait x = delay(10m)", "approval x after y {\n title: \"t\"\n form { a: int }\n}",
    "match x {\n a => { output 1 }\n}",
    "try {\n step a = f()\n} catch e {\n output 2\n}", "repeat s = 1 with max(3) {\n next s\n}",
    "finally {\n step a = f()\n}", "schedule x {\n cron: \"* * * * *\"\n}", "on webhook x as T {\n path: \"/\"\n}",
    "limits { duration: 1h }", "defaults with timeout(5m),\n retry(3)",
  ])
  func unsupportedItemsAreSkippedAsAWhole(_ text: String) {
    expectProblem("let a = 1\n\(text)\nlet b = 2", "E0010 3:1", "(let a 1) (let b 2)")
  }

  @Test func unsupportedClausesAreSkipped() {
    expectProblem("step x = f()\n requires a, b\n with p()", "E0010 3:2", "(step x (f) (with (p)))")
    expectProblem("step x = f() was y", "E0010 2:14", "(step x (f))")
  }

  @Test func wordsThatAreNoItems() {
    expectProblem("stpe x = f()", "E0010 2:1", "(step x (f))")
    expectProblem("var x = 1", "E0010 2:1", "(let x 1)")
    expectProblem("x = 1", "E0010 2:1", "(let x 1)")
    expectProblem("return { a: 1 }", "E0010 2:1", "(output (record a: 1))")
    expectProblem("file.read(path: p)\nlet y = 1", "E0010 2:1", "(let y 1)")
    expectProblem("frobnicate x\nlet y = 1", "E0010 2:1", "(let y 1)")
    expectProblem("1 + 2\nlet y = 1", "E0010 2:1", "(let y 1)")
    expectProblem("if a { }\nelif b { output 1 }\nlet y = 1", "E0010 3:1", "(if a {}) (let y 1)")
  }
}
