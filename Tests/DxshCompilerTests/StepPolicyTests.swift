import DxshCompiler
import DxshPlan
import DxshSyntax
import DxshTestSupport
import Testing

/// What `deadline`, `retry(unless:)`, `poll` and `on_interrupt` take, and what is known of them.
struct StepPolicyTests {
  private static let library = NodeLibrary([
    "t": """
    node t.get(id: int) -> string effect read throws flaky timeout(10s)
    node t.put(id: int) -> {} effect keyed timeout(10s)
    node t.pay(id: int) -> string effect once throws flaky timeout(10s)
    node t.find(id: int) -> string? effect read timeout(10s)
    node t.count(id: int) -> int? effect read timeout(10s)
    node t.check(id: int) -> bool effect read timeout(10s)
    node t.odd(id: int) -> bool effect read throws odd timeout(10s)
    """
  ])

  /// The codes of what is wrong with a step, with what they underline.
  private func found(_ step: String, output: String = "1") -> [String] {
    let text = """
      workflow w(n: int, span: duration) -> dyn {
        step x = \(step)
        output n == 0 && span == 1s ? \(output) : \(output)
      }
      """.replacing("-> dyn", with: output == "1" ? "-> int" : "-> string")
    return found(in: text)
  }

  private func found(in text: String) -> [String] {
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    return compile(file, library: Self.library).diagnostics
      .filter { $0.code != .unused && $0.code != .unusedStepResult }
      .map { "\($0.code.rawValue) \(file.text($0.range))" }
  }

  @Test(arguments: [
    ("t.get(id: n) with cache(ttl: span)", []),
    ("t.get(id: n) with cache(ttl: 1h, key: \"${n}\")", []),
    ("t.get(id: n) with cache(ttl: 0s)", ["E0204 0s"]),
    ("t.get(id: n) with cache(1h, key: 3)", ["E0201 3"]),
    ("t.put(id: n) with cache(ttl: 1h)", ["E0204 cache(ttl: 1h)"]),
    ("t.get(id: n) with fallback(\"none of ${n}\")", []),
    ("t.get(id: n) with fallback(\"${error.kind == flaky} ${error.message}\")", []),
    ("t.get(id: n) with fallback(1)", ["E0201 1"]),
    ("t.get(id: n) with fallback(error.kind == other ? \"\" : \"a\")", ["E0101 other"]),
    ("t.get(id: n) with fallback(x)", ["E0301 step x = t.get(id: n) with fallback(x)"]),
    ("t.get(id: n) with fallback()", ["E0204 fallback()"]),
    ("t.get(id: n) with fallback(\"a\"), fallback(\"b\")", ["E0102 fallback"]),
    ("t.get(id: n) with deadline(span)", []),
    ("t.get(id: n) with deadline(1m), timeout(10s)", []),
    ("t.get(id: n) with deadline(0s)", ["E0204 0s"]),
    ("t.get(id: n) with deadline(3)", ["E0201 3"]),
    ("t.get(id: n) with deadline(5s), timeout(10s)", ["E0309 timeout(10s)"]),
    ("t.get(id: n) with retry(3, unless: error.kind == flaky || error.message == \"${n}\")", []),
    ("t.get(id: n) with retry(3, unless: error.kind == indeterminate)", ["E0101 indeterminate"]),
    ("t.get(id: n) with retry(3, unless: error.message)", ["E0201 error.message"]),
    ("t.get(id: n) with poll(until: self == \"\", every: 1m, max: n)", []),
    ("t.get(id: n) with poll(until: self == \"\", every: span), deadline(1h)", []),
    (
      "t.get(id: n) with poll(until: self == \"\", every: 1m)", ["E0204 poll(until: self == \"\", every: 1m)"]
    ),
    ("t.get(id: n) with poll(every: 1m, max: 3)", ["E0204 poll(every: 1m, max: 3)"]),
    ("t.get(id: n) with poll(until: self, every: 1m, max: 3)", ["E0201 self"]),
    ("t.get(id: n) with poll(until: self == \"\", every: 0s, max: 0)", ["E0204 0s", "E0204 0"]),
    (
      "t.put(id: n) with poll(until: self == {}, every: 1m, max: 3)",
      ["E0204 poll(until: self == {}, every: 1m, max: 3)"]
    ),
  ])
  func whatTheyTake(_ step: String, _ expected: [String]) {
    #expect(found(step) == expected)
  }

