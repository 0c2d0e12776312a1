import DxshTestSupport
import Testing

/// `dxsh check --fix`.
struct CheckFixTests {
  private func run(_ arguments: String, in folder: TemporaryFolder) -> Program.Result {
    Program.shell("dxsh check \(arguments)", in: folder.path)
  }

  @Test func fixesTheFilesThatAreAskedFor() {
    let folder = TemporaryFolder()
    let shared = "const a = [1 2]\n"
    folder.write(shared, to: "shared.dxsh", mode: 0o600)
    let main =
      "import \"./shared.dxsh\" as s\nworkflow w(b: int) {\n  let x = bb\n  step y = debug.echo(value: [1 x])\n"
      + "  step z = debug.echo(value: s.a)\n}\n"
    folder.write(main, to: "main.dxsh")
    let first = run("--fix main.dxsh", in: folder)
    #expect(first.exitCode == 1)
    #expect(first.output.hasPrefix("error[E0001]: expected a comma before this\n --> shared.dxsh:1:14\n"))
    #expect(first.errors == "main.dxsh: 2 fixes made\n1 error\n")
    #expect(folder.read("shared.dxsh") == shared)
    #expect(folder.read("main.dxsh") == main.replacing("bb", with: "b").replacing("1 x", with: "1, x"))
    let second = run("--fix", in: folder)
    #expect(second.exitCode == 0)
    #expect(second.output == "")
    #expect(second.errors == "shared.dxsh: 1 fix made\n")
    #expect(
      Program.shell("dxsh check --fix; stat -c %a shared.dxsh; ls -A", in: folder.path).output
        == "600\nmain.dxsh\nshared.dxsh\n")
  }

  @Test func whatIsNotSaidIsNotFixed() {
    let folder = TemporaryFolder()
    folder.write(CheckCommandTests.unread, to: "a.dxsh")
    #expect(run("--fix --allow W0002", in: folder).exitCode == 0)
    #expect(folder.read("a.dxsh") == CheckCommandTests.unread)
    _ = run("--write-baseline known.json", in: folder)
    #expect(run("--fix --baseline known.json", in: folder).exitCode == 0)
    #expect(folder.read("a.dxsh") == CheckCommandTests.unread)
    #expect(run("--fix", in: folder).errors == "a.dxsh: 1 fix made\n")
    #expect(folder.read("a.dxsh") == "workflow w() {\n}\n")
  }

  @Test func theDifferenceIsPrintedInstead() {
    let folder = TemporaryFolder()
    folder.write(CheckCommandTests.wrong, to: "a.dxsh")
    let result = run("--fix --diff", in: folder)
    #expect(result.exitCode == 0)
    #expect(
      result.output == """
        --- a.dxsh
        +++ a.dxsh
        @@ -1,3 +1,3 @@
         workflow w(region: string) {
        -  let x = regoin
        +  let x = region
         }

        """)
    #expect(folder.read("a.dxsh") == CheckCommandTests.wrong)
    #expect(Program.shell("dxsh check --fix --diff | patch -s -p0; dxsh check", in: folder.path).exitCode == 0)
  }

  @Test func wrongCalls() {
    let folder = TemporaryFolder()
    folder.write(CheckCommandTests.wrong, to: "a.dxsh")
    for arguments in [
      "--diff", "--fix -", "--fix --write-baseline b", "--baseline a --write-baseline b", "--baseline ''",
    ] {
      #expect(run(arguments, in: folder).exitCode == 2, "\(arguments)")
    }
    #expect(folder.names == ["a.dxsh"])
  }
}
