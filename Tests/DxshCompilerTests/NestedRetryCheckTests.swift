import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// `retry`, `deadline` and `fallback` on the call of a workflow, and the policies that mean nothing there.
struct NestedRetryCheckTests {
  @Test(arguments: [
    ("retry(3)", []),
    ("retry(3, backoff: exponential(1s, max: 1m), only: [odd, timeout])", []),
    ("retry(0)", ["E0204 0"]),
    ("retry(2, only: [exhausted])", ["E0307 [exhausted]"]),
    ("timeout(3s)", ["E0312 timeout(3s)"]),
    ("retry(2), compensate(x.act())", ["E0312 compensate(x.act())"]),
    ("retri(2)", ["E0101 retri"]),
    ("deadline(3s), retry(2)", []),
    ("deadline(1s - 1s)", ["E0204 1s - 1s"]),
    (
      "poll(until: self > 1, every: 1s, max: 3)", ["E0312 poll(until: self > 1, every: 1s, max: 3)"]
    ),
    ("on_interrupt(fail), retry(2)", ["E0312 on_interrupt(fail)"]),
    ("cache(ttl: 1h)", ["E0312 cache(ttl: 1h)"]),
    ("limit(\"p\", 2), rate(1, per: 1s)", ["E0312 limit(\"p\", 2)", "E0312 rate(1, per: 1s)"]),
    ("assume(pure, reason: \"\")", ["E0312 assume(pure, reason: \"\")"]),
    ("fallback(1), retry(2), deadline(1m)", []),
    ("fallback(\"1\")", ["E0201 \"1\""]),
    ("fallback(error.kind == odd ? 1 : error.retry_after.hasValue() ? 2 : size(error.message))", []),
    ("fallback(error.kind == deadline ? 1 : 2)", ["E0101 deadline"]),
    ("fallback(error.kind == deadline ? 1 : 2), deadline(1m)", []),
    ("fallback(1), fallback(2)", ["E0102 fallback"]),
    ("first(2)", ["E0101 first"]),
  ])
  func whatStandsThere(_ policies: String, _ expected: [String]) {
    let text = """
      node x.act() -> int effect read throws odd timeout(10s)
      workflow w() {
        step a = sub() with \(policies)
        step b = x.act() after a
      }
      workflow sub() -> int throws odd {
        step c = x.act()
        output c
      }
      """
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    let found = compile(file, library: NodeLibrary([:])).diagnostics
      .filter { $0.code != .unused && $0.code != .unusedStepResult }
      .map { "\($0.code.rawValue) \(file.text($0.range))" }
    #expect(found == expected)
  }

  /// What cannot fail is handled by nobody.
  @Test func whatFallsBackDoesNotFail() {
    let text = """
      workflow w() -> int {
        try {
          step a = sub() with fallback(1)
          let n = a
        } catch e {
          let n = e.kind == odd ? 1 : 2
        }
        output n
      }
      workflow sub() -> int throws odd {
        fail odd, "as always"
        output 1
      }
      """
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    let found = compile(file, library: NodeLibrary([:])).diagnostics.map {
      "\($0.code.rawValue) \(file.text($0.range))"
    }
    #expect(found.contains("E0101 odd"), "\(found)")
  }

  @Test func aTimeoutBecomesADeadline() {
    let text = "workflow w() {\n step a = sub() with timeout(1m)\n}\nworkflow sub() {\n let b = 1\n}"
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    let found = compile(file, library: NodeLibrary([:])).diagnostics.first { $0.code == .misplacedPolicy }
    #expect(found?.fix?.edits.map(\.replacement) == ["deadline"])
  }
}