  /// What is the same in every run is seen through names.
  @Test(arguments: [
    ("none", "deadline(none)", ["E0204 none"]),
    ("1s - 1s", "deadline(span - 1s)", ["E0204 span - 1s"]),
    ("none * 2", "timeout(gone)", ["E0204 gone"]),
    ("1m", "poll(until: self == \"\", every: none, max: nothing)", ["E0204 none", "E0204 nothing"]),
    ("1m", "poll(none, nothing, until: self == \"\")", ["E0204 none", "E0204 nothing"]),
    ("1m", "deadline(span), timeout(span * 2)", ["E0309 timeout(span * 2)"]),
    ("1m", "retry(nothing)", ["E0204 nothing"]),
    ("1m", "retry(3, backoff: fixed(none - span))", ["E0204 none - span"]),
    ("1m", "retry(3, backoff: exponential(1s, factor: -2.0))", ["E0204 -2.0"]),
    ("1m", "deadline(span), poll(until: self == \"\", every: span, max: nothing + n)", []),
  ])
  func whatIsAlwaysTheSameIsSeenThroughNames(_ span: String, _ policies: String, _ expected: [String]) {
    let text = """
      const none = 0s
      workflow w(n: int) -> string {
        let span = \(span)
        let gone = span - span
        let nothing = 3 - 3
        if n > 1 { let either = 0s } else { let either = 1s }
        step x = t.get(id: n) with \(policies)
        step y = t.get(id: n) after x with deadline(either)
        output x + y
      }
      """
    #expect(found(in: text) == expected)
  }

  /// One mistake is one diagnostic.
  @Test(arguments: [
    ("poll(until: self == \"\", every: 1m, max: 99999999999999999999)", ["E0004 99999999999999999999"]),
    ("poll(1m, 99999999999999999999, until: self == \"\")", ["E0004 99999999999999999999"]),
    ("poll(0s, 3, until: self == \"\")", ["E0204 0s"]),
    ("poll(until: self == \"\", every: 1m, max: \"x\")", ["E0201 \"x\""]),
    ("retry(99999999999999999999)", ["E0004 99999999999999999999"]),
  ])
  func aValueThatIsNoneIsToldOnce(_ policies: String, _ expected: [String]) {
    #expect(found("t.get(id: n) with \(policies)", output: "x") == expected)
  }

