import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// What the checker says about small bodies of a workflow, with a library of a few lines.
struct CheckerTests {
  static let library = NodeLibrary([
    "t": """
    node t.make<T>(value: T) -> T
      effect read
      timeout(1s)
    node t.fetch<T>(url: string) -> { status: int, body: T }
      effect read
      throws gone
      timeout(1s)
    node t.rows<T>(text: string) -> list<T>
      effect pure
      timeout(1s)
    node t.pay(amount: int) -> { id: string }
      effect once
      timeout(1s)
    """
  ])

  /// The codes that the body of a workflow gives, in order.
  private func codes(_ body: String, before: String = "", parameters: String = "") -> [String] {
    let text = "\(before)\nworkflow w(\(parameters)) {\n\(body)\n}\n"
    return compile(SourceFile(id: FileID(0), name: "test", text: text), library: Self.library)
      .mistakes.map(\.code.rawValue)
  }

  @Test func typesFlowThroughGenericNodes() {
    #expect(codes("step a = t.make(value: 1)\nlet b: int = a + 1") == [])
    #expect(codes("step a = t.make(value: \"x\")\nlet b = a + 1") == ["E0204"])
    #expect(codes("step a = t.fetch(url: \"u\") as { body: { n: int } }\nlet b: int = a.body.n + a.status") == [])
    #expect(codes("step a = t.fetch(url: \"u\")\nlet b = a.body.n") == ["E0211"])
    #expect(codes("step a = t.rows(text: \"\") as list<{ n: int }>\nlet b: list<int> = a.map(r, r.n)") == [])
    #expect(codes("step a = t.fetch(url: \"u\") as { boddy: int }\nlet b = a.status") == ["E0201"])
  }

  /// Functions are named as authors write them, and the parts as what they are parts of.
  @Test(arguments: [
    ("math.greatest(\"a\")", "there is no `math.greatest(string)`"),
    ("math.abs(\"a\")", "there is no `math.abs(string)`"),
    ("\"a\".size(1)", "there is no `string.size(int)`"), ("[1] + 1", "`+` does not take list<int> and int"),
    ("[1, \"a\"]", "the elements of a list have no type in common: int and string"),
    ("{ \"a\": 1, \"b\": \"c\" }", "the values of a map have no type in common: int and string"),
    ("{ \"a\": 1, 2: 3 }", "the keys of a map have no type in common: string and int"),
  ])
  func messagesUseTheAuthorsNames(_ expression: String, _ message: String) {
    let file = SourceFile(id: FileID(0), name: "test", text: "workflow w() {\n  let x = \(expression)\n}\n")
    #expect(compile(file, library: Self.library).mistakes.map(\.message) == [message])
  }

  @Test func optionalsNarrow() {
    let parameter = "x: int?, r: { f: string? }"
    #expect(codes("let y = x + 1", parameters: parameter) == ["E0202"])
    #expect(codes("if x.hasValue() {\n let y = x + 1\n}", parameters: parameter) == [])
    #expect(codes("if !x.hasValue() {\n fail \"none\"\n}\nlet y = x + 1", parameters: parameter) == [])
    #expect(codes("assert x != none, \"none\"\nlet y = x + 1", parameters: parameter) == [])
    #expect(codes("let y = x.hasValue() && x > 1", parameters: parameter) == [])
    #expect(codes("let y = x.hasValue() ? x + 1 : 0", parameters: parameter) == [])
    #expect(codes("let y = has(r.f) ? r.f.size() : 0", parameters: parameter) == [])
    #expect(codes("let y = x.orValue(0) + 1", parameters: parameter) == [])
    let sequence = "sequence {\n assert x != none, \"none\"\n"
    #expect(codes(sequence + "let y = x + 1\n}", parameters: parameter) == [])
    #expect(codes(sequence + "}\nlet y = x + 1", parameters: parameter) == ["E0202"])
    #expect(codes("if x.hasValue() {\n let y = 1\n} else {\n let z = x + 1\n}", parameters: parameter) == ["E0202"])
  }

  @Test func branchesJoin() {
    #expect(codes("if c {\n let a = 1\n}\nlet b = a + 1", parameters: "c: bool") == ["E0202"])
    #expect(codes("if c {\n let a = 1\n} else {\n let a = 2\n}\nlet b = a + 1", parameters: "c: bool") == [])
    #expect(codes("if c {\n let a = 1\n} else {\n fail \"no\"\n}\nlet b = a + 1", parameters: "c: bool") == [])
    #expect(codes("if c {\n let a = 1\n} else {\n let a = \"x\"\n}", parameters: "c: bool") == ["E0207"])
    #expect(codes("let a = 1\nif c {\n let a = 2\n}", parameters: "c: bool") == ["E0102"])
  }

  @Test func loopsMayEndEarly() {
    let first = "with first(2) {\n let y = x\n}\n"
    #expect(codes("for x in xs \(first)let s = y.sum()", parameters: "xs: list<int>") == ["E0204"])
    #expect(codes("for x in xs \(first)let s = y.unwrapOpt().sum()", parameters: "xs: list<int>") == [])
    #expect(codes("for x in [1] \(first)") == ["E0204"])
    #expect(codes("for x in [1, 2] \(first)") == [])
    #expect(codes("for x in xs with first(0) {\n let y = x\n}", parameters: "xs: list<int>") == ["E0204"])
    #expect(codes("for x in xs with first(\"2\") {\n let y = x\n}", parameters: "xs: list<int>") == ["E0201"])
    #expect(codes("for x in xs with first(x) {\n let y = x\n}", parameters: "xs: list<int>") == ["E0101"])
    for choice in ["skip", "stop"] {
      let both = "for x in xs with first(1), on_error(\(choice)) {\n let y = x\n}"
      #expect(codes(both, parameters: "xs: list<int>") == ["E0204"])
    }
    // It can fail, whatever is in it.
    let kind = "catch e {\n let kind = e.kind == exhausted ? 1 : 2\n}"
    #expect(codes("try {\nfor x in xs \(first)} \(kind)", parameters: "xs: list<int>") == [])
  }

