import DxshCompiler
import DxshNodes
import DxshSyntax
import DxshTime
import Testing

/// Comments that silence warnings, and W0008.
struct SuppressionTests {
  /// The codes and messages of a file in which `HERE` stands before a step that nobody reads, and `END` after it.
  private func found(
    here: String = "", end: String = "", name: String = "a.dxsh", today: String = "2026-11-28"
  ) -> [String] {
    let text = """
      workflow w() {
        \(here)
        step x = json.format(value: 1)\(end)
      }

      """
    return diagnostics(text, name, today).map { "\($0.code.rawValue) \($0.message)" }
  }

  private func diagnostics(_ text: String, _ name: String, _ today: String = "2026-11-28") -> [Diagnostic] {
    compile(
      SourceFile(id: FileID(0), name: name, text: text), library: CheckFixtureTests.library,
      time: TimeContext(asOf: Timestamp(text: today + "T12:00:00Z"), zones: nil)
    ).diagnostics
  }

  static let unread = "W0002 nobody reads `x`, and `json.format` does nothing else"

  @Test(arguments: [
    "// dxsh:allow W0002 reason=\"r\"", "//dxsh:allow  W0002  reason=\"two words\" until=2026-11-28",
    "// dxsh:allow W0002 until=2027-01-31 reason=\"a \\\" b\"", "// dxsh:allow W0002 reason=\"r\"\n  // another",
  ])
  func silence(_ comment: String) {
    #expect(found(here: comment) == [])
    if !comment.contains("\n") { #expect(found(end: "  " + comment) == []) }
    #expect(found() == [Self.unread])
  }

  @Test func silenceInYAML() {
    let text = """
      workflows:
        w:
          do:
            # dxsh:allow W0002 reason="r"
            - step: x
              call: json.format
              args: { value: 1 }

      """
    #expect(diagnostics(text, "a.dxsh.yaml") == [])
    let end = text.replacing("      # dxsh:allow W0002 reason=\"r\"\n", with: "")
      .replacing("step: x", with: "step: x  # dxsh:allow W0002 reason=\"r\"")
    #expect(diagnostics(end, "a.dxsh.yaml") == [])
    #expect(
      diagnostics(end.replacing("W0002", with: "W0011"), "a.dxsh.yaml").map(\.code.rawValue) == ["W0002", "W0008"])
  }

  @Test(arguments: [
    ("dxsh:allow W0002", "the comment does not say why it silences `W0002`"),
    ("dxsh:allow W0002 reason=\" \"", "the comment does not say why it silences `W0002`"),
    ("dxsh:allow W9999 reason=\"r\"", "there is no diagnostic `W9999`"),
    ("dxsh:allow w0002 reason=\"r\"", "there is no diagnostic `w0002`"),
    ("dxsh:allow E0306 reason=\"r\"", "`E0306` is an error, and only warnings can be silenced"),
    ("dxsh:allow", "the comment does not say which warning it silences"),
    ("dxsh:allow reason=\"r\"", "the comment does not say which warning it silences"),
    ("dxsh:alow W0002 reason=\"r\"", "`dxsh:alow` has no meaning"),
    ("dxsh:allow W0002 reason=\"r\" until=2026-02-30", "`2026-02-30` is no day"),
    ("dxsh:allow W0002 reason=r", "`reason=r` has no meaning here"),
    ("dxsh:allow W0002 reason=\"r\" until=2026-11-27", "this silenced `W0002` until 2026-11-27"),
  ])
  func whatIsNotRightSilencesNothing(_ comment: String, _ message: String) {
    #expect(found(here: "// \(comment)") == ["W0008 " + message, Self.unread])
  }

  @Test(arguments: ["// dxsh: a sentence", "// dxsh:", "// see dxsh:allow", "/// dxsh:allow W0002"])
  func otherCommentsAreNone(_ comment: String) { #expect(found(here: comment) == [Self.unread]) }

  @Test func daysCountOnlyWithAToday() {
    let text =
      "workflow w() {\n  // dxsh:allow W0002 reason=\"r\" until=2001-01-01\n  step x = json.format(value: 1)\n}\n"
    #expect(diagnostics(text, "a.dxsh", "none") == [])
  }

  @Test func whatIsOfNoUseIsRemoved() throws {
    for (text, mended) in [
      ("workflow w() {\n  // dxsh:allow W0002 reason=\"r\"\n}\n", "workflow w() {\n}\n"),
      ("const a = 1  // dxsh:allow W0002 reason=\"r\"\n", "const a = 1\n"),
      ("const a = 1\n// dxsh:allow W0008 reason=\"r\"", "const a = 1\n"),
    ] {
      let found = try #require(diagnostics(text, "a.dxsh").first)
      #expect(found.message.hasPrefix("nothing here gives"))
      let edit = try #require(found.fix?.edits.first)
      var bytes = Array(text.utf8)
      bytes.replaceSubrange(Int(edit.range.start)..<Int(edit.range.end), with: [])
      #expect(String(decoding: bytes, as: UTF8.self) == mended)
    }
  }

  @Test func nothingIsOfNoUseWhereThereAreErrors() {
    let text = "// dxsh:allow W0002 reason=\"r\"\nworkflow w() {\n  let x = y\n}\n"
    #expect(diagnostics(text, "a.dxsh").map(\.code.rawValue) == ["E0101"])
  }
}
