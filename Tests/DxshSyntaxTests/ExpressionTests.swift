import Testing

@Suite struct ExpressionTests {
  @Test func operatorsBindAsInCEL() {
    expectExpression("a || b && c", "(|| a (&& b c))")
    expectExpression("a && b || c && d", "(|| (&& a b) (&& c d))")
    expectExpression("a == b && c != d", "(&& (== a b) (!= c d))")
    expectExpression("a < b + c * d", "(< a (+ b (* c d)))")
    expectExpression("a * b / c % d", "(% (/ (* a b) c) d)")
    expectExpression("a - b - c", "(- (- a b) c)")
    expectExpression("a < b < c", "(< (< a b) c)")
    expectExpression("x in [1, 2] == true", "(== (in x (list 1 2)) true)")
    expectExpression("a >= b || a <= c || a > d", "(|| (|| (>= a b) (<= a c)) (> a d))")
    expectExpression("(a + b) * c", "(* (paren (+ a b)) c)")
  }

  @Test func unaryOperatorsBindTighterThanBinaryOnes() {
    expectExpression("!a && b", "(&& (! a) b)")
    expectExpression("-a * b", "(* (- a) b)")
    expectExpression("a - -b", "(- a (- b))")
    expectExpression("!!a", "(! (! a))")
    expectExpression("-a.b[0]", "(- ([] (. a b) 0))")
    #expect(readExpression("!-a") == Reading(tree: "(! (- a))", problems: ["E0001 1:2"]))
  }

  @Test func theConditionalIsRightAssociative() {
    expectExpression("a ? b : c ? d : e", "(? a b (? c d e))")
    expectExpression("a || b ? c + 1 : d", "(? (|| a b) (+ c 1) d)")
    expectExpression("(a ? b : c) ? d : e", "(? (paren (? a b c)) d e)")
    #expect(readExpression("a ? b").problems == ["E0001 1:6"])
  }

  @Test func castIsLoosestAndStandsAtTheTop() {
    expectExpression("a + b as int", "(as (+ a b) int)")
    expectExpression("c ? a : b as T", "(as (? c a b) T)")
    expectExpression("(j as bool) ? a : b", "(? (paren (as j bool)) a b)")
    expectExpression("f(j as list<Order>?, k: x as T)", "(call f (as j list<Order>?) k: (as x T))")
    #expect(readExpression("a as int as string").problems == ["E0001 1:10"])
  }

  @Test func selectionsIndexesAndCalls() {
    expectExpression("a.b.?c[0][?i].d(1, k: 2)", "(method ([?] ([] (.? (. a b) c) 0) i) d 1 k: 2)")
    expectExpression("f()", "(call f)")
    expectExpression("a.map(x, x * 2).sum()", "(method (method a map x (* x 2)) sum)")
    expectExpression("r.`in`.`content-type`", "(. (. r in) content-type)")
    expectExpression("r.for.package", "(. (. r for) package)")
    expectExpression("\"a\".size()", "(method \"a\" size)")
    expectExpression("[1][0]", "([] (list 1) 0)")
    expectExpression("{ a: 1 }.a", "(. (record a: 1) a)")
    expectExpression(".a.b", "(. .a b)")
    expectExpression(".f(1)", "(call .f 1)")
    expectExpression("a ? .b : c", "(? a .b c)")
    expectExpression("f(a ?.b : c)", "(call f (? a .b c))")
    expectExpression("self.x + error.kind", "(+ (. self x) (. error kind))")
  }

  @Test func listsRecordsAndMaps() {
    expectExpression("[]", "(list)")
    expectExpression("[1, ?x, 2,]", "(list 1 ?x 2)")
    expectExpression("{}", "{}")
    expectExpression("{ a: 1, ?b: 2, for: 3, `in`: 4, }", "(record a: 1 ?b: 2 for: 3 in: 4)")
    expectExpression(
      "{ \"a\": 1, 2: 3, true: 4, (k): 5, ?-1: 6 }", "(map \"a\": 1 2: 3 true: 4 (paren k): 5 ?(- 1): 6)")
    expectExpression("[[1], { a: [{}] }]", "(list (list 1) (record a: (list {})))")
    expectExpression("{ a ? b : c : d }", "(map (? a b c): d)")
  }

  @Test func aBraceAfterAnExpressionOpensABlock() {
    expectItems("if x in {'a': 1} { output 1 }", "(if (in x (map \"a\": 1)) {(output 1)})")
    expectItems("for k, v in { \"a\": 1 } { output v }", "(for k v in (map \"a\": 1) {(output v)})")
    expectItems("if c { }", "(if c {})")
    expectItems(
      "step x = f({ status: 200 }) with fallback({})", "(step x (f (record status: 200)) (with (fallback {})))")
  }

