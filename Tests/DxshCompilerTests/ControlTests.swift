import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// What the checker says about `match`, `try`, `repeat`, `finally`, defaults, limits, and calls of workflows.
struct ControlTests {
  private func codes(_ text: String) -> [String] {
    compile(SourceFile(id: FileID(0), name: "test", text: text), library: CheckerTests.library)
      .mistakes.map(\.code.rawValue)
  }

  /// The codes that the body of a workflow gives.
  private func body(_ body: String, parameters: String = "") -> [String] {
    codes("enum Tier { free, pro }\nworkflow w(\(parameters)) {\n\(body)\n}\n")
  }

  /// In either order of the text; blocks nest in each of them.
  @Test func callsNestOnlySoDeep() {
    func chain(_ count: Int, blocks: Int = 0) -> [String] {
      (0..<count).map { number in
        let call = number + 1 < count ? "step s = w\(number + 1)()" : "let s = 1"
        let body = String(repeating: "if true {\n", count: blocks) + call + String(repeating: "\n}", count: blocks)
        return "workflow w\(number)() {\n\(body)\n}\n"
      }
    }
    #expect(codes(chain(33).joined()) == [])
    #expect(codes(chain(33, blocks: 40).joined()) == [])
    #expect(codes(chain(34).joined()) == ["E0005"])
    #expect(codes(chain(34).reversed().joined()) == ["E0005"])
    #expect(Set(codes(chain(3_000).joined())) == ["E0005"])
  }

