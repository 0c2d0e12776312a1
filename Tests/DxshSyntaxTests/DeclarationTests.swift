import DxshSyntax
import Testing

@Suite struct DeclarationTests {
  private func expect(_ text: String, _ tree: String, _ location: Testing.SourceLocation = #_sourceLocation) {
    #expect(read(text) == Reading(tree: tree, problems: []), sourceLocation: location)
  }

  private func expectProblem(
    _ text: String, _ problem: String, _ tree: String, _ location: Testing.SourceLocation = #_sourceLocation
  ) {
    #expect(read(text) == Reading(tree: tree, problems: [problem]), sourceLocation: location)
  }

  @Test func types() {
    expect("type A = int", "(type A int)")
    expect("type A = list<map<string, B?>>?", "(type A list<map<string, B?>>?)")
    expect("type A = { a: { b: f.C? }, `in`: int, for: bool }", "(type A {a: {b: f.C?}, in: int, for: bool})")
    expect("type A = {}", "(type A {})")
    expectProblem("type A = int??", "E0001 1:14", "(type A int?)")
    expectProblem("type A = int[]", "E0001 1:13", "(type A list<int>)")
    expectProblem("type A = [int]\ntype B = int", "E0001 1:10", "(type A list<int>)\n(type B int)")
    expectProblem("type A { a: int }", "E0001 1:8", "(type A {a: int})")
    expectProblem("type A = { a: int b: int }", "E0001 1:19", "(type A {a: int, b: int})")
    expect("type A = { a: int where self > 0\n b: int }", "(type A {a: int (where (> self 0)), b: int})")
    expect("type A<T, U> = map<T, U>", "(type A <T> <U> map<T, U>)")
    expectProblem("type A = int where self > 0\ntype B = int", "E0010 1:14", "(type A int)\n(type B int)")
    expectProblem("type A =\ntype B = int", "E0001 1:9", "(type A <missing>)\n(type B int)")
    expectProblem("type A = list<int\ntype B = int", "E0002 1:18", "(type A list<int>)\n(type B int)")
    expectProblem("type A = { a }", "E0001 1:14", "(type A {a: <missing>})")
  }

  @Test func enums() {
    expect("enum E { a, b = \"b-b\", c }", "(enum E a b=\"b-b\" c)")
    expect("enum E {\n a\n step\n output\n}", "(enum E a step output)")
    expectProblem("enum E { a b }", "E0001 1:12", "(enum E a b)")
    expectProblem("enum E { a, for }", "E0010 1:13", "(enum E a for)")
    expectProblem("enum E { a, continue }", "E0010 1:13", "(enum E a continue)")
    expectProblem("enum E { a = 1, b }", "E0001 1:14", "(enum E a b)")
    expectProblem("enum E { a,\ntype T = int", "E0002 1:12", "(enum E a)\n(type T int)")
  }

  @Test func nodes() {
    expect(
      "node http.get<T, U>(url: string @sink(url, unless: hosts) @x = \"a\", `in`: list<int>= []) -> T effect once",
      "(node http.get <T> <U> (param url string @(sink url unless: hosts) @(x) = \"a\")"
        + " (param in list<int> = (list)) -> T (effect once))")
    expectProblem(
      "node a() effect read\ntype T = int", "E0001 1:10", "(node a -> <missing> (effect read))\n(type T int)")
    expectProblem("node a() -> T effect read effect once", "E0010 1:27", "(node a -> T (effect once))")
    expect("node a() -> T\n  effect read\n  = exec(\"x\")", "(node a -> T (effect read) (= (exec \"x\")))")
    expectProblem("node a() -> T = exec(1) = exec(2)", "E0010 1:25", "(node a -> T (= (exec 2)))")
    expect(
      "node a(b: int = 1 where self > 0, c: int) -> T",
      "(node a (param b int = 1 (where (> self 0))) (param c int) -> T)")
    expectProblem("node a(b, c: int) -> T", "E0001 1:9", "(node a (param b <missing>) (param c int) -> T)")
    expectProblem("node a(b: int c: int) -> T", "E0001 1:15", "(node a (param b int) (param c int) -> T)")
    expectProblem("node a(if: int) -> T", "E0010 1:8", "(node a (param if int) -> T)")
  }

