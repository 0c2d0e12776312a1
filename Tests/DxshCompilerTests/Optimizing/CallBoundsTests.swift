import DxshCompiler
import DxshPlan
import DxshSyntax
import Testing

@Suite("Call bounds")
struct CallBoundsTests {
  static let cases: [(body: String, words: String)] = [
    ("", "0"),
    ("step a = t.act(n: 1)\n step b = t.act(n: a)", "2"),
    ("if n > 0 {\n step a = t.act(n: 1)\n step b = t.act(n: 1)\n } else {\n step c = t.act(n: 1)\n }", "1 to 2"),
    ("if n > 0 {\n if n > 1 {\n step a = t.act(n: 1)\n }\n step b = t.act(n: 1)\n }", "0 to 2"),
    ("for i in [1, 2, 3] {\n step a = t.act(n: i)\n }", "3"),
    ("for i in ns {\n step a = t.act(n: i)\n }", "any number of"),
    ("for i in ns {\n let a = i\n }", "0"),
    ("step x = t.act(n: 1)\n for i in ns {\n step a = t.act(n: i)\n }", "1 or more"),
    ("for i in ns.slice(0, 5) {\n step a = t.act(n: i)\n }", "0 to 5"),
    ("for i in [1, 2] with on_error(skip) {\n step a = t.act(n: i)\n step b = t.act(n: i)\n }", "0 to 4"),
    ("repeat r: int = 1 with max(4) {\n step a = t.act(n: r)\n next a\n }", "4"),
    ("repeat r: int = 1 with max(4) {\n step a = t.act(n: r)\n next a while a < 5\n }", "1 to 4"),
    ("try {\n step a = t.act(n: 1)\n step b = t.act(n: 2)\n } catch e {\n step c = t.act(n: 3)\n }", "1 to 3"),
    ("step a = sub(n: 1)\n step b = sub(n: 2)", "2 to 4"),
    ("step a = t.act(n: 1)\n finally {\n step z = t.act(n: 1)\n }", "2"),
  ]

  @Test("How many steps a run makes", arguments: cases)
  func bounds(body: String, words: String) throws {
    let text = """
      node t.act(n: int) -> int effect keyed throws broken timeout(1m)
      workflow w(n: int, ns: list<int>) {
        \(body)
      }
      workflow sub(n: int) -> int {
        step a = t.act(n: n)
        if n > 3 {
          step b = t.act(n: a)
        }
        output a
      }
      """
    let compiled = compile(SourceFile(id: FileID(0), name: "test", text: text), library: NodeLibrary([:]))
    #expect(compiled.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
    // As it is run: what is constant is known.
    #expect(CallBounds(optimize(try #require(compiled.plans.first)).plan).words == words)
  }
}
