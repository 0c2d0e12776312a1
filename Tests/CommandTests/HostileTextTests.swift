import DxshTestSupport
import Testing

/// Text from outside that would act on a terminal, or pass for lines that the program wrote.
struct HostileTextTests {
  private static let prelude = """
    id() { dxsh runs list --format json | sed -n 's/.*"run": "\\(.*\\)",/\\1/p' | head -1; }
    bad=$(printf 'x\\033[2Jy\\nFORGED  line\\xe2\\x80\\xaez\\x7f')

    """

  private static let workflow = """
    workflow w(text: string, n: int = 0) {
      if n == 0 {
        step tell = log.info(message: text)
        step said = debug.echo(value: text) after tell
        fail "it says ${said}"
      } else {
        wait go = signal("go", key: text)
      }
    }

    """

  private func run(_ script: String) -> Program.Result {
    let folder = TemporaryFolder()
    folder.write(Self.workflow, to: "w.dxsh")
    return Program.shell(Self.prelude + script, in: folder.path)
  }

  private func active(in text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0A: false
      case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E: true
      default: false
      }
    }
  }

  /// No control character but line feeds, nothing that turns the direction of text, and no forged line.
  private func expectCalm(_ text: String, _ place: SourceLocation = #_sourceLocation) {
    #expect(active(in: text).isEmpty, "\(text.debugDescription)", sourceLocation: place)
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("FORGED") }, "\(text)", sourceLocation: place)
  }

  @Test func messagesKeysAndReasonsAreShownCalmly() {
    let result = run(
      """
      dxsh exec w.dxsh --id "$bad" -p text="$bad" --quiet 2> /dev/null; first=$(id)
      show() { dxsh runs show $1; dxsh runs explain $1; dxsh runs timeline $1; dxsh runs logs $1; dxsh runs tail $1; }
      show $first
      dxsh exec w.dxsh -p text="$bad" -p n=1 --quiet; second=$(id)
      show $second
      dxsh pause $second --reason "$bad"; dxsh pause $second
      dxsh runs list; show $second; dxsh resume $second
      dxsh serve --once
      """)
    expectCalm(result.output)
    expectCalm(result.errors)
    #expect(result.output.contains(#"it says x\u{1b}[2Jy\nFORGED  line\u{202e}z\u{7f}"#), "\(result.output)")
    #expect(result.output.contains(#"paused: x\u{1b}[2Jy\nFORGED"#), "\(result.output)")
    #expect(result.errors.contains(#"was paused by somebody: x\u{1b}[2Jy\nFORGED"#), "\(result.errors)")
  }

  /// What the run failed with may have several lines there.
  @Test func whatFailedAndWhatWasCalledWrongly() {
    let result = run(
      """
      dxsh exec w.dxsh -p text="$bad" 2>&1 | grep -v '^FORGED'
      dxsh exec "$bad"; dxsh exec w.dxsh "$bad"; dxsh exec w.dxsh -p "$bad=1"; dxsh runs show "$bad"
      dxsh exec w.dxsh -p text=a "--$bad"; dxsh serve --once --state "$bad/a" --metrics w.dxsh; dxsh check "$bad"
      dxsh store export "$bad/b/c"; dxsh runs logs $(id) --step "$bad"
      """)
    for text in [result.output, result.errors] {
      #expect(active(in: text).isEmpty, "\(text.debugDescription)")
    }
    #expect(result.errors.contains(#"\u{1b}"#))
  }

  @Test func jsonHasTheTextItself() throws {
    let result = run(
      """
      dxsh exec w.dxsh -p text="$bad" --quiet --format json 2> /dev/null
      for command in show explain; do dxsh runs $command --format json $(id); done
      dxsh runs logs --format json $(id)
      """)
    #expect(result.output.components(between: #"x\u001b[2Jy\nFORGED  line"#).count == 4, "\(result.output)")
    #expect(!result.output.contains(#"\u{1b}"#))
  }
}
