import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTestSupport
import Testing

/// What connections are checked for, and what they and secrets are in a plan.
struct ConnectionTests {
  private func compilation(_ body: String, before: String, signature: String = "") -> Compilation {
    let text = "\(before)\nworkflow w(\(signature)) {\n\(body)\n}\n"
    return compile(SourceFile(id: FileID(0), name: "test", text: text), library: SecretTests.library)
  }

  private func codes(_ body: String, before: String, signature: String = "") -> [String] {
    compilation(body, before: before, signature: signature).mistakes.map(\.code.rawValue)
  }

  private let secret = "secret url: string = env(\"URL\")\n"
  private let query = "step a = db.query(connection: c) as list<{ n: int }>\nlet b: list<int> = a.map(r, r.n)"

  @Test func settingsAreCheckedLikeArguments() {
    #expect(codes(query, before: secret + "connection c = db(url: url, pool: 3)") == [])
    #expect(codes(query, before: "connection c = db(url: \"u\", note: \"n\")") == [])
    #expect(codes(query, before: "connection c = db()") == ["E0203"])
    #expect(codes(query, before: "connection c = db(url: \"u\", pol: 1)") == ["E0107"])
    #expect(codes(query, before: "connection c = db(url: \"u\", pool: \"8\")") == ["E0201"])
    #expect(codes(query, before: "connection c = db(\"u\", 1, none, 2)") == ["E0107"])
    #expect(codes(query, before: "connection c = dbb(url: \"u\")") == ["E0101"])
    #expect(codes(query, before: "connection c = t(url: \"u\")") == ["E0101"])
    #expect(codes("", before: secret + "connection c = db(url: url, note: url)") == ["E0703"])
    #expect(codes("", before: "connection c = db(url: day)", signature: "day: string") == ["E0101"])
    #expect(codes("", before: "connection c = db(url: \"u\")\nconnection c = db(url: \"v\")") == ["E0102"])
    #expect(codes("", before: "secret c = env(\"C\")\nconnection c = db(url: \"v\")") == ["E0102"])
    #expect(codes("", before: "", signature: "c: connection<dbb>") == ["E0103"])
    #expect(codes("", before: "", signature: "c: connection") == ["E0103"])
  }

  @Test func connectionsAreOpaque() {
    let before = "connection c = db(url: \"u\")"
    #expect(codes("let x = c", before: before) == [])
    #expect(codes("let x = c.url", before: before) == ["E0104"])
    #expect(codes("let x = c == c", before: before) == ["E0204"])
    #expect(codes("let x = c in [c]", before: before) == ["E0204"])
    #expect(codes("let x = \"${c}\"", before: before) == ["E0210"])
    #expect(codes("let x: json = c", before: before) == ["E0201"])
    #expect(codes("output c", before: before) == ["E0702"])
    #expect(codes("step a = t.make(value: { c: c })", before: before) == ["E0702"])
    #expect(codes("let x = 1", before: before, signature: "d: connection<db>") == ["E0702"])
    let other = "connection other(path: string)\nconnection c = other(path: \"p\")"
    #expect(codes(query, before: other) == ["E0201"])
  }

  @Test func circlesAreReportedOnce() {
    let kind = "connection via(next: connection<via>?)\nnode via.go(connection: connection<via>) -> int\n effect read\n"
    let circle = "connection a = via(next: b)\nconnection b = via(next: a)"
    #expect(codes("step s = via.go(connection: a)\nstep u = via.go(connection: b)", before: kind + circle) == ["E0301"])
    let chain = "connection a = via(next: b)\nconnection b = via()"
    #expect(codes("step s = via.go(connection: a)", before: kind + chain) == [])
  }

  @Test func aPlanHasWhatItsWorkflowMentions() throws {
    let before = """
      secret unused = env("U")
      secret count: int = env("COUNT")
      connection idle = db(url: unused)
      connection main = db(url: url, pool: 2)
      secret url: string = env("URL")
      """
    let body = """
      for d in [day] {
        step a = db.query(connection: main, params: [d])
      }
      let n = count + 1
      """
    let plan = try #require(compilation(body, before: before, signature: "day: string").plans.first)
    _ = try plan.validated()
    #expect(try Plan.decode(plan.encoded()) == plan)
    #expect(
      plan.secrets == [
        .init(name: "count", type: .int, source: .environment("COUNT")),
        .init(name: "url", type: .string, source: .environment("URL")),
      ])
    #expect(plan.body.slots.prefix(4).map(\.name) == ["day", "count", "url", "main"])
    #expect(plan.body.slots[2].type == .secret(.string))
    #expect(plan.body.slots[3].type == .connection("db"))
    let node = try #require(plan.body.nodes.first)
    #expect(node.path == "main")
    let settings = Expression.record(
      ["url", "pool", "note"], [.binding(depth: 0, slot: 2), .int(2), .constant(Constant(.none))])
    #expect(node.kind == .value(slot: 3, settings))
    #expect(plan.edges.contains("for(1) < main"))
    let text = PlanText.render(optimize(plan).plan)
    #expect(text.contains("secret count: int = env(\"COUNT\")\nsecret url: string = env(\"URL\")\n"))
    #expect(text.contains("\nconnection main = db(…)\n"))
    #expect(text.contains("  main    connection db\n"))
  }

  @Test func aWorkflowWithoutThemHasNone() throws {
    let plan = try #require(compilation("let x = 1", before: secret + "connection c = db(url: url)").plans.first)
    #expect(plan.secrets == [])
    #expect(plan.body.slots.map(\.name) == ["x"])
  }

  @Test func valuesAreJSON() {
    let before = "connection c = db(url: \"u\")\ntype R = { a: int, b: string? }"
    let signature = "s: string, o: string?, r: R, l: list<R>, j: json, d: duration"
    func call(_ parameters: String) -> [String] {
      codes("step x = db.query(connection: c, params: \(parameters))", before: before, signature: signature)
    }
    #expect(call("[1, \"a\", 2.5, true, null, none, s, o, r, l, j, { a: [1, \"x\", s] }, { \"k\": 1 }, {}, []]") == [])
    #expect(call("[1, 2]") == [])
    #expect(call("l") == [])
    #expect(call("[d]") == ["E0201"])
    #expect(call("[{ a: d }]") == ["E0201"])
    #expect(codes("let xs = [1, 2]\nstep x = db.query(connection: c, params: xs)", before: before) == [])
  }
}
