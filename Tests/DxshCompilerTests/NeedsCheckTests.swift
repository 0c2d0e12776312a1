import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// What `uses`, `priority` and `limits { memory }` take.
struct NeedsCheckTests {
  private static let library = NodeLibrary([
    "t": "node t.get(id: int) -> string effect read timeout(10s)"
  ])

  /// The codes of what is wrong, with what they underline.
  private func found(_ policies: String, _ limits: String = "") -> [String] {
    let text = """
      workflow w(count: int, share: double) -> string {
        \(limits)
        let little = 0B
        step x = t.get(id: 1) with \(policies)
        output "${x} ${count} ${share} ${little}"
      }
      """
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    return compile(file, library: Self.library).mistakes.map { "\($0.code.rawValue) \(file.text($0.range))" }
  }

  @Test(arguments: [
    ("uses(cpu: 2, memory: 1GiB, time: 3s), priority(3)", []),
    ("uses(cpu: 0.5)", []),
    ("uses(cpu: share)", []),
    ("uses(cpu: double(count), memory: 1MiB * count)", []),
    ("uses()", ["E0204 uses()"]),
    ("uses(cpu: 0)", ["E0204 0"]),
    ("uses(cpu: -1.5)", ["E0204 -1.5"]),
    ("uses(memory: little)", ["E0204 little"]),
    ("uses(memory: -1KiB)", ["E0204 -1KiB"]),
    ("uses(time: 0s)", ["E0204 0s"]),
    ("uses(memory: 3)", ["E0201 3"]),
    ("uses(gpu: 3)", ["E0107 gpu"]),
    ("priority(-1000)", []),
    ("priority(1001)", ["E0204 1001"]),
    ("priority(count)", ["E0204 count"]),
    ("priority(\"high\")", ["E0201 \"high\""]),
  ])
  func policies(_ policies: String, _ expected: [String]) {
    #expect(found(policies) == expected)
  }

  @Test(arguments: [
    ("limits { memory: 2GiB, concurrency: 2 }", []),
    ("limits { memory: 0B }", ["E0204 0B"]),
    ("limits { memory: 2 }", ["E0201 2"]),
  ])
  func limits(_ limits: String, _ expected: [String]) {
    #expect(found("timeout(3s)", limits) == expected)
  }
}
