import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// Steps and their approvals (rule 44), and what starts workflows (rule 45), besides that they are not run.
struct GateTests {
  /// Each code with the text that it underlines.
  private func found(_ text: String) -> [String] {
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    return compile(file, library: CheckerTests.library, time: CheckFixtureTests.time).diagnostics
      .filter { ![.notSupported, .unused, .selfOverlap].contains($0.code) }
      .map { "\($0.code.rawValue) \(file.text($0.range))" }
  }

  private func body(_ items: String) -> [String] {
    found("enum Outcome { ship, hold }\nworkflow w(n: int, name: string) {\n\(items)\n}\n")
  }

  private let gate = "approval g { timeout: 1d, form { percent: int = 10 } }\n"

  @Test func anApprovalHasAResult() {
    #expect(body(gate + "let a: bool = g.approved && g.by.size() > 0 && g.at > timestamp(0)") == [])
    #expect(body(gate + "let a: int = g.form.percent") == [])
    #expect(body(gate + "let a = g.form.percnt") == ["E0104 percnt"])
    #expect(body(gate + "let a = g.outcome == approve") == [])
    #expect(
      body("approval g { timeout: 1d, choices: Outcome, opens: [ship] }\nlet a = g.outcome == approve") == [
        "E0101 approve"
      ])
    #expect(body("approval g { timeout: \"1d\", title: \"${m}\" }\nlet a = g.approved") == ["E0201 \"1d\"", "E0101 m"])
  }

  @Test func aStepCannotBeReachedRoundItsApproval() {
    #expect(body(gate + "step s = t.make(value: n) requires g") == [])
    #expect(body("if n > 1 {\n\(gate)}\nstep s = t.make(value: n) requires g") == ["E0502 g"])
    #expect(body("if n > 1 {\n\(gate)step s = t.make(value: n) requires g\n}") == [])
    #expect(body("for i in [1] {\n\(gate)step s = t.make(value: i) requires g\n}") == [])
    #expect(body(gate + "for i in [1] {\nstep s = t.make(value: i) requires g\n}") == [])
    #expect(
      body("try {\n\(gate)step a = t.make(value: 1) requires g\n} catch e {\nstep s = t.make(value: n) requires g\n}")
        == ["E0502 g"])
    #expect(body("step a = t.make(value: 1)\nstep s = t.make(value: n) requires a") == ["E0204 a"])
    #expect(body(gate + "step s = t.make(value: n) requires h\nlet a = g.approved") == ["E0101 h"])
    #expect(body(gate + "let h = g\nstep s = t.make(value: n) requires h") == ["E0204 h"])
    #expect(
      body(
        "try {\n\(gate)step a = t.make(value: n) requires g\n} catch e {\nfail \"no\"\n}\n"
          + "step s = t.make(value: n) requires g") == [])
  }

  @Test func whatIsApprovedIsKnownBefore() {
    #expect(body(gate + "step s = t.make(value: g.form.percent) requires g") == [])
    #expect(body(gate + "step s = t.make(value: g.by) requires g") == ["E0508 g.by"])
    #expect(body(gate + "let m = g.approved ? n : 0\nstep s = t.make(value: m) requires g") == ["E0508 m"])
    #expect(
      body(gate + "step a = t.make(value: n) after g\nstep s = t.make(value: a + n) requires g") == ["E0508 a + n"])
    #expect(body(gate + "if g.approved {\nstep s = t.make(value: n) requires g\n}") == [])
  }

  @Test func somethingDependsOnAnApproval() {
    #expect(body(gate) == ["E0505 g"])
    #expect(body(gate + "step s = t.make(value: n) after g") == [])
    #expect(body("for i in [1] {\n\(gate)}") == ["E0505 g"])
    #expect(body("approval g after h { timeout: 1d }\napproval h { timeout: 1d }\nlet a = g.approved") == [])
    #expect(
      body("approval g after h { timeout: 1d }\napproval h after g { timeout: 1d }") == [
        "E0301 approval g after h { timeout: 1d }"
      ])
  }

  @Test(arguments: ["E0509", "E0510"])
  func fixtures(code: String) throws {
    func codes(_ name: String) throws -> [String] {
      try CheckFixtureTests.compile("Tests/Fixtures/check/codes/\(code)/\(name).dxsh").diagnostics
        .map(\.code.rawValue).filter { $0 != "E0020" }
    }
    #expect(try codes("fails") == [code])
    #expect(try codes("passes") == [])
  }

  @Test func peopleAreNotAskedForEachOfAnyNumber() {
    func asked(_ loop: String, before: String = "", after: String = "") -> [String] {
      found(
        "workflow w(rows: list<int>, n: int, keys: map<string, int>) {\n\(before)\n\(loop) {\n\(gate)"
          + "step s = t.make(value: n) requires g\n}\n\(after)}\n")
    }
    for bounded in [
      "[1, 2]", "rows.slice(0, 20)", "rows.slice(n, 20).map(r, r + 1)", "rows.map(r, r + 1).slice(0, 20)",
      "n > 1 ? [n] : [1]", "few", "more.reverse()", "made", "{\"a\": 1}", "lists.range(3)",
      "[1] + rows.filter(r, r > 2).slice(0, 2)",
    ] {
      let before = """
        let few = rows.slice(0, 3)
        let more = few + few
        for f in few { let made = f }
        """
      #expect(asked("for i in \(bounded)", before: before) == [], "\(bounded)")
    }
    for open in [
      "rows", "rows.map(r, r + 1)", "keys", "all", "n > 1 ? [n] : rows", "[1] + rows", "rows.slice(0, n)",
      "twice",
    ] {
      let before = """
        let all = rows
        if n > 1 { let twice = [1] } else { let twice = rows }
        """
      #expect(asked("for i in \(open)", before: before) == ["E0509 g"], "\(open)")
    }
    #expect(asked("for r in rows {\n for i in [1, 2]", after: "}") == ["E0509 g"])
    #expect(asked("for i in [1, 2] {\n for r in rows", after: "}") == ["E0509 g"])
  }

  @Test func calledWorkflowsDoNotAskForEachOfAnyNumber() {
    func calling(_ loop: String) -> [String] {
      found(
        "workflow w(rows: list<int>) {\n\(loop) {\nstep a = v()\n}\n}\n"
          + "workflow v() {\n\(gate)step s = t.make(value: 1) requires g\n}\n")
    }
    #expect(calling("for r in rows") == ["E0509 step a = v()"])
    #expect(calling("for r in [1, 2]") == [])
  }

  private func started(_ header: String) -> [String] {
    found(
      "workflow w(day: string, n: int, o: int = 3, t: timestamp?) {\n\(header)\n step s = t2(a: day)\n}\n"
        + "workflow t2(a: string) {\n step m = t.make(value: a)\n}\n")
  }

  @Test func aScheduleGivesWhatIsNeeded() {
    #expect(started("schedule s { every: 1d, params: { day: string(fire.nominal), n: 1, t: fire.previous } }") == [])
    #expect(started("schedule s { every: 1d }") == ["E0410 s"])
    #expect(started("schedule s { every: 1d, params: { day: \"x\" } }") == ["E0410 s"])
    #expect(started("schedule s { every: 1d, params: { day: \"x\", nn: 1 } }") == ["E0107 nn"])
    #expect(started("schedule s { every: 1d, parms: { day: \"x\" } }") == ["E0107 parms"])
    #expect(started("schedule s { every: 1d, params: { day: fire.nominal, n: 1 } }") == ["E0201 fire.nominal"])
    #expect(started("schedule s { every: 1d, params: { day: \"x\", n: 1, n: 2 } }") == ["E0102 n"])
    #expect(started("schedule s { every: 1d, params: day }") == ["E0204 day"])
  }

  @Test func aScheduleHasATimeToFire() {
    func window(_ fields: String) -> [String] {
      started("schedule s { \(fields), params: { day: \"x\", n: 1 } }")
    }
    #expect(window("every: 0s") == ["E0204 0s"])
    #expect(window("every: 3") == ["E0201 3"])
    let (first, second) = ("timestamp(\"2026-01-01T00:00:00Z\")", "timestamp(\"2026-02-01T00:00:00Z\")")
    #expect(window("every: 1h, start: \(first), end: \(second)") == [])
    #expect(window("every: 1h, start: \(second), end: \(first)") == ["E0412 \(first)"])
  }

  @Test func aTriggerGivesWhatIsNeeded() {
    func webhook(_ fields: String) -> [String] {
      started("on webhook i as { x: string } { path: \"/a\", method: post, \(fields) }")
    }
    #expect(webhook("key: i.body.x, params: { day: i.body.x, n: 3 }") == [])
    #expect(webhook("params: { day: i.headers[?\"day\"].orValue(\"x\"), n: 3 }") == [])
    #expect(webhook("params: { day: i.body.y, n: 3 }") == ["E0104 y"])
    #expect(webhook("params: { day: i.body.x }") == ["E0410 i"])
    #expect(webhook("key: 3, params: { day: i.body.x, n: 3 }") == ["E0201 3"])
    #expect(started("on webhook i as Nothing { path: \"/a\", params: { day: \"x\", n: 3 } }") == ["E0103 Nothing"])
  }
}
