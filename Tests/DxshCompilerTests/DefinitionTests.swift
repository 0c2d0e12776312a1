import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// Constants, functions, and `match` as a value.
struct DefinitionTests {
  /// The codes of what is said about a file, in order.
  private func codes(_ declarations: String, _ body: String = "", parameters: String = "") -> [String] {
    let text = "\(declarations)\nworkflow w(\(parameters)) {\n\(body)\n}\n"
    return compile(SourceFile(id: FileID(0), name: "test", text: text), library: NodeLibrary([:]))
      .mistakes.map(\.code.rawValue)
  }

  /// What is in a list is said where the list's own mistake cannot be.
  @Test func listsWhereNoneFits() {
    #expect(codes("", "let x = \"a\".contains([true.size()])") == ["E0204"])
    #expect(codes("", "let x = \"a\".contains([1])") == ["E0204"])
    #expect(codes("", "let x = \"a\".contains([missing])") == ["E0101"])
    #expect(codes("", "for e in {\"a\": 1}.orValue([true.size(), [1]]) {\nlet y = 1\n}") == ["E0204"])
  }

  @Test func formerNames() {
    let (b, c, d) = ("wait b = signal(\"x\")", "wait c = signal(\"x\")", "wait d = signal(\"x\")")
    #expect(codes("", "\(b) was a\n\(c) was e") == [])
    #expect(codes("", "\(b) was c\n\(c)") == ["E0102"])
    #expect(codes("", "\(b) was c\n\(d) was c") == ["E0102"])
    #expect(codes("", "if x {\n\(b) was c\n} else {\n\(b) was c\n}", parameters: "x: bool") == [])
    #expect(codes("", "\(b) was b") == ["E0102"])
    let others = { (first: String, second: String) in "workflow v() was \(first) {}\nworkflow u() was \(second) {}" }
    #expect(codes(others("a", "b")) == [])
    for (first, second) in [("a", "a"), ("w", "a"), ("u", "a"), ("v", "a")] {
      #expect(codes(others(first, second)) == ["E0102"], "was \(first), was \(second)")
    }
  }

  @Test func constants() {
    #expect(codes("const a = b + 1\nconst b = 2", "let x: int = a") == [])
    #expect(codes("const a: double = 1", "let x: double = a") == [])
    #expect(codes("const a = [1, 2]", "let x = a[0]") == ["E0214"])
    #expect(codes("const a = int(\"x\")") == ["E0214"])
    #expect(codes("const a: int = \"x\"", "let x: int = a + 1") == ["E0201"])
    #expect(codes("const a = b\nconst b = a") == ["E0109"])
    #expect(codes("const a = 1\nconst a = 2") == ["E0102"])
    #expect(codes("const a = missing") == ["E0101"])
  }

  @Test func functions() {
    let twice = "func twice(n: int, times: int = 2) -> int = n * times"
    #expect(codes(twice, "let x: int = twice(3) + twice(3, times: 4) + twice(n: 1)") == [])
    #expect(codes(twice, "let x = twice()") == ["E0203"])
    #expect(codes(twice, "let x = twice(1, 2, 3)") == ["E0107"])
    #expect(codes(twice, "let x = twice(1, other: 2)") == ["E0107"])
    #expect(codes(twice, "let x = twice(\"a\")") == ["E0201"])
    #expect(codes(twice, "let x = twice(y)", parameters: "y: int?") == ["E0202"])
    #expect(codes("func same<T>(x: T) -> T = x", "let x: string = same(\"a\")\nlet y: int = same(1)") == [])
    #expect(codes("func f(x: int) -> string = x") == ["E0201"])
    #expect(codes("func f(x: int) -> int = g(x)\nfunc g(x: int) -> int = f(x)") == ["E0109"])
    #expect(codes("func f(x: int) -> int = f(x)", "let y = f(1)") == ["E0109"])
    #expect(codes("func f(x: int) -> int") == ["E0203"])
    #expect(codes("func size(x: int) -> int = x") == ["E0102"])
    #expect(codes("func f(xs: list<int>) -> int = xs.map(x, x * 2).sum()", "let y = [[1]].map(x, f(x))") == [])
  }

