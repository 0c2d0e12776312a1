import Testing

/// Rule 4: where a line's end ends an item.
@Suite struct NewlineTests {
  @Test func insideBracketsNewlinesMeanNothing() {
    expectItems("let x = (a\n+ b)\nlet y = f(\na\n,\nb: c\n)", "(let x (paren (+ a b))) (let y (call f a b: c))")
    expectItems("let x = [\n1,\n2\n]", "(let x (list 1 2))")
    expectItems("let x = {\na\n:\n1\n}", "(let x (record a: 1))")
    expectItems("let x = (f\n(a)\n[0])", "(let x (paren ([] (call f a) 0)))")
    expectItems("let x = m[\na\n]", "(let x ([] m a))")
  }

  @Test(arguments: [",", "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"])
  func aTokenThatCannotEndAnItemContinuesIt(_ mark: String) {
    let text = mark == "," ? "assert a \(mark)\n b" : "let x = a \(mark)\n b"
    #expect(readItems(text).tree == (mark == "," ? "(assert a b)" : "(let x (\(mark) a b))"))
    #expect(readItems(text).problems.isEmpty)
  }

  @Test func otherTokensThatCannotEndAnItem() {
    expectItems("let x =\n1", "(let x 1)")
    expectItems("let x:\nint\n=\n1", "(let x : int 1)")
    expectItems("let x = a ?\n b :\n c", "(let x (? a b c))")
    expectItems("let x = a.\nb.?\nc", "(let x (.? (. a b) c))")
    expectItems(
      "step x = f() with\n p(),\n q() after\n a,\n b as\n T", "(step x (f) (as T) (after a b) (with (p) (q)))")
    expectItems("output\n1", "(output 1)")
    expectItems("let x = !\na", "(let x (! a))")
  }

  @Test func aTokenThatContinuesAnItem() {
    expectItems("let x = a\n.b\n.?c", "(let x (.? (. a b) c))")
    expectItems("let x = a\n? b\n: c", "(let x (? a b c))")
    expectItems("let x = a\n+ b\n- c\n&& d\n|| e\nin f", "(let x (|| (&& (- (+ a b) c) d) (in e f)))")
    expectItems("let x = a\n as T", "(let x (as a T))")
    expectItems("let x\n= a", "(let x a)")
    expectItems("let x = a\n-1\nlet y = 2", "(let x (- a 1)) (let y 2)")
    expectItems(
      "step x = f()\n as T\n after a\n with p()\nlet y = 1",
      "(step x (f) (as T) (after a) (with (p))) (let y 1)")
    expectItems("for a in b\n with p()\n collect c {\n}", "(for a in b (with (p)) (collect c) {})")
    expectItems("if a {\n}\nelse {\n}", "(if a {} else {})")
    expectItems("if a {\n}\nelse if b {\n}\n else {\n}", "(if a {} else {(if b {} else {})})")
  }

  @Test func aWordBeforeAColonIsNeverAContinuation() {
    #expect(readItems("let x = a\nas: 1").tree == "(let x a) (let as : <missing> <missing>)".dropLastItem())
    #expect(readItems("step x = f()\nafter: 1").tree.hasPrefix("(step x (f))"))
  }

  @Test func bracketsNeverContinueAcrossALine() {
    #expect(readItems("let x = f\n(a)") == Reading(tree: "(let x f)", problems: ["E0010 3:1"]))
    #expect(readItems("let x = f\n[a]") == Reading(tree: "(let x f)", problems: ["E0010 3:1"]))
    #expect(readItems("let x = f\n{ a: 1 }") == Reading(tree: "(let x f)", problems: ["E0010 3:1"]))
    #expect(readItems("if a\n{\n}") == Reading(tree: "(if a {})", problems: ["E0001 3:1"]))
  }

  @Test func declarationsContinueInTheSameWay() {
    let tree = """
      (node a.b -> T (effect read) (throws x y) (uses (slots "a")) (timeout 30000ms))
      (type T {a: int, b: int})
      (enum E a b)
      (workflow w -> {a: int} {})
      """
    #expect(
      read(
        """
        node a.b()
          ->
            T
          timeout(30s)
          throws
            x,
            y
          uses slots("a")
          effect read
        type T =
        {
          a: int

          b: int,
        }
        enum E {
          a
          b
        }
        workflow w()
          -> {
          a: int
        } {
        }
        """) == Reading(tree: tree, problems: []))
  }
}

extension String {
  fileprivate func dropLastItem() -> String { String(prefix { $0 != ")" } + ")") }
}
