import DxshTestSupport
import Testing

/// Files as values, through the program: handed on to loops and called workflows, and there after a crash.
struct ArtifactTests {
  private static let workflow = """
    workflow archive() -> { described: { title: string, same: bool }, sizes: list<size>, whole: file } {
      step large = file.keep(path: "large.txt")
      step crashed = shell.script(script: "test -e crashed || { touch crashed; kill -9 $PPID; }") after large
      step small = file.make(name: "small.txt", text: "one") after crashed
      step described = describe(report: large) after crashed
      for part in [small, large] {
        step text = file.text(from: part)
        let bytes = part.size()
      }
      try {
        step refused = file.text(from: large, limit: 4B)
        assert refused == "", "a file above the limit was read"
      } catch e {
        assert e.kind == too_large, e.message
      }
      step copied = file.copy(from: large, path: "out/copy.txt") after described
      output { described: described, sizes: bytes, whole: large }
    }

    workflow describe(report: file) -> { title: string, same: bool } {
      step text = file.text(from: report)
      step again = file.make(name: "copy.txt", text: text)
      output { title: "${report.name()}: ${report.size()}", same: again.sha256() == report.sha256() }
    }
    """

  @Test func aKeptFileIsThereAfterACrash() {
    let folder = TemporaryFolder()
    folder.write(Self.workflow, to: "a.dxsh")
    folder.write("one, two and three", to: "large.txt")
    let crashed = Program.shell("dxsh exec --quiet a.dxsh archive", in: folder.path)
    #expect(crashed.exitCode == 137)
    folder.write("changed", to: "large.txt")
    let result = Program.shell(
      """
      run=$(dxsh runs list | tail -1 | cut -d ' ' -f 1)
      dxsh resume "$run" --quiet 2> /dev/null
      dxsh runs settle "$run" crashed retry --quiet && cat out/copy.txt && ls .dxsh/files | wc -l
      """, in: folder.path)
    #expect(result.errors == "")
    #expect(
      result.output == """
        {
          "described": {
            "title": "large.txt: 18B",
            "same": true
          },
          "sizes": [
            3,
            18
          ],
          "whole": {
            "name": "large.txt",
            "size": 18,
            "sha256": "a5dc50b1ec0bee5f284a68e20bf115b47bf31d61d1202b900feb8d7604d421e9"
          }
        }
        one, two and three2

        """)
  }

  @Test func anEphemeralRunLeavesNoFiles() {
    let folder = TemporaryFolder()
    folder.write("workflow w() {\n  step a = file.make(name: \"a\", text: \"one\")\n}\n", to: "a.dxsh")
    let result = Program.shell(
      "mkdir t; TMPDIR=$PWD/t dxsh exec --quiet --ephemeral a.dxsh && ls t | wc -l", in: folder.path)
    #expect(result.output == "0\n" && result.errors == "")
  }
}
