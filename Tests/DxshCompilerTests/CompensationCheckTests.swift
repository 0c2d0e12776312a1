import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// What `compensate` takes, and what is known of it.
struct CompensationCheckTests {
  private static let library = NodeLibrary([
    "t": """
    node t.hold(seat: string) -> { id: int, note: string? } effect keyed timeout(10s)
    node t.free(id: int, why: string = "") -> {} effect idempotent timeout(10s)
    node t.burn(id: int) -> {} effect once timeout(10s)
    node t.look(id: int) -> {} effect read timeout(10s)
    node t.shell(command: string @sink(shell)) -> {} effect idempotent timeout(10s)
    node t.get(url: string @sink(url)) -> string effect read timeout(10s)
    """
  ])

  private func compilation(_ text: String) -> Compilation {
    compile(SourceFile(id: FileID(0), name: "test", text: text), library: Self.library)
  }

  /// The codes of what is wrong with the step's `compensate(…)`, with what they underline.
  private func found(_ compensation: String) -> [String] {
    let text = """
      workflow w(seat: string, floor: int) {
        step page = t.get(url: "https://example.com")
        step held = t.hold(seat: seat) with compensate(\(compensation))
        step late = t.hold(seat: "9") after held
      }
      """
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    return compile(file, library: Self.library).diagnostics
      .filter { $0.code != .unused && $0.code != .unusedStepResult }
      .map { "\($0.code.rawValue) \(file.text($0.range))" }
  }

  @Test(arguments: [
    ("t.free(id: self.id)", []),
    ("t.free(self.id, why: \"${seat} of ${floor}\")", []),
    ("t.burn(id: self.id)", []),
    ("t.free(id: self.note)", ["E0201 self.note"]),
    ("t.free(id: self.idd)", ["E0104 idd"]),
    ("t.fre(id: self.id)", ["E0101 t.fre"]),
    ("t.free()", ["E0203 t.free()"]),
    ("t.free(id: seet)", ["E0101 seet"]),
    ("t.look(id: self.id)", ["E0204 t.look(id: self.id)"]),
    ("self.id", ["E0204 compensate(self.id)"]),
    ("t.free(id: 1), t.free(id: 2)", ["E0204 compensate(t.free(id: 1), t.free(id: 2))"]),
    ("t.shell(command: page)", ["W0707 page"]),
    // What it mentions has to be there when it may be called.
    ("t.free(id: late.id)", ["E0301 step held = t.hold(seat: seat) with compensate(t.free(id: late.id))"]),
  ])
  func whatItTakes(_ compensation: String, _ expected: [String]) {
    #expect(found(compensation) == expected)
  }

  @Test func nothingIsUndoneAfterTheEnd() {
    let mistakes = compilation(
      """
      workflow w() {
        finally {
          step held = t.hold(seat: "1") with compensate(t.free(id: self.id))
        }
      }
      """
    ).mistakes
    #expect(mistakes.map(\.code) == [.badOperand])
  }

  @Test func itCountsForEffectsAndTimes() {
    let text = compilation(
      """
      workflow w() {
        step held = t.hold(seat: "1") with compensate(t.burn(id: self.id))
        for n in [1, 2, 3] {
          step more = t.hold(seat: "${n}") with compensate(t.free(id: self.id))
        }
      }
      """
    ).types().joined(separator: "\n")
    // 12 s for the steps, then 10 s for `burn`, and 33 s for each `free`: three attempts and two delays.
    #expect(text.contains("takes at most 2m1s"), "\(text)")
    #expect(text.contains("once"), "\(text)")
  }
}
