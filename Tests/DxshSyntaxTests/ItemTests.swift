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

  @Test func waitsAndApprovals() {
    expectItems("wait x = delay(10m)", "(wait x (delay 600000ms))")
    expectItems(
      "wait x = signal(\"n\", key: k) as T after a with timeout(1m) was y",
      "(wait x (signal \"n\" key: k) (as T) (after a) (with (timeout 60000ms)) (was y))")
    expectItems(
      "wait x = any {\n a: signal(\"a\") as A, b: delay(1m)\n c: until(t)\n} with timeout(1h)",
      "(wait x (any a: (signal \"a\") (as A) b: (delay 60000ms) c: (until t)) (with (timeout 3600000ms)))")
    expectItems("let any = 1\nwait x = any(a)", "(let any 1) (wait x (any a))")
    expectItems(
      "approval x after y was z {\n title: \"t\"\n form { a: int = 1 where self > 0, b: T? }\n"
        + " quorum: 2, timeout: 1h\n}",
      "(approval x (after y) (was z) title: \"t\" quorum: 2 timeout: 3600000ms"
        + " (form (param a int = 1 (where (> self 0))) (param b T?)))")
    expectProblem("approval x {\n title: \"t\" quorum: 2\n}", "E0001 3:13", "(approval x title: \"t\" quorum: 2)")
    expectProblem("approval x {\n title = \"t\"\n}", "E0001 3:8", "(approval x title: \"t\")")
    expectProblem("approval x\nlet y = 1", "E0001 2:11", "(approval x) (let y 1)")
  }

  @Test func control() {
    expectItems(
      "match x {\n a | T.b => { output 1 }\n _ => { }, 1 => { }\n}",
      "(match x a | T.b => {(output 1)} _ => {} 1 => {})")
    expectProblem("match x {\n a { output 1 }\n b => { }\n}", "E0001 3:4", "(match x a => {(output 1)} b => {})")
    expectItems("try {\n step a = f()\n} catch e {\n output 2\n}", "(try {(step a (f))} catch e {(output 2)})")
    expectItems("try { }\ncatch e { }", "(try {} catch e {})")
    expectProblem("try {\n}\nlet a = 1", "E0001 2:1", "(try {} catch <missing> {}) (let a 1)")
    expectProblem("try { } catch { let a = 1 }", "E0001 2:15", "(try {} catch <missing> {(let a 1)})")
    expectItems(
      "repeat s: T = 1 after a with max(3) was t {\n let a = s\n next s + 1 while a < 3\n}",
      "(repeat s : T 1 (after a) (with (max 3)) (was t) {(let a s)} (next (+ s 1)) (while (< a 3)))")
    expectItems("repeat s = 1 with max(3) { next s\n while c }", "(repeat s 1 (with (max 3)) {} (next s) (while c))")
    expectProblem("repeat s = 1 { let a = 1 }", "E0001 2:1", "(repeat s 1 {(let a 1)} (next <missing>))")
    expectProblem("repeat s = 1 {\n next s\n let a = 1\n}", "E0010 4:2", "(repeat s 1 {(let a 1)} (next s))")
    expectProblem("next 1\nlet y = 1", "E0010 2:1", "(let y 1)")
  }

  @Test func clausesOfSteps() {
    expectItems(
      "step x = f()\n was y\n requires a, b\n with p()", "(step x (f) (requires a b) (with (p)) (was y))")
    expectProblem("approval x with p() { a: 1 }", "E0010 2:12", "(approval x a: 1)")
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
