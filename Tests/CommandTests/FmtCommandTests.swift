import DxshTestSupport
import Testing

/// `dxsh fmt`.
@Suite struct FmtCommandTests {
  static let untidy = "workflow  w( ){ // why\nlet a=1+2\n  output a\n}\n"
  static let tidy = "workflow w() {\n  // why\n  let a = 1 + 2\n  output a\n}\n"

  private func run(_ command: String, in folder: TemporaryFolder) -> Program.Result {
    Program.shell(command, in: folder.path)
  }

  @Test func rewritesFilesAndNamesThem() {
    let folder = TemporaryFolder()
    folder.makeFolder("sub")
    folder.makeFolder(".hidden")
    folder.write(Self.untidy, to: "a.dxsh", mode: 0o600)
    folder.write(Self.untidy, to: "sub/b.dxsh")
    folder.write(Self.untidy, to: ".hidden/c.dxsh")
    folder.write(Self.tidy, to: "d.dxsh")
    let result = run("dxsh fmt; stat -c %a a.dxsh; ls", in: folder)
    #expect(result.exitCode == 0)
    #expect(result.output == "./a.dxsh\n./sub/b.dxsh\n600\na.dxsh\nd.dxsh\nsub\n")
    #expect(folder.read("a.dxsh") == Self.tidy)
    #expect(folder.read("sub/b.dxsh") == Self.tidy)
    #expect(folder.read(".hidden/c.dxsh") == Self.untidy)
    #expect(run("dxsh fmt", in: folder).output == "")
  }

  @Test func checkChangesNothing() {
    let folder = TemporaryFolder()
    folder.write(Self.untidy, to: "a.dxsh")
    folder.write(Self.tidy, to: "b.dxsh")
    let result = run("dxsh fmt --check a.dxsh b.dxsh", in: folder)
    #expect(result.exitCode == 1)
    #expect(result.output == "a.dxsh\n")
    #expect(folder.read("a.dxsh") == Self.untidy)
    #expect(run("dxsh fmt --check b.dxsh", in: folder).exitCode == 0)
  }

  @Test func diffIsWhatPatchUnderstands() {
    let folder = TemporaryFolder()
    folder.write(Self.untidy, to: "a.dxsh")
    let result = run("dxsh fmt --diff a.dxsh", in: folder)
    #expect(result.exitCode == 0)
    #expect(
      result.output == """
        --- a.dxsh
        +++ a.dxsh
        @@ -1,4 +1,5 @@
        -workflow  w( ){ // why
        -let a=1+2
        +workflow w() {
        +  // why
        +  let a = 1 + 2
           output a
         }

        """)
    #expect(run("dxsh fmt --check --diff a.dxsh", in: folder).exitCode == 1)
    #expect(run("dxsh fmt --diff a.dxsh | patch -s -p0", in: folder).exitCode == 0)
    #expect(folder.read("a.dxsh") == Self.tidy)
  }

  @Test func standardInput() {
    let folder = TemporaryFolder()
    folder.write(Self.untidy, to: "a.dxsh")
    #expect(run("dxsh fmt - < a.dxsh", in: folder).output == Self.tidy)
    #expect(run("dxsh fmt --check - < a.dxsh", in: folder).exitCode == 1)
  }

  @Test func aRangeOfLines() {
    let folder = TemporaryFolder()
    folder.write("const a=1\nconst b=2\nconst c=3\n", to: "a.dxsh")
    #expect(run("dxsh fmt --range 2:2 a.dxsh", in: folder).exitCode == 0)
    #expect(folder.read("a.dxsh") == "const a=1\nconst b = 2\nconst c=3\n")
    #expect(run("dxsh fmt --range 2 a.dxsh", in: folder).exitCode == 2)
    #expect(run("dxsh fmt --range 1:2 a.dxsh a.dxsh", in: folder).exitCode == 2)
  }

  @Test func aWidth() {
    let folder = TemporaryFolder()
    folder.write("const names = [\"first\", \"second\", \"third\"]\n", to: "a.dxsh")
    #expect(run("dxsh fmt --width 30 a.dxsh", in: folder).exitCode == 0)
    #expect(folder.read("a.dxsh") == "const names = [\n  \"first\",\n  \"second\",\n  \"third\",\n]\n")
    #expect(run("dxsh fmt --width 3 a.dxsh", in: folder).exitCode == 2)
  }

  @Test func mistakesStayAndTheRestIsFormatted() {
    let folder = TemporaryFolder()
    folder.write("const a=1\n\nconst  b = = 2\n\n\nconst c=3\n", to: "a.dxsh")
    let result = run("dxsh fmt a.dxsh", in: folder)
    #expect(result.exitCode == 1)
    #expect(result.output == "a.dxsh\n")
    #expect(result.errors.contains("a.dxsh:3:12"))
    #expect(folder.read("a.dxsh") == "const a = 1\n\nconst  b = = 2\n\nconst c = 3\n")
  }

  @Test func whatCannotBeReadIsLeftAlone() {
    let folder = TemporaryFolder()
    folder.write([0xFF, 0x20, 0x20, 0x0A], to: "a.dxsh")
    #expect(run("dxsh fmt a.dxsh", in: folder).exitCode == 1)
    #expect(run("dxsh fmt none.dxsh", in: folder).exitCode == 2)
    folder.write(Self.untidy, to: "b.dxsh", mode: 0o444)
    let isRoot = run("id -u", in: folder).output == "0\n"
    #expect(run("dxsh fmt b.dxsh", in: folder).exitCode == (isRoot ? 0 : 2))
  }

  @Test func aLinkStaysALink() {
    let folder = TemporaryFolder()
    folder.write(Self.untidy, to: "a.dxsh")
    #expect(run("ln -s a.dxsh b.dxsh && dxsh fmt b.dxsh && test -L b.dxsh", in: folder).exitCode == 0)
    #expect(folder.read("a.dxsh") == Self.tidy)
  }
}