  /// Bodies stand in the place of calls, so what doubles itself each time has a limit.
  @Test func functionsThatGrowAreRefused() {
    let doubling = (1...30).map { "func f\($0)(x: int) -> int = f\($0 - 1)(x) + f\($0 - 1)(x)" }
    let codes = codes("func f0(x: int) -> int = x\n" + doubling.joined(separator: "\n"))
    #expect(Set(codes) == ["E0005"])
  }

  @Test func matches() {
    let tier = "enum Tier { free, pro = \"PRO\" }"
    #expect(codes(tier, "let x: int = match t { free => 1, Tier.pro => 2 }", parameters: "t: Tier") == [])
    #expect(codes(tier, "let x: double = match t { free => 1, _ => 2.5 }", parameters: "t: Tier") == [])
    #expect(codes(tier, "let x = match t { free => 1 }", parameters: "t: Tier") == ["E0205"])
    #expect(codes(tier, "let x = match t { free => 1, pro => 2, _ => 3 }", parameters: "t: Tier") == ["E0206"])
    #expect(codes(tier, "let x = match t { free | free => 1, pro => 2 }", parameters: "t: Tier") == ["E0206"])
    #expect(codes(tier, "let x = match t { gold => 1, _ => 2 }", parameters: "t: Tier") == ["E0101"])
    #expect(codes(tier, "let x = match t { free => 1, pro => \"a\" }", parameters: "t: Tier") == ["E0207"])
    #expect(codes("", "let x = match n { 1 | -2 => \"a\", _ => \"b\" }", parameters: "n: int") == [])
    #expect(codes("", "let x = match n { 1 => \"a\" }", parameters: "n: int") == ["E0205"])
    #expect(codes("", "let x = match n { \"1\" => \"a\", _ => \"b\" }", parameters: "n: int") == ["E0201"])
    #expect(codes("", "let x: int = match o { none => 0, some => o }", parameters: "o: int?") == [])
    #expect(codes("", "let x = match o { some => 1 }", parameters: "o: int?") == ["E0205"])
    #expect(codes("", "let x = match l { _ => 1 }", parameters: "l: list<int>") == ["E0204"])
  }

  @Test func constantsProveCalls() {
    #expect(codes("", "let x = s.matches(\"a+\")", parameters: "s: string") == [])
    #expect(codes("", "let x = s.matches(\"(\")", parameters: "s: string") == ["E0214"])
    #expect(codes("", "let x = s.matches(p)", parameters: "s: string, p: string") == ["E0214"])
    #expect(codes("", "let x = try(s.matches(p))", parameters: "s: string, p: string") == [])
    #expect(codes("", "let x = t.getHours(\"Europe/Berlin\")", parameters: "t: timestamp") == [])
    #expect(codes("", "let x = t.getHours(\"Europe/Atlantis\")", parameters: "t: timestamp") == ["E0214"])
    #expect(codes("", "let x = decimal(\"1.5\") + 2\nlet y = usd(0.50)") == [])
  }

  @Test func macrosOfFiles() {
    let lists = "xs: list<int>, ds: list<double>, m: map<string, int>, o: int?"
    #expect(codes("", "let x: int = xs.fold(a, v, 0, a + v)", parameters: lists) == [])
    #expect(codes("", "let x: double = ds.fold(a, v, 0, a + v)", parameters: lists) == [])
    #expect(codes("", "let x = xs.fold(a, v, \"\", a + v)", parameters: lists) == ["E0204"])
    #expect(codes("", "let x: map<string, int> = m.transformMap(k, v, k.size() + v)", parameters: lists) == [])
    #expect(codes("", "let x: list<int> = xs.transformList(i, v, v > 0, i * v)", parameters: lists) == [])
    #expect(codes("", "let x = m.all(k, v, v > 0) && xs.exists(i, v, i == v)", parameters: lists) == [])
    #expect(codes("", "let x: int? = o.optMap(v, v + 1)", parameters: lists) == [])
    #expect(codes("", "let x: list<int> = [1, ?o]", parameters: lists) == [])
    #expect(codes("", "let x: list<int> = [1, ?xs]", parameters: lists) == ["E0201"])
    #expect(codes("", "let x: map<string, int> = { \"a\": 1, ?\"b\": o }", parameters: lists) == [])
  }
}