  /// A default that is not for the effect of a step does not hold for it (rule 46).
  @Test func defaultsHoldForTheEffectsThatTheyAreFor() throws {
    let text = """
      defaults with retry(3), on_interrupt(retry), limit("p", 2), rate(3, per: 1s),
        breaker("b", failures: 2, window: 1m, open: 5s)
      workflow w() -> list<string> {
        step read = t.get(id: 1)
        step pure = t.get(id: 2) with assume(pure, reason: "a test")
        step once = t.pay(id: 3)
        step own = t.pay(id: 4) with on_interrupt(ask), limit("q", 1)
        output [read, pure, once, own]
      }
      """
    let plan = try #require(
      compile(SourceFile(id: FileID(0), name: "test", text: text), library: Self.library).plans.first)
    let calls = PlanPaths(plan).calls.map { step in
      let limits = step.call.limits
      let shares = [limits?.pool != nil, limits?.rate != nil, limits?.breaker != nil].filter(\.self).count
      return "\(step.name) \(step.call.retry != nil) \(step.call.onInterrupt == .retry) \(shares)"
    }
    #expect(calls == ["once false true 3", "own false false 3", "pure true false 0", "read true false 3"])
    #expect(plan.call(at: "own")?.limits?.pool?.capacity == 1)
  }

  /// What is cached only reads, and a step's own policy is instead of the default of its name.
  @Test func whatIsUsedAndCachedMayBeADefault() throws {
    let text = """
      defaults with cache(ttl: 1m), uses(cpu: 2), priority(3)
      workflow w() -> list<string> {
        step read = t.get(id: 1)
        step once = t.pay(id: 3)
        step own = t.get(id: 4) with uses(memory: 1MiB), cache(ttl: 2m)
        output [read, once, own]
      }
      """
    let plan = try #require(
      compile(SourceFile(id: FileID(0), name: "test", text: text), library: Self.library).plans.first)
    let calls = PlanPaths(plan).calls.map { step in
      let needs = step.call.needs
      return
        "\(step.name) \(step.call.cache != nil) \(needs?.cpu != nil) \(needs?.memory != nil) \(needs?.priority ?? 0)"
    }
    #expect(calls == ["once false true false 3", "own true false true 3", "read true true false 3"])
    #expect(plan.call(at: "own")?.cache != plan.call(at: "read")?.cache)
  }

  /// Those of a file and of a workflow are of no step: they know the kinds of all nodes.
  @Test(arguments: [
    ("retry(3, unless: error.kind == timeout)", "", []),
    ("retry(3, unless: error.kind == flaky || !(error.kind == odd))", "retry(2, unless: error.kind == flaky)", []),
    ("retry(3, unless: error.kind == indeterminate)", "", ["E0101 indeterminate"]),
    ("deadline(5s), timeout(10s)", "", ["E0309 timeout(10s)"]),
    ("deadline(5s)", "timeout(10s)", ["E0309 timeout(10s)"]),
    ("deadline(5s)", "deadline(1m), timeout(10s)", []),
    ("deadline(5s), timeout(5s)", "", []),
    ("deadline(1h), timeout(2m)", "timeout(1m), deadline(2m)", []),
    ("limit(\"p\", 2), rate(3, per: 1s), on_interrupt(fail)", "limit(\"q\", 3), on_interrupt(retry)", []),
    ("breaker(\"b\", failures: 2, window: 1m, open: 5s)", "retry(3, unless: error.kind == circuit_open)", []),
    ("limit(\"p\", 0)", "", ["E0204 0"]),
    ("on_interrupt(verify(t.check(id: 1)))", "", ["E0204 on_interrupt(verify(t.check(id: 1)))"]),
    ("on_interrupt(maybe)", "", ["E0101 maybe"]),
    ("fallback(\"\")", "", ["E0204 fallback(\"\")"]),
    ("cache(ttl: 1m), uses(cpu: 1, memory: 1MiB), priority(3)", "cache(ttl: 2m)", []),
    ("cache(ttl: 1m, key: \"k\")", "", ["E0204 \"k\""]),
    ("cache(ttl: 0s)", "", ["E0204 0s"]),
    ("uses(cpu: 0)", "", ["E0204 0"]),
    ("priority(5000)", "", ["E0204 5000"]),
  ])
  func defaultsAreCheckedOnce(_ file: String, _ workflow: String, _ expected: [String]) {
    let text = """
      defaults with \(file)
      workflow w(n: int) -> string {
        \(workflow.isEmpty ? "" : "defaults with \(workflow)")
        step x = t.get(id: n)
        step y = t.get(id: n) with timeout(1s)
        step z = t.odd(id: n) after y
        output "${x}${y}"
      }
      """
    #expect(found(in: text) == expected)
  }

  /// The step's own attempts would never be as long as they may.
  @Test func aTimeoutAboveTheDefaultDeadlineIsToldAtTheStep() {
    let text = """
      defaults with deadline(5s)
      workflow w(n: int) -> string {
        step x = t.get(id: n) with timeout(10s)
        step y = t.get(id: n) with deadline(1s)
        output x + y
      }
      """
    #expect(found(in: text) == ["E0309 timeout(10s)"])
  }

  @Test(arguments: [
    ("t.pay(id: n) with on_interrupt(ask)", []),
    ("t.pay(id: n) with on_interrupt(fail)", []),
    ("t.pay(id: n) with on_interrupt(retry)", []),
    ("t.pay(id: n) with on_interrupt(verify(t.find(id: n)))", []),
    ("t.pay(id: n) with on_interrupt(verify(t.find(id: n))), retry(3)", []),
    ("t.pay(id: n) with on_interrupt(retry), retry(3)", ["E0306 retry(3)"]),
    ("t.pay(id: n) with on_interrupt(verify(t.check(id: n)))", ["E0204 t.check(id: n)"]),
    ("t.pay(id: n) with on_interrupt(verify(t.count(id: n)))", ["E0204 t.count(id: n)"]),
    ("t.pay(id: n) with on_interrupt(verify(t.pay(id: n)))", ["E0204 t.pay(id: n)", "E0204 t.pay(id: n)"]),
    ("t.pay(id: n) with on_interrupt(verify(t.findd(id: n)))", ["E0101 t.findd"]),
    ("t.pay(id: n) with on_interrupt(verify(t.find(id: m)))", ["E0101 m"]),
    ("t.pay(id: n) with on_interrupt(verify(n))", ["E0204 verify(n)"]),
    ("t.pay(id: n) with on_interrupt(maybe)", ["E0101 maybe"]),
    ("t.get(id: n) with on_interrupt(fail)", ["E0204 on_interrupt(fail)"]),
  ])
  func whatIsDoneAboutInterruptions(_ step: String, _ expected: [String]) {
    #expect(found(step, output: "x") == expected)
  }

  /// That it took place is enough where nobody reads what it gave.
  @Test func anAnswerWithoutAResultIsEnough() {
    #expect(found("t.pay(id: n) with on_interrupt(verify(t.check(id: n)))") == [])
    #expect(
      found("t.pay(id: n) with on_interrupt(verify(t.check(id: n))), compensate(t.put(id: self.size()))")
        == ["E0204 t.put(id: self.size())"])
  }
}
