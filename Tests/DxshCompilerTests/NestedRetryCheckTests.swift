import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// `retry` and `deadline` on the call of a workflow, and the policies that mean nothing there or are not run yet.
struct NestedRetryCheckTests {
  @Test(arguments: [
    ("retry(3)", []),
    ("retry(3, backoff: exponential(1s, max: 1m), only: [odd, timeout])", []),
    ("retry(0)", ["E0204 0"]),
    ("retry(2, only: [exhausted])", ["E0307 [exhausted]"]),
    ("timeout(3s)", ["E0020 timeout(3s)"]),
    ("retry(2), compensate(x.act())", ["E0020 compensate(x.act())"]),
    ("retri(2)", ["E0101 retri"]),
    ("deadline(3s), retry(2)", []),
    ("deadline(1s - 1s)", ["E0204 1s - 1s"]),
    (
      "poll(until: self > 1, every: 1s, max: 3)", ["E0020 poll(until: self > 1, every: 1s, max: 3)"]
    ),
    ("on_interrupt(fail), retry(2)", ["E0204 on_interrupt(fail)"]),
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
}