  @Test func loopsGiveLists() {
    let parameter = "xs: list<int>, c: bool"
    #expect(codes("for x in xs {\n let y = x + 1\n}\nlet s: int = y.sum()", parameters: parameter) == [])
    #expect(codes("for x in xs {\n if c {\n let y = x\n }\n}\nlet s = y.sum()", parameters: parameter) == ["E0204"])
    #expect(
      codes("for x in xs with on_error(skip) {\n let y = x\n}\nlet s = y.unwrapOpt().sum()", parameters: parameter)
        == [])
    #expect(
      codes(
        "for x in xs collect f {\n step y = t.make(value: x)\n}\nlet s = f.map(e, string(e.error.kind)).join()",
        parameters: parameter) == [])
    #expect(codes("for x in xs {\n let y = 1\n}\nfor x in xs {\n let y = 2\n}", parameters: parameter) == ["E0102"])
    #expect(codes("for x in c {\n let y = x\n}", parameters: parameter) == ["E0204"])
    #expect(codes("for x in xs {\n output 1\n}", parameters: parameter) == ["E0010"])
  }

  @Test func cyclesAreReportedOnceAndWhole() {
    #expect(codes("let a = b\nlet b = c\nlet c = a") == ["E0301"])
    #expect(codes("let a = a") == ["E0301"])
    #expect(codes("step a = t.make(value: 1) after b\nstep b = t.make(value: a)") == ["E0301"])
    #expect(codes("let a = b + 1\nlet b = 1") == [])
  }

  @Test func recordLiteralsAreExact() {
    let type = "type R = { id: int, note: string? }"
    #expect(codes("let r: R = { id: 1 }", before: type) == [])
    #expect(codes("let r: R = { id: 1, nte: \"x\" }", before: type) == ["E0208"])
    #expect(codes("let r: R = { note: \"x\" }", before: type) == ["E0208"])
    #expect(codes("let r: R = { id: \"x\" }", before: type) == ["E0201"])
    #expect(codes("let m: map<string, int> = { a: 1, b: 2 }") == [])
    #expect(codes("let j: json = { a: [1, \"x\", { b: true }] }") == [])
  }

  @Test func partialOperationsAreProven() {
    #expect(codes("let y = xs[0]", parameters: "xs: list<int>") == ["E0214"])
    #expect(codes("assert xs.size() > 1, \"few\"\nlet y = xs[1]", parameters: "xs: list<int>") == [])
    #expect(codes("let y = m.map(k, m[k])", parameters: "m: map<string, int>") == [])
    #expect(codes("let y = 1 / n", parameters: "n: int") == ["E0214"])
    #expect(codes("let y = n != 0 ? 1 / n : 0", parameters: "n: int") == [])
    #expect(codes("let y = int(s)", parameters: "s: string") == ["E0214"])
    #expect(codes("let y = try(int(s)).orValue(0)", parameters: "s: string") == [])
  }

  @Test func effectsAreRespected() {
    #expect(codes("step a = t.pay(amount: 1) with retry(3)") == ["E0306"])
    #expect(codes("step a = t.pay(amount: 1) with retry(3), assume(idempotent, reason: \"tests\")") == [])
    #expect(codes("step a = t.rows(text: \"\")") == ["W0002"])
    let loop = "for x in [1] {\n step a = t.rows(text: \"\") as list<int>\n}\n"
    #expect(codes(loop) == ["W0002"])
    #expect(codes(loop + "let b = a.size()") == [])
    #expect(codes("step a = t.make(value: 1) with retry(3, only: [gonne])") == ["E0101"])
    #expect(codes("step a = t.fetch(url: \"u\") with retry(3, only: [gone, timeout])") == [])
    #expect(codes("step a = t.make(value: 1) with timeot(3s)") == ["E0101"])
  }

  /// `output` is a word that may also be a name; what outputs bind is apart from it.
  @Test func namesMayBeCalledOutput() {
    #expect(codes("output output", parameters: "output: int") == [])
    #expect(codes("let output = 1\noutput output + 1") == [])
    #expect(codes("output 1\noutput 2") == ["E0102"])
    #expect(codes("if true {\noutput 1\n} else {\noutput \"a\"\n}") == ["E0207"])
    #expect(codes("for x in [1] {\nlet output = x\n}\nlet a: list<int> = output") == [])
    let result = compile(
      SourceFile(id: FileID(0), name: "test", text: "workflow w(output: int) -> int {\nlet a = output\n}\n"),
      library: Self.library)
    #expect(result.mistakes.map(\.code.rawValue) == ["E0303"])
  }

  @Test func enumsAreCheckedByTheirMembers() {
    let type = "enum Tier { free, pro = \"PRO\" }"
    #expect(codes("let t: Tier = pro\nlet u = t == free", before: type) == [])
    #expect(codes("let t: Tier = prro", before: type) == ["E0101"])
    #expect(codes("let t = Tier.pro\nlet s = \"${t}\"", before: type) == [])
    #expect(codes("let t: Tier = pro", before: type, parameters: "pro: int") == ["E0111"])
  }

  @Test func longChainsInAnyOrderAreNoRecursion() {
    let count = 20_000
    let backwards = (0..<count).map { "let v\($0) = v\($0 + 1) + 1" }.joined(separator: "\n")
    #expect(codes(backwards + "\nlet v\(count) = 0") == [])
    #expect(codes(backwards + "\nlet v\(count) = v0") == ["E0301"])
  }
}