  @Test func secretsAndConnections() {
    expect("secret s: string = env(\"S\")", "(secret s string (call env \"S\"))")
    expect("/// d\nsecret s =\n  env(\"S\")", "(secret ///\"d\" s (call env \"S\"))")
    expect("connection c = a.b(path: \"x\", secret: s)", "(connection c = (a.b path: \"x\" secret: s))")
    expect(
      "/// d\nconnection a.b(path: string @sink(path), wait: duration = 5s)",
      "(connection ///\"d\" a.b (param path string @(sink path)) (param wait duration = 5000ms))")
    expect(
      "workflow w(\n  secret: secret<string>,\n  connection: connection<a>,\n) { output secret }",
      "(workflow w (param secret secret<string>) (param connection connection<a>) {(output secret)})")
    expectProblem("secret s string = env(\"S\")", "E0001 1:10", "(secret s string (call env \"S\"))")
    expectProblem("secret s: string\ntype B = int", "E0001 1:17", "(secret s string <missing>)\n(type B int)")
    expectProblem("secret for: string = env(\"S\")", "E0010 1:8", "(secret for string (call env \"S\"))")
    expectProblem("secrt s: string = env(\"S\")", "E0010 1:1", "(secret s string (call env \"S\"))")
    expectProblem("connection c = \"x\"\ntype B = int", "E0001 1:16", "(connection c = (<missing>))\n(type B int)")
    expectProblem("connection c\ntype B = int", "E0001 1:13", "(connection c = (<missing>))\n(type B int)")
    expectProblem("connection c = sqlite\ntype B = int", "E0001 1:16", "(connection c = (sqlite))\n(type B int)")
    expectProblem("connection a(b int)\ntype B = int", "E0001 1:16", "(connection a (param b int))\n(type B int)")
  }

  @Test func workflows() {
    expect(
      "workflow w(a: int = 1, b: T?) -> { c: int } { }", "(workflow w (param a int = 1) (param b T?) -> {c: int} {})")
    expectProblem("workflow w { }", "E0001 1:11", "(workflow w {})")
    expect(
      "workflow w(a: int) throws x, y was v { output 1 }",
      "(workflow w (param a int) (throws x y) (was v) {(output 1)})")
    expectProblem("workflow w() was a was b { }", "E0010 1:20", "(workflow w (was b) {})")
    expectProblem("workflow w(a: int { output 1 }", "E0002 1:19", "(workflow w (param a int) {(output 1)})")
  }

  @Test func constantsAndFunctions() {
    expect("const limit = 3", "(const limit 3)")
    expect("/// d\nconst c: double =\n  1.5", "(const ///\"d\" c double 1.5)")
    expectProblem("const c 3", "E0001 1:9", "(const c <missing>)")
    expect(
      "func f<T>(a: T, b: int = 1) -> T? = a",
      "(func f <T> (param a T) (param b int = 1) -> T? = a)")
    expect(
      "func text.pad(s: string) -> string throws decode",
      "(func text.pad (param s string) -> string (throws decode))")
    expect(
      "func contains(self: string, part: string) -> bool",
      "(func contains (param self string) (param part string) -> bool)")
    expectProblem(
      "func f(self: int) -> int = 1", "E0010 1:8", "(func f (param self int) -> int = 1)")
    expectProblem(
      "func f(a: int, self: int) -> int", "E0010 1:16", "(func f (param a int) (param self int) -> int)")
  }

  @Test func documentation() {
    expect(
      """
      // comment
      /// First
      ///  second
      // comment
      ///
      type T = {
        /// of a
        a: int
      }
      //// no documentation
      enum E {
        /// of b
        b,
      }
      /// of n
      node n(
        /// of p
        p: int,
      ) -> T
      /// of w
      workflow w() {
        /// of x
        let x = 1
        /// of s
        step s = n(p: x)
      }
      """,
      """
      (type ///"First\\n second\\n" T {///"of a" a: int})
      (enum E ///"of b" b)
      (node ///"of n" n (param ///"of p" p int) -> T)
      (workflow ///"of w" w {(let ///"of x" x 1) (step ///"of s" s (n p: x))})
      """)
  }

  @Test func otherCommentsAreKeptBesideTheTree() {
    let file = sourceFile("// a\ntype T = int // b\n/// c\n// d")
    let comments = parse(file).tree.comments
    #expect(comments.map { file.text($0.range) } == ["// a", "// b", "/// c", "// d"])
    #expect(comments.map(\.ownLine) == [true, false, true, true])
  }

  @Test func misplacedDocumentationIsAWarning() {
    #expect(read("type T = int /// x\n/// y\n/// z").problems == ["W0011 1:14", "W0011 2:1"])
    #expect(readItems("/// x\nif a { }").problems == ["W0011 2:1"])
  }

