import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// What is never reached, and what nothing uses.
struct UsageTests {
  /// Each code with the text that it underlines.
  private func found(_ text: String, _ files: [String: String] = [:]) -> [String] {
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    let imports = ImportSource { path, _ in
      guard let text = files[path] else { return .failure(.init("there is none")) }
      return .success(.init(name: path, bytes: Array(text.utf8)))
    }
    return compile(file, library: CheckerTests.library, imports: imports).diagnostics
      .map { "\($0.code.rawValue) \(file.text($0.range))" }
  }

  @Test func nothingIsReachedAfterAFailure() {
    #expect(found("workflow w() {\n fail \"no\"\n let a = 1\n let b = 2\n}").first == "E0302 let a = 1")
    #expect(found("workflow w(n: int) {\n if n > 1 {\n fail \"no\"\n }\n assert n > 0, \"no\"\n}") == [])
    #expect(
      found("workflow w(n: int) {\n if n > 1 {\n fail \"a\"\n } else {\n fail \"b\"\n }\n assert n > 0, \"no\"\n}")
        == ["E0302 assert n > 0, \"no\""])
    #expect(
      found("workflow w(n: int) {\n match n {\n 1 => { fail \"a\" }\n _ => { fail \"b\" }\n }\n fail \"c\"\n}")
        == ["E0302 fail \"c\""])
    #expect(
      found("workflow w() {\n for i in [1] {\n fail \"a ${i}\"\n fail \"b\"\n }\n}") == ["E0302 fail \"b\""])
  }

  private static let shared = [
    "./s.dxsh": """
    const rate = 0.1
    enum Tier { free, pro }
    type Order = { id: string }
    func gross(n: double) -> double = n * rate
    workflow pay() -> int { output 1 }
    """
  ]

  @Test(arguments: [
    ("workflow w() { }", ["W0001 s"]), ("workflow w() -> double { output s.rate }", []),
    ("workflow w(t: s.Tier) -> bool { output t == free }", []),
    ("workflow w() -> bool { output s.Tier.pro == free }", []),
    ("workflow w() -> double { output s.gross(1.0) }", []), ("workflow w() { step p = s.pay() }", []),
    ("type Mine = { order: s.Order }", []), ("func net(n: double) -> double = n - s.rate", []),
    ("func net(s: double) -> double = s", ["W0001 s"]),
  ])
  func anImportIsUsed(_ rest: String, _ expected: [String]) {
    #expect(found("import \"./s.dxsh\" as s\n\(rest)", Self.shared) == expected)
  }

  @Test func eachListedNameIsUsed() {
    #expect(
      found("import \"./s.dxsh\" { rate, Tier, gross, pay, Order }\nworkflow w() { step p = pay() }", Self.shared)
        == ["W0001 rate", "W0001 Tier", "W0001 gross", "W0001 Order"])
    #expect(
      found(
        "import \"./s.dxsh\" { Tier }\nworkflow w(t: Tier) -> int { output match t { Tier.free => 1, pro => 2 } }",
        Self.shared) == [])
  }

  @Test func whatIsPrivateIsUsed() {
    #expect(found("const _a = 1\nconst b = 2") == ["W0001 _a"])
    #expect(
      found("const _a = 1\nfunc _f(n: int) -> int = n + _a\ntype _T = { n: int }\nenum _E { x }") == [
        "W0001 _f", "W0001 _T", "W0001 _E",
      ])
    #expect(
      found("const _a = 1\nfunc f(n: int) -> int = n + _a\ntype _T = { n: int }\nfunc g(t: _T) -> int = t.n") == [])
  }

  @Test func whatIsPedanticIsOfItsTier() {
    let after = "workflow w() -> int {\n step a = t.make(value: 1)\n step b = t.make(value: a) after a\n output b\n}"
    #expect(found(after) == ["W0005 a"])
    let other = "workflow w() -> int {\n step a = t.make(value: 1)\n step b = t.make(value: 2) after a\n output b\n}"
    #expect(found(other) == [])
    #expect(found("workflow w(n: int) -> list<int> {\n output [1].map(n, n) + [n]\n}") == ["W0003 n"])
    #expect(found("workflow w(n: int) -> list<int> {\n output [1].map(x, x) + [n]\n}") == [])
    #expect([DiagnosticCode.shadowing, .redundant].allSatisfy { $0.tier == .pedantic })
  }
}