  @Test func interpolation() {
    expectExpression(#""a ${b} c""#, #"(text "a " b " c")"#)
    expectExpression(#""${a}${b}""#, "(text a b)")
    expectExpression(#""a ${m["k"]} b""#, #"(text "a " ([] m "k") " b")"#)
    expectExpression(#""${"${"${x}"}"}""#, "(text (text (text x)))")
    expectExpression(#""${ {"a": {}}["a"] }""#, #"(text ([] (map "a": {}) "a"))"#)
    expectExpression(#""\${x} $ $x {y}""#, #""${x} $ $x {y}""#)
    expectExpression("\"\"\"a\n${b +\n c}\n\"\"\"", #"(text "a\n" (+ b c) "\n")"#)
    expectExpression("'${x}'", #""${x}""#)
    expectExpression(#"r"${x}""#, #""${x}""#)
    expectExpression(#"b"${x}""#, "b[36, 123, 120, 125]")
    expectExpression("'''${x}'''", #""${x}""#)
  }

  @Test func interpolationMistakes() {
    #expect(readExpression(#""a ${} b""#) == Reading(tree: #"(text "a " <missing> " b")"#, problems: ["E0001 1:6"]))
    #expect(readExpression(#""a ${b c} d""#) == Reading(tree: #"(text "a " b " d")"#, problems: ["E0001 1:8"]))
    #expect(
      readExpression(#""a ${f(} d" + x"#) == Reading(tree: #"(+ (text "a " (call f) " d") x)"#, problems: ["E0002 1:8"])
    )
    expectProblem(
      "let x = \"a ${f(b\nlet y = 1", "E0003 2:12", #"(let x (text "a " (call f b))) (let y 1)"#)
    expectProblem(
      "let x = \"a ${b} c\nlet y = 1", "E0003 2:15", #"(let x (text "a " b " c")) (let y 1)"#)
    expectProblem(
      "let x = \"a ${\"b\nlet y = 1", "E0003 2:14", #"(let x (text "a " "b")) (let y 1)"#)
  }

  @Test func operatorsOfOtherLanguages() {
    expectProblem("let x = a and b", "E0001 2:11", "(let x (&& a b))")
    expectProblem("let x = a or b && c", "E0001 2:11", "(let x (|| a (&& b c)))")
    expectProblem("if not a { output 1 }", "E0001 2:4", "(if (! a) {(output 1)})")
    expectProblem("if a = b { output 1 }", "E0001 2:6", "(if (== a b) {(output 1)})")
    expectProblem("let x = a & b", "E0001 2:11", "(let x (&& a b))")
    expectProblem("let x = a | b", "E0001 2:11", "(let x (|| a b))")
    expectProblem("let x = a?.b + 1", "E0001 2:10", "(let x (+ (.? a b) 1))")
    expectProblem("let x = a?.b.c.?d", "E0001 2:10", "(let x (.? (. (.? a b) c) d))")
    expectProblem("let x = c ? a?.b : d", "E0001 2:14", "(let x (? c (.? a b) d))")
    expectProblem("let x = f(a?.b, { k: c })", "E0001 2:12", "(let x (call f (.? a b) (record k: c)))")
    expectProblem("let x = Order{ id: 1 }", "E0001 2:9", "(let x (record id: 1))")
    expectProblem("let x = if", "E0001 2:9", "(let x <missing>)")
    expectProblem("step s = f(a = 1)", "E0001 2:14", "(step s (f a: 1))")
    expectProblem("let x = { a: 1, \"b\": 2 }", "E0001 2:17", "(let x (record a: 1 b: 2))")
    expectProblem("let x = { in: 1 }", "E0010 2:11", "(let x (record in: 1))")
    expectProblem("let x = a.null", "E0010 2:11", "(let x (. a null))")
    expectProblem("let x = f(a: 1, 2)", "E0001 2:17", "(let x (call f a: 1 2))")
  }

  @Test(arguments: [
    "as", "break", "const", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return",
    "var", "void", "while", "true", "false", "null", "in", "match", "self", "error",
  ])
  func everyReservedWordIsRefusedAsANameAndTakenAsAField(_ word: String) {
    #expect(readItems("let \(word) = 1\nlet y = 1").problems.count == 1)
    #expect(readItems("let \(word) = 1\nlet y = 1").tree.hasSuffix("(let y 1)"))
    let isLiteral = ["true", "false", "null", "in"].contains(word)
    let field = isLiteral ? "`\(word)`" : word
    expectExpression("r.\(field)", "(. r \(word))")
    expectExpression("{ \(field): 1 }", "(record \(word): 1)")
    expectExpression("f(\(field): 1)", "(call f \(word): 1)")
  }

  @Test func reservedWordsAreNoNames() {
    expectProblem("let package = 1", "E0010 2:5", "(let package 1)")
    expectProblem("let x = package", "E0001 2:9", "(let x <missing>)")
    expectProblem("step self = f()", "E0010 2:6", "(step self (f))")
    expectItems("let fail = 1\nlet step = 2", "(let fail 1) (let step 2)")
  }
}