  @Test func imports() {
    expect("import \"./a.dxsh\" as a", "(import \"./a.dxsh\" as a)")
    expect("import \"./a.dxsh\" { A, b,\n C }", "(import \"./a.dxsh\" A b C)")
    expectProblem("import \"./a.dxsh\" { }", "E0001 1:19", "(import \"./a.dxsh\")")
    expectProblem("import \"./a.dxsh\"\ntype B = int", "E0001 1:18", "(import \"./a.dxsh\")\n(type B int)")
    expectProblem("import a\ntype B = int", "E0001 1:8", "(import \"\")\n(type B int)")
  }

  @Test func headersAndFinally() {
    expect(
      """
      workflow w(day: string) {
        /// Each night.
        schedule nightly was old { cron: "0 2 * * *", timezone: "UTC"
          overlap: skip }
        on webhook hook as { id: string } was h { path: "/x" }
        limits { concurrency: 4 }
        defaults with timeout(5m), retry(2)
        output 1
        finally { let x = run.status }
      }
      """,
      "(workflow w (param day string) (schedule ///\"Each night.\" nightly (was old) cron: \"0 2 * * *\""
        + " timezone: \"UTC\" overlap: skip) (on webhook hook (as {id: string}) (was h) path: \"/x\")"
        + " (limits concurrency: 4) (defaults (timeout 300000ms) (retry 2)) {(output 1)}"
        + " finally {(let x (. run status))})"
    )
    expect("defaults with timeout(5m),\n retry(3)", "(defaults (timeout 300000ms) (retry 3))")
    let two = "workflow w() {\n limits { active: 1m }\n limits { duration: 1h }\n}"
    expectProblem(two, "E0010 3:2", "(workflow w (limits duration: 3600000ms) {})")
    let late = "workflow w() {\n let a = 1\n limits { duration: 1h }\n}"
    expectProblem(late, "E0010 3:2", "(workflow w (limits duration: 3600000ms) {(let a 1)})")
    let after = "workflow w() {\n finally { }\n let a = 1\n}"
    expectProblem(after, "E0010 3:2", "(workflow w {(let a 1)} finally {})")
    let inner = "workflow w() {\n if a {\n  limits { duration: 1h }\n let b = 1 }\n}"
    expectProblem(inner, "E0010 3:3", "(workflow w {(if a {(let b 1)})})")
  }

  @Test func tests() {
    expect(
      """
      test "t" {
        clock timestamp("2026-01-01T00:00:00Z")
        mock a.b(x: 1) -> { y: 2 } at 1h
        mock a.b throws timeout
        decide gate -> { outcome: approve }
        send signal("s", key: "k") -> 1 at 2h
        fire nightly at 1d
        crash before step at 3s
        run r = w(day: "x")
        expect r.status == succeeded
      }
      """,
      "(test \"t\" (clock (call timestamp \"2026-01-01T00:00:00Z\")) (mock a.b (x: 1) -> (record y: 2) (at 3600000ms))"
        + " (mock a.b (throws timeout)) (decide gate -> (record outcome: approve))"
        + " (send signal (\"s\" key: \"k\") -> 1 (at 7200000ms)) (fire nightly (at 86400000ms))"
        + " (crash before step (at 3000ms)) (run r (w day: \"x\")) (expect (== (. r status) succeeded)))")
    expectProblem("test \"t\" {\n step a = f()\n expect a\n}", "E0010 2:2", "(test \"t\" <unreadable> (expect a))")
    expectProblem(
      "test \"t\" {\n mock a 1\n expect a\n}", "E0001 2:9",
      "(test \"t\" (mock a -> <missing>) (expect a))")
    expectProblem("test x {\n expect a\n}", "E0001 1:6", "(test \"\" (expect a))")
  }

  @Test func whatIsNoDeclaration() {
    expectProblem("worfklow w() { output 1 }", "E0010 1:1", "(workflow w {(output 1)})")
    expectProblem("step a = f()\nlet b = 1\ntype T = int", "E0010 1:1", "(type T int)")
    expectProblem("type A = int\n}\ntype B = int", "E0001 2:1", "(type A int)\n(type B int)")
    expectProblem("hello\ntype B = int", "E0010 1:1", "(type B int)")
    expectProblem("type A = int type B = int", "E0001 1:14", "(type A int)\n(type B int)")
    expectProblem(
      "workflow w() {\n  if a {\n  }\n}\n}\ntype A = int", "E0001 5:1", "(workflow w {(if a {})})\n(type A int)")
  }
}