  @Test func armsCoverAndNarrow() {
    #expect(
      body(
        "match t {\n free => { let a = 1 }\n pro => { let a = 2 }\n}\nlet b: int = a",
        parameters: "t: Tier") == [])
    #expect(body("match t {\n free => { let a = 1 }\n}", parameters: "t: Tier") == ["E0205"])
    #expect(body("match t {\n _ => { }\n pro => { }\n}", parameters: "t: Tier") == ["E0206"])
    #expect(body("match t {\n free => { let a = 1 }\n _ => { }\n}\nlet b: int = a", parameters: "t: Tier") == ["E0202"])
    #expect(
      body("match t {\n free => { let a = 1 }\n _ => { fail \"no\" }\n}\nlet b: int = a", parameters: "t: Tier") == [])
    #expect(
      body(
        "match x {\n some => { let a = x + 1 }\n none => { let b = x + 1 }\n}",
        parameters: "x: int?") == ["E0202"])
    #expect(body("match x {\n 1 | 2 => { let a = 1 }\n -1 => { }\n}", parameters: "x: int") == ["E0205"])
    #expect(body("match s {\n _ => { }\n}", parameters: "s: list<int>") == ["E0204"])
    #expect(
      body(
        "match t {\n free => { fail \"a\" }\n pro => { fail \"b\" }\n}\nstep x = t.make(value: 1)",
        parameters: "t: Tier")
        == ["E0302"])
  }

  @Test func handlersSeeWhatTheBodyMayHaveBound() {
    #expect(body("try {\n step a = t.make(value: 1)\n} catch e {\n let b: int = a\n}") == ["E0202"])
    #expect(body("try {\n step a = t.make(value: 1)\n} catch e {\n let b = a.orValue(2) + e.message.size()\n}") == [])
    #expect(body("try {\n step a = t.make(value: 1)\n} catch e { }\nlet b: int = a") == ["E0202"])
    #expect(body("try {\n step a = t.make(value: 1)\n} catch e {\n let a = 2\n}\nlet b: int = a") == [])
    #expect(body("try {\n step a = t.make(value: 1)\n} catch e {\n fail \"no\"\n}\nlet b: int = a") == [])
    #expect(body("try {\n step a = t.make(value: 1)\n} catch e {\n let a = \"x\"\n}") == ["E0207"])
    #expect(body("let a = 1\ntry {\n step a = t.make(value: 2)\n} catch e { }") == ["E0102"])
    #expect(body("let a = e.message\ntry {\n fail \"x\"\n} catch e { }") == ["E0101"])
    #expect(
      codes("workflow w() -> int {\n try {\n step a = t.make(value: 1)\n output 1\n } catch e {\n fail \"x\"\n }\n}")
        == [])
    #expect(
      codes("workflow w() -> int {\n try {\n step a = t.make(value: 1)\n output 1\n } catch e { }\n}") == ["E0303"])
    #expect(body("try {\n let a = 1\n} catch e {\n let a = 2\n}") == ["E0307"])
  }

  @Test func whatStandsFurtherOutCanBeWaitedFor() {
    let outer = "step a = t.make(value: 1)\n"
    let handled = "try {\n step b = t.make(value: 1) after a\n} catch e {\n step c = t.make(value: 1) after a\n}"
    #expect(body(outer + handled) == [])
    #expect(body(outer + "for i in [1] {\n step b = t.make(value: i) after a\n}") == [])
    #expect(body(outer + "for i in [1] {\n step b = t.make(value: i) after z\n}") == ["E0101"])
  }

  @Test func roundsHaveAStateAndABound() {
    #expect(body("repeat s = 1 with max(3) {\n let a = s\n next s + 1 while a < 3\n}\nlet b: int = s + a.size()") == [])
    #expect(body("repeat s = 1 {\n next s\n}") == ["E0203"])
    #expect(body("repeat s = 1 with max(0) {\n next s\n}") == ["E0204"])
    #expect(body("repeat s = 1 with max(3), timeout(1s) {\n next s\n}") == ["E0101"])
    #expect(body("repeat s: int = 1 with max(3) {\n next \"x\"\n}") == ["E0201"])
    #expect(body("repeat s = 1 with max(3) {\n next s while s\n}") == ["E0201"])
    #expect(body("repeat s = 1 with max(n) {\n assert s > 0, \"x\"\n next 6 / s\n}", parameters: "n: int") == [])
  }

  @Test func finallySeesEverythingAsAbsent() {
    #expect(body("step a = t.make(value: 1)\nfinally {\n let b: int = a\n}") == ["E0202"])
    let text =
      "step a = t.make(value: 1)\nfinally {"
      + "\n let b = a.orValue(n)\n let c = run.status == failed && has(run.error)\n}"
    #expect(body(text, parameters: "n: int") == [])
    #expect(body("finally {\n output 1\n}") == ["E0102"])
    #expect(body("let a = 1\nfinally {\n let a = 2\n}") == ["E0102"])
  }

  @Test func headersAreChecked() {
    #expect(body("limits { concurrency: 3 }") == [])
    #expect(body("limits { concurrency: 0 }") == ["E0204"])
    #expect(body("limits { concurrency: n }", parameters: "n: int") == ["E0101"])
    #expect(body("limits { concurency: 3 }") == ["E0101"])
    #expect(body("defaults with timeout(1s), retry(n)\nstep a = t.pay(amount: 1)", parameters: "n: int") == [])
    #expect(body("defaults with timeout(1)\nstep a = t.pay(amount: 1)\nstep b = t.pay(amount: 1)") == ["E0201"])
    #expect(body("defaults with assume(read, reason: \"x\")") == ["E0101"])
  }

  @Test func workflowsAreCalled() {
    let half = "workflow half(n: int) -> int {\n output n / 2\n}\n"
    #expect(codes(half + "workflow w() -> int {\n step a = half(n: 4)\n output a + 1\n}") == [])
    #expect(codes(half + "workflow w() {\n step a = half(m: 4)\n}") == ["E0107"])
    #expect(codes(half + "workflow w() {\n step a = half(n: \"x\")\n let b: string = a\n}") == ["E0201", "E0201"])
    #expect(codes(half + "workflow w() {\n step a = halve(n: 2)\n}") == ["E0101"])
    #expect(codes(half + "workflow w() {\n step a = half(n: 2) as int\n}") == ["E0201"])
    #expect(codes("workflow w() {\n step a = w()\n}") == ["E0109"])
    #expect(codes("workflow v() {\n step a = w()\n}\nworkflow w() {\n step a = v()\n}") == ["E0109"])
    let inferred = "workflow w() {\n step a = v()\n let b = a.n + 1\n}\nworkflow v() {\n output { n: 1 }\n}"
    #expect(codes(inferred) == [])
  }

  /// Files by their names.
  private func codes(_ files: [String: String]) -> [String] {
    let source = ImportSource { path, _ in
      let name = String(path.dropFirst(2))
      guard let text = files[name] else { return .failure(.init("no such file")) }
      return .success(.init(name: name, bytes: Array(text.utf8)))
    }
    let file = SourceFile(id: FileID(0), name: "main", text: files["main"] ?? "")
    return compile(file, library: CheckerTests.library, imports: source).mistakes.map(\.code.rawValue)
  }

  @Test func importsBringWhatOtherFilesDeclare() {
    let shared = """
      enum Tier { free, pro }
      type Order = { tier: Tier, total: double }
      const rate = 2.0
      const _own = 1
      func gross(o: Order) -> double = o.total * rate
      workflow run_it(o: Order) -> double {
        output gross(o)
      }
      node x.get(o: Order) -> int effect read timeout(1s)
      """
    let use = """
      import "./shared" as s
      workflow w(o: s.Order) -> double {
        step a = s.run_it(o: o)
        let b = s.gross(o) + s.rate + (o.tier == s.Tier.pro ? 1.0 : 2.0)
        output a + b
      }
      """
    #expect(codes(["main": use, "shared": shared]) == [])
    let listed = """
      import "./shared" { Order, Tier, gross, rate, run_it }
      workflow w(o: Order) -> double {
        step a = run_it(o: o)
        output a + gross(o) * rate + (o.tier == pro || o.tier == Tier.free ? 1.0 : 2.0)
      }
      """
    #expect(codes(["main": listed, "shared": shared]) == [])
    for (text, expected) in [
      ("import \"./shared\" { _own }", "E0101"), ("import \"./shared\" { nope }", "E0101"),
      ("import \"./shared\" { gross }\nfunc gross(n: int) -> int = n", "E0102"),
      ("import \"./shared\" { Order }\ntype Order = int", "E0102"),
      ("import \"./shared\" as s\nimport \"./shared\" as s", "E0102"), ("import \"shared\" as s", "E0112"),
      ("import \"./nope\" as s", "E0112"), ("import \"./main\" as s", "E0109"),
      ("import \"./shared\" as s\nconst c = s.nope", "E0101"),
      ("import \"./shared\" as s\nconst c = s.nope(1)", "E0101"), ("import \"./broken\" as b", "E0001"),
      ("import \"./round\" as r", "E0109"),
      ("import \"./nope\" as s\nconst c = s.x + s.f(1)\ntype T = s.U\nworkflow w() {\n step a = s.v()\n}", "E0112"),
      ("import \"./nope\" { A, f }\ntype T = A\nworkflow w() {\n let a = f(1)\n step b = f()\n}", "E0112"),
    ] {
      let files = ["main": text, "shared": shared, "broken": "type = int", "round": "import \"./main\" as m"]
      #expect(codes(files) == [expected], "\(text)")
    }
  }
}
