import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// What `limit`, `rate`, `breaker` and `cache` take, and that one name has the same numbers in a file.
struct SharedLimitCheckTests {
  private static let library = NodeLibrary([
    "t": "node t.get(id: int) -> string effect read throws flaky timeout(10s)"
  ])

  /// The codes of what is wrong with two steps, with what they underline.
  private func found(_ first: String, _ second: String = "timeout(10s)") -> [String] {
    let text = """
      workflow w(key: string) -> list<string> {
        let name = "disk"
        let slots = 2
        let nothing = 0s
        step x = t.get(id: 1) with \(first)
        step y = t.get(id: 2) with \(second)
        output [x, y, name, "${slots} ${nothing}"]
      }
      """
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    return compile(file, library: Self.library).mistakes.map { "\($0.code.rawValue) \(file.text($0.range))" }
  }

  /// Whose rate that of `defaults` is, is known at the steps that it reaches: it is said once, of the default.
  @Test(arguments: [
    ("rate(1, per: 1s)", "rate(2, per: 1s)", ["E0604 rate(2, per: 1s)"]),
    ("rate(2, per: 1s)", "rate(2, per: 1s)", []),
    ("limit(\"p\", 1)", "limit(\"p\", 2)", ["E0604 limit(\"p\", 1)"]),
  ])
  func aDefaultAfterAStepsOwn(_ own: String, _ defaults: String, _ expected: [String]) {
    let text = """
      workflow w() -> list<string> {
        defaults with \(defaults)
        step x = t.get(id: 1) with \(own)
        step y = t.get(id: 2)
        step z = t.get(id: 3)
        output [x, y, z]
      }
      """
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    let found = compile(file, library: Self.library).mistakes.map { "\($0.code.rawValue) \(file.text($0.range))" }
    #expect(found == expected)
  }

  @Test(arguments: [
    ("limit(\"disk\", 2)", "limit(name, slots)", []),
    ("limit(key, 2)", "limit(key, 3)", []),
    ("limit(\"disk\", 2)", "limit(\"other\", 3)", []),
    ("limit(\"disk\", 2)", "limit(\"disk\", 3)", ["E0604 limit(\"disk\", 3)"]),
    ("limit(\"disk\", 3)", "limit(name, slots)", ["E0604 limit(name, slots)"]),
    ("rate(1, per: 1s)", "rate(2, per: 1s)", ["E0604 rate(2, per: 1s)"]),
    ("rate(1, per: 1s)", "rate(2, per: 1s, key: \"t.get\")", ["E0604 rate(2, per: 1s, key: \"t.get\")"]),
    ("rate(1, per: 1s)", "rate(2, per: 1s, key: \"t.put\")", []),
    ("limit(name, 0)", "timeout(1s)", ["E0204 0"]),
    ("limit(name, 3000000000)", "timeout(1s)", ["E0204 3000000000"]),
    ("rate(1, per: nothing)", "timeout(1s)", ["E0204 nothing"]),
    ("cache(ttl: nothing)", "timeout(1s)", ["E0204 nothing"]),
    ("cache(key: \"k\", ttl: 0s)", "timeout(1s)", ["E0204 0s"]),
  ])
  func whatTheyTake(_ first: String, _ second: String, _ expected: [String]) {
    #expect(found(first, second) == expected)
  }
}
