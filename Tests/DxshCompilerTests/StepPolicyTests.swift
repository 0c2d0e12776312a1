import DxshCompiler
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
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    return compile(file, library: Self.library).diagnostics
      .filter { $0.code != .unused && $0.code != .unusedStepResult }
      .map { "\($0.code.rawValue) \(file.text($0.range))" }
  }

  @Test(arguments: [
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
